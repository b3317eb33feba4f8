"""The board in a browser: sixty jobs, narrowed, searched, turned through, looked into, acted on in a strict Slack."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError
from playwright.sync_api import Locator, Page, expect

from bolt_app.adapters.dynamodb_ledger import DynamoLedger
from bolt_app.adapters.dynamodb_standings import DynamoStandings
from bolt_app.adapters.memory.bus import MemoryBus
from bolt_app.adapters.memory.proposals import MemoryProposals
from bolt_app.adapters.memory.standings import MemoryStandings
from bolt_app.adapters.slack import SlackDirectory, slack_client
from bolt_app.app import create_app
from bolt_app.slack_front import Front
from infra.local.page.build import built
from infra.local.slack.methods import SCOPES_USED
from infra.local.slack.testing import RunningWorkspace, running_workspace
from listeners.use_cases import BoardCases, UseCases
from tests.e2e.browser import WAIT_MS, Opened, chromium
from tests.e2e.local_stack import LocalStack
from tests.listeners.door import Pressed
from tests.listeners.made import orders, run
from tests.listeners.test_strict_workspace import listening
from workflows.backup import acknowledgement, board, muting, size_right
from workflows.backup.findings import Finding
from workflows.kernel.rights import Authority

pytestmark = pytest.mark.e2e
expect.set_options(timeout=WAIT_MS)

SAM, KIM, ANA = "sam@example.com", "kim@example.com", "ana@example.com"


@dataclass
class World:
    slack: RunningWorkspace
    standings: MemoryStandings
    page: Page

    def home(self) -> Locator:
        return self.page.locator(".home")


def sixty() -> MemoryStandings:
    """One of Sam's is late and one shrank; one is Kim's and fails; the rest is fine."""
    standings, now = MemoryStandings(), datetime.now(UTC)
    shrank = Finding(
        test="right_size", level="warn", rule="shrank", says="It is 80 MB; usually it is about 400 MB.", at=run(0.2).at
    )
    for number in range(60):
        name, group = f"Share {number:02}", "files" if number % 2 else "database"
        usual: dict[str, Any] = {
            "job_id": f"share-{number:02}",
            "state": "all_green",
            "level": "green",
            "findings": (),
            "break_id": "",
            "broke_at": None,
            "owner_user": "",
            "row": {"name": name, "group": group, "schedule": "daily 02:00", "target": f"s3://acme/share-{number:02}/"},
            "recipients": (SAM if number % 3 else KIM,),
            "first_seen": now - timedelta(days=30),
            "due": now + timedelta(hours=number + 1),
        }
        if number in {3, 4}:
            usual |= {"state": "alert", "level": "alert", "findings": orders().findings, "break_id": "b1", "broke_at": now}
        if number == 5:
            usual |= {"state": "warn", "level": "warn", "findings": (shrank,), "break_id": "b1", "broke_at": now}
        standings.save(orders(**usual), None)
    return standings


def use_cases(standings: MemoryStandings, slack: RunningWorkspace) -> UseCases:
    """The real ones, but for those that nothing here asks for."""
    client = slack_client(slack.bot_token, base_url=slack.api_url)
    people: dict[str, Any] = {
        "directory": SlackDirectory(client, team_id=slack.team),
        "authority": Authority(team_id=slack.team, admin=ANA),
    }
    bus = MemoryBus()

    def now(use_case: Any) -> Any:
        return lambda *facts: use_case(*facts, standings=standings, bus=bus, now=datetime.now(UTC), **people)

    boards = BoardCases(
        board=lambda user, team: board.board_of(
            user, team, standings=standings, proposals=MemoryProposals(), now=datetime.now(UTC), **people
        ),
        job=lambda job_id, asker: board.job_view(job_id, asker.user_id, asker.team_id, standings=standings, **people),
        mute_form=now(muting.mute_form),
        mute_with=now(muting.mute_with),
        accept_size=now(size_right.accept_size),
        snooze_all_form=Pressed().use_cases().boards.snooze_all_form,
        snooze_all=Pressed().use_cases().boards.snooze_all,
    )
    return replace(
        Pressed().use_cases(),
        boards=boards,
        mark_fixed=now(acknowledgement.mark_fixed),
        mute=now(acknowledgement.mute),
        unmute=now(acknowledgement.unmute),
        snooze_form=now(acknowledgement.snooze_form),
        snooze=now(acknowledgement.snooze),
        now=lambda: datetime.now(UTC),
    )


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    page = built()
    start = partial(running_workspace, scopes=SCOPES_USED, posts_per_second=0, tiers=False, page=lambda: page)
    with listening() as app, start(slack_url=app.url) as slack, chromium() as browser:
        standings = sixty()
        app.front = Front(
            read_secrets=lambda: (slack.signing_secret,),
            namespace="bk",
            app_for=lambda secret: create_app(
                use_cases(standings, slack),
                team_id=slack.team,
                client=slack_client(slack.bot_token, base_url=slack.api_url),
                signing_secret=secret,
            ),
        )
        window = Opened(browser, slack.url)
        yield World(slack=slack, standings=standings, page=window.go("U0SAM/home"))
        window.close()


def choose(world: World, menu: str, label: str) -> None:
    options = world.home().locator(f"select[data-action={menu}]")
    options.select_option(label=label)


def test_the_board_is_narrowed_searched_turned_through_and_shown_whole_again(world: World) -> None:
    home = world.home()
    expect(home.get_by_text("57 fine")).to_be_visible()
    expect(home.get_by_text("page 1 of 2")).to_be_visible()
    home.get_by_role("button", name="Next ›").click()
    expect(home.get_by_text("page 2 of 2")).to_be_visible()
    expect(home.get_by_text("Share 59")).to_be_visible()

    choose(world, "board_state", "Failing (2)")
    expect(home.get_by_text("2 of 60 backups")).to_be_visible()
    expect(home.get_by_text("Share 59")).to_have_count(0)
    choose(world, "board_owner", "Mine (40)")
    expect(home.get_by_text("1 of 60 backups")).to_be_visible()

    home.get_by_role("button", name="Show all").click()
    expect(home.get_by_text("page 1 of 2")).to_be_visible()
    expect(home.locator("select[data-action=board_state]")).to_have_value("all")
    home.get_by_role("button", name="Search…").click()
    form = world.page.get_by_role("dialog")
    form.get_by_role("textbox", name="Words").fill("share-42 files")
    form.get_by_role("button", name="Search").click()
    expect(home.get_by_text("Nothing fits that.")).to_be_visible()
    home.get_by_role("button", name="Search…").click()
    form.get_by_role("textbox", name="Words").fill("share-42")
    form.get_by_role("button", name="Search").click()
    expect(home.get_by_text("1 of 60 backups")).to_be_visible()
    home.get_by_role("button", name="Show all").click()
    expect(home.get_by_text("page 1 of 2")).to_be_visible()


def test_a_job_is_looked_into_and_answered_and_the_board_behind_says_so(world: World) -> None:
    home, page = world.home(), world.page
    choose(world, "board_state", "Needs attention (3)")
    expect(home.get_by_text("3 of 60 backups")).to_be_visible()

    home.locator(".section", has_text="Share 04").get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Details").click()
    details = page.get_by_role("dialog")
    expect(details.get_by_text("Last runs")).to_be_visible()
    details.get_by_role("button", name="Snooze…").click()
    snooze = page.get_by_role("dialog").last
    snooze.get_by_role("radio", name="3 days").check()
    snooze.get_by_role("button", name="Snooze", exact=True).click()
    expect(details.get_by_text("quiet until")).to_be_visible()
    details.get_by_role("button", name="Close").last.click()
    expect(home.locator(".section", has_text="Share 04")).to_contain_text("quiet until")
    expect(home.get_by_text("3 of 60 backups")).to_be_visible()  # as it was narrowed before
    standing = world.standings.get("share-04")
    assert standing is not None
    assert standing.snoozes == 1

    home.locator(".section", has_text="Share 05").get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="This size is right").click()
    expect(home.get_by_text("Sizes are compared with this one from now on")).to_be_visible()


def test_a_mute_is_one_tap_and_its_end_can_be_said_after_it(world: World) -> None:
    home, page = world.home(), world.page
    row = home.locator(".actions").filter(has=page.get_by_role("button", name="Mark fixed")).last
    row.get_by_role("button", name="Mute").click()
    page.get_by_role("button", name="Mute", exact=True).last.click()  # the confirmation
    form = page.get_by_role("dialog").last
    expect(form.get_by_text("is muted. It is still checked")).to_be_visible()
    form.get_by_role("textbox", name=re.compile("Why")).fill("moved to the new NAS")
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    muted = [standing for standing in world.standings.every() if standing.muted]
    assert [standing.answer.reason for standing in muted if standing.answer] == ["moved to the new NAS"]
    assert home.get_by_role("button", name="Unmute").count() == 1


def test_the_front_door_may_read_what_the_board_and_a_card_need_and_nothing_else_of_the_ledger(stack: LocalStack) -> None:
    lent = stack.session_of("bk-ack-handler-role").client("dynamodb", endpoint_url=stack.aws)
    standings = DynamoStandings(lent, state="bk-state", audit="bk-audit")
    assert standings.get_many(["nobody"], consistent=True) == {}
    assert isinstance(standings.every(), list)
    assert DynamoLedger(lent, table="bk-deliveries").storms("nobody@example.com") == []
    with pytest.raises(ClientError, match="AccessDenied"):
        lent.scan(TableName="bk-deliveries")
