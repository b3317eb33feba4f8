"""A row asked for in Slack, in a browser: the command, its card in the channel, an error at its field, and Approve."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.browser import WAIT_MS, Opened, chromium
from tests.e2e.local_stack import LocalStack
from tests.e2e.waiting import actions

pytestmark = pytest.mark.e2e
expect.set_options(timeout=WAIT_MS)

CHANNEL = "C0BACKUPS"
TYPO = "26h, 2d or 1w; you wrote “26hours?”"
COLD = 30_000


def channel_as(user: str, name: str, window: Opened) -> Page:
    """The channel, once the page shows it to this person: what is typed before is for whom it was shown to."""
    page = window.go(f"{user}/{CHANNEL}")
    expect(page.locator(".acting")).to_contain_text(name)
    return page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def window(browser: Browser, stack: LocalStack) -> Iterator[Opened]:
    opened = Opened(browser, stack.page.rstrip("/"))
    yield opened
    opened.close()


def card(page: Page, words: str) -> Locator:
    return page.locator("article.message", has_text=words).last


def test_a_row_that_someone_asks_for_is_mended_and_approved_on_its_card(window: Opened, stack: LocalStack) -> None:
    page = channel_as("U0KIM", "Kim Keller", window)
    page.get_by_label("Message #backups").fill("/backup add Cellar NAS")
    page.get_by_role("button", name="Send").click()
    form = page.get_by_role("dialog", name="Watch a backup")
    expect(form).to_be_visible(timeout=COLD)
    expect(form.get_by_label("Name")).to_have_value("Cellar NAS")
    expect(form).to_contain_text("until an approver says yes")
    form.get_by_label("Lands in, or is told by").fill("heartbeat")
    form.get_by_label("Late after").fill("26h")
    form.get_by_role("button", name="Ask for it").click()
    answer = page.get_by_role("dialog", name="Backups")
    expect(answer).to_contain_text("An approver must say yes first")
    answer.get_by_role("contentinfo").get_by_role("button", name="Close").click()
    expect(card(page, "Watch Cellar NAS?")).to_contain_text("Kim Keller asks for it.", timeout=COLD)

    page = channel_as("U0ANA", "Ana Admin", window)
    asked = card(page, "Watch Cellar NAS?")
    asked.get_by_role("button", name="Edit…").click()
    form = page.get_by_role("dialog", name="Watch a backup")
    form.get_by_label("Late after").fill("26hours?")
    form.get_by_role("button", name="Approve").click()
    expect(form.locator("[data-block=window] .error")).to_have_text(TYPO)
    form.get_by_label("Late after").fill("2d")
    form.get_by_role("button", name="Approve").click()
    expect(form).to_be_hidden()
    decided = page.locator("article.message").filter(has_text="Cellar NAS").filter(has_text="Ana Admin")
    expect(decided.filter(has_text="Adding…").or_(decided.filter(has_text="is watched from now on"))).to_have_count(1)
    expect(decided).to_contain_text("is watched from now on", timeout=COLD)
    decided.get_by_role("button", name="Show key").click()
    expect(page.locator("article.whispered", has_text="The heartbeat key of cellar-nas")).to_be_visible(timeout=COLD)

    assert {"ask_proposal", "edit_proposal"} <= set(actions(stack, "cellar-nas"))


def test_a_message_becomes_a_row_and_a_guest_learns_nothing(window: Opened) -> None:
    page = channel_as("U0ANA", "Ana Admin", window)
    page.get_by_label("Message #backups").fill("processed 120 files, 1.5 GiB in 0:42\nsnapshot 9f3d8a1b saved")
    page.get_by_role("button", name="Send").click()
    said = card(page, "snapshot 9f3d8a1b saved")
    said.hover()
    said.get_by_role("button", name="Message shortcuts").click()
    page.get_by_role("menuitem", name="Register backup report").click()
    form = page.get_by_role("dialog", name="Watch a backup")
    expect(form.get_by_label("Lands in, or is told by")).to_have_value("report", timeout=COLD)
    form.get_by_role("button", name="Cancel").click()

    page = channel_as("U0GUS", "Gus Guest", window)
    page.get_by_label("Message #backups").fill("/backup proposals")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("article.whispered")).to_contain_text("Guests cannot do that.")
