"""Everything our builders can say in Slack: a message of each condition, notices, forms and boards, and many by chance."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings

from listeners.cards import living_message, thread_line
from listeners.forms import answer_modal, snooze_modal
from listeners.home import home_view, notice_view
from listeners.notices import notice_message
from tests.listeners.door import snooze_form
from tests.listeners.made import STANDINGS, ZONE
from tests.listeners.test_strict_workspace import CONDITIONS
from workflows.backup.standing import Standing
from workflows.kernel.ports import Json, Message

NOW = datetime(2026, 11, 21, 6, 11, tzinfo=UTC)
NOTICES: tuple[Json, ...] = (
    {"about": "list_errors", "items": [{"row": 7, "name": "Orders", "column": "window", "problem": "no window", "fix": "26h"}]},
    {"about": "rules_errors", "items": [{"line": 4, "text": "quiet: maybe", "problem": "unknown key", "fix": "quiet_from"}]},
    {"about": "voice_errors", "count": 40, "items": [{"line": n, "problem": "unknown key"} for n in range(1, 20)]},
    {"about": "cannot_look", "name": "Orders", "target": "s3://a/b/", "error": "AccessDenied", "since": "2026-11-20T08:00:00Z"},
    {"about": "vanished_rows", "rows": ["Orders", "Shared <drive>"]},
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
    return told + [notice_message(notice) for notice in NOTICES]


def modals() -> list[Json]:
    forms = (
        snooze_form(next_run=NOW + timedelta(hours=12), critical=True),
        snooze_form(),
        snooze_form(taken=3, allowed=3),
    )
    shown = [snooze_modal(form, now=NOW, home=home) for form in forms for home in (False, True)]
    return [*shown, answer_modal("That break is over.")]


def homes(standings: list[Standing]) -> list[Json]:
    return [
        home_view(standings, now=NOW, zone=ZONE, notice="Only <@U0SAM> may."),
        home_view(list(CONDITIONS.values()), now=NOW, zone=ZONE),
        home_view([], now=NOW, zone=ZONE),
        notice_view("Guests see nothing."),
    ]
