"""The jobs of the board: three lines for one that needs attention, one for any other. Pure."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from listeners import faces, stories, texts
from listeners.board_choice import Shown
from listeners.faces import Face
from listeners.sparkline import sparkline
from workflows.backup.standing import Standing
from workflows.kernel.quantities import age_text, size_text

FINDING_LENGTH_MAX = 240
ORDER: tuple[Face, ...] = (
    "escalated", "alert", "not_fixed", "warn", "unseen", "pending", "snoozed", "muted", "waiting", "fine", "off_list",
)  # fmt: skip
COUNTED: dict[Face, str] = {
    "escalated": "escalated",
    "alert": "failing",
    "warn": "warning",
    "unseen": "not observed",
    "pending": "said to be fixed",
    "snoozed": "snoozed",
    "muted": "muted",
    "waiting": "waiting for a first run",
    "fine": "fine",
}


def by_urgency(shown: Shown) -> tuple[int, str, str]:
    return ORDER.index(shown[0]), faces.plain_title(shown[1]).casefold(), shown[1].job_id


def tally(shown: Iterable[Face]) -> Counter[Face]:
    """How many there are of each, as they are counted: what was said to be fixed and is not is failing."""
    return Counter("alert" if face == "not_fixed" else face for face in shown)


def counts(shown: Iterable[Face]) -> str:
    counted = tally(shown)
    parts = [f"{faces.EMOJI[face]} *{counted[face]}* {word}" for face, word in COUNTED.items() if counted[face]]
    return "    ".join(parts) or "No jobs yet. They appear here once the job list has rows."


def troubled_lines(standing: Standing, face: Face, *, now: datetime, zone: str) -> str:
    """State and finding; what is wrong in a sentence; the last runs, age, size, owner, since when."""
    first, rest = stories.story(standing, face, now=now, zone=zone)
    since = f"since {texts.moment_text(standing.broke_at, now=now, zone=zone)}" if standing.broke_at else ""
    good = faces.newest_good(standing)
    facts = [
        sparkline(standing),
        f"{age_text(now - good.at)} old" if good else "",
        size_text(good.size) if good and good.size else "",
        faces.owner(standing),
        since,
    ]
    lines = [f"{faces.EMOJI[face]}  {faces.title(standing)}{first}", *(_short(line) for line in rest[:1])]
    return "\n".join([*lines, " · ".join(fact for fact in facts if fact)])


def calm_line(standing: Standing, face: Face, *, now: datetime, zone: str) -> str:
    good = faces.newest_good(standing)
    if face in {"waiting", "off_list"}:
        first, _ = stories.story(standing, face, now=now, zone=zone)
        return f"{faces.EMOJI[face]}  {faces.title(standing)} {first}"
    facts = [
        f"{age_text(now - good.at)} ago" if good else "",
        size_text(good.size) if good and good.size else "",
        sparkline(standing),
    ]
    return f"{faces.EMOJI[face]}  {faces.title(standing)}  {' · '.join(fact for fact in facts if fact)}"


def _short(line: str) -> str:
    """A sentence that is too long for the board is left to the details: cut, its markup could stay open."""
    return line if len(line) <= FINDING_LENGTH_MAX else "_More in its details._"
