"""Everything our builders can say in Slack: a message of each condition, notices, forms and boards, and many by chance."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings

from listeners import command_answers
from listeners.cards import living_message, thread_line
from listeners.forms import answer_modal, snooze_modal
from listeners.home import home_view, notice_view
from listeners.notices import notice_message
from listeners.proposal_cards import proposal_card, waiting_card
from listeners.row_form import reading_modal, row_modal
from listeners.waiting_list import waiting_list
from tests.listeners.door import snooze_form
from tests.listeners.made import STANDINGS, ZONE
from tests.listeners.proposed import CELLS, NAMES, PROPOSALS
from tests.listeners.test_strict_workspace import CONDITIONS
from workflows.backup.row_form import RowForm
from workflows.backup.standing import Standing
from workflows.kernel.ports import Json, Message

NOW = datetime(2026, 11, 21, 6, 11, tzinfo=UTC)
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
        command_answers.board_message(standings, now=NOW, zone=ZONE),
        command_answers.job_message(standings[0], now=NOW, zone=ZONE),
        command_answers.rotate_question(standings[0]),
        waiting_list(list(PROPOSALS.values()), domain="acme"),
    ]


def modals() -> list[Json]:
    forms = (
        snooze_form(next_run=NOW + timedelta(hours=12), critical=True),
        snooze_form(),
        snooze_form(taken=3, allowed=3),
    )
    shown = [snooze_modal(form, now=NOW, home=home) for form in forms for home in (False, True)]
    rows = [RowForm(), RowForm(cells=CELLS, key="nightly-vms", change=True, approves=True, said="Look.")]
    return [*shown, *(row_modal(row, zone=ZONE) for row in rows), reading_modal(), answer_modal("That break is over.")]


def homes(standings: list[Standing]) -> list[Json]:
    return [
        home_view(standings, now=NOW, zone=ZONE, notice="Only <@U0SAM> may."),
        home_view(list(CONDITIONS.values()), now=NOW, zone=ZONE),
        home_view([], now=NOW, zone=ZONE),
        notice_view("Guests see nothing."),
    ]
