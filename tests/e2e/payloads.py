"""Everything our builders can say in Slack: a message of each condition, notices, forms and boards, and many by chance."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings

from listeners import command_answers, status_view
from listeners.board_choice import Choice
from listeners.board_menus import search_modal
from listeners.cards import living_message, thread_line
from listeners.details import details_modal
from listeners.forms import answer_modal, list_modal, mute_modal, snooze_all_modal, snooze_modal
from listeners.home import home_view, notice_view
from listeners.notices import notice_message
from listeners.proposal_cards import proposal_card, waiting_card
from listeners.row_form import reading_modal, row_modal
from listeners.waiting_list import waiting_list
from tests.listeners import test_every_surface
from tests.listeners.door import MUTE_FORM, snooze_form
from tests.listeners.made import ANA, STANDINGS, ZONE, board, job_view
from tests.listeners.proposed import CELLS, NAMES, PROPOSALS
from tests.listeners.test_strict_workspace import CONDITIONS
from workflows.backup.row_form import RowForm
from workflows.backup.standing import Standing
from workflows.backup.storm_answer import SnoozeAllForm
from workflows.kernel.ports import Json, Message

NOW = datetime(2026, 11, 21, 6, 11, tzinfo=UTC)
BLIND = ({"mode": "fast", "from": NOW.isoformat()},)
NOTICES: tuple[Json, ...] = (
    {"about": "list_errors", "items": [{"row": 7, "name": "Orders", "column": "window", "problem": "no window", "fix": "26h"}]},
    {"about": "rules_errors", "items": [{"line": 4, "text": "quiet: maybe", "problem": "unknown key", "fix": "quiet_from"}]},
    {"about": "voice_errors", "count": 40, "items": [{"line": n, "problem": "unknown key"} for n in range(1, 20)]},
    {"about": "cannot_look", "name": "Orders", "target": "s3://a/b/", "error": "AccessDenied", "since": "2026-11-20T08:00:00Z"},
    {"about": "vanished_rows", "rows": ["Orders", "Shared <drive>"], "held": "0123456789abcdef"},
    {"about": "delivery", "recipient": "sam@example.com", "why": "users_not_found", "name": "Orders"},
)


def by_chance(count: int) -> list[Standing]:
    """As many standings as wanted, odd ones among them, the same each time."""
    found: list[Standing] = []

    @settings(max_examples=count, derandomize=True, deadline=None, database=None)
    @given(STANDINGS)
    def collect(standing: Standing) -> None:
        found.append(standing)

    collect()
    return found


def messages(standings: list[Standing]) -> list[Message]:
    told = [living_message(standing, now=NOW, zone=ZONE) for standing in standings]
    told += [thread_line(standing, now=NOW, zone=ZONE) for standing in standings]
    told += [message for made in test_every_surface.MESSAGES.values() for message in made()]
    return told + [notice_message(notice) for notice in NOTICES] + proposals() + answers()


def proposals() -> list[Message]:
    cards = [proposal_card(proposal, now=NOW, zone=ZONE, names=NAMES) for proposal in PROPOSALS.values()]
    return [*cards, waiting_card(["Nightly VMs"], 14, now=NOW), waiting_card([], 0, now=NOW)]


def answers() -> list[Message]:
    """What `/backup` says."""
    standings = list(CONDITIONS.values())
    return [
        command_answers.help_message(),
        command_answers.unknown("stats"),
        status_view.board_status(board(*standings), now=NOW, zone=ZONE),
        status_view.list_status(board(*standings), Choice(state="alert"), "failing", now=NOW, zone=ZONE),
        *(status_view.job_status(job_view(standing), now=NOW, zone=ZONE) for standing in standings),
        command_answers.rotate_question(standings[0]),
        waiting_list(list(PROPOSALS.values()), domain="acme"),
    ]


def modals() -> list[Json]:
    forms = (
        snooze_form(next_run=NOW + timedelta(hours=12), critical=True),
        snooze_form(),
        snooze_form(taken=3, allowed=3),
    )
    shown = [snooze_modal(form, now=NOW, home=home) for form in forms for home in (None, "{}")]
    rows = [RowForm(), RowForm(cells=CELLS, key="nightly-vms", change=True, approves=True, said="Look.")]
    shown += [mute_modal(replace(MUTE_FORM, muted=muted, until=NOW), home=None) for muted in (False, True)]
    shown += [snooze_all_modal(SnoozeAllForm(recipient="sam@example.com", storm_id="s", left=14, over=2, critical=1, others=3))]
    shown += [
        details_modal(job_view(standing, may=may), now=NOW, zone=ZONE)
        for standing in CONDITIONS.values()
        for may in (True, False)
    ]
    shown += [
        search_modal(Choice(words="nas")),
        list_modal("Waiting", waiting_list(list(PROPOSALS.values()), domain="acme").blocks),
    ]
    shown += [view for made in test_every_surface.VIEWS.values() if (view := made())["type"] == "modal"]
    return [*shown, *(row_modal(row, zone=ZONE) for row in rows), reading_modal(), answer_modal("That break is over.")]


def homes(standings: list[Standing]) -> list[Json]:
    return [
        home_view(board(*standings), now=NOW, zone=ZONE, notice="Only <@U0SAM> may."),
        home_view(board(*CONDITIONS.values(), viewer=ANA, troubles=NOTICES[:3], blind=BLIND), now=NOW, zone=ZONE),
        home_view(board(*CONDITIONS.values(), proposals=tuple(PROPOSALS.values())), Choice(words="o"), now=NOW, zone=ZONE),
        home_view(board(), now=NOW, zone=ZONE, sheet_url="https://docs.google.com/spreadsheets/d/1x/edit"),
        notice_view("Guests see nothing."),
    ]
