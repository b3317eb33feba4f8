"""App Home: every job on one page, what is wrong first. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from listeners import block_kit, faces, stories, texts
from listeners.cards import buttons_for
from listeners.faces import Face
from listeners.sparkline import sparkline
from workflows.backup.standing import Standing
from workflows.kernel.ports import Json
from workflows.kernel.quantities import age_text, size_text

TROUBLED_MAX = 35  # two blocks each
CALM_MAX = 200
CALM_LINES_PER_BLOCK = 10

CALM: tuple[Face, ...] = ("fine", "waiting", "off_list")
_ORDER: tuple[Face, ...] = (
    "escalated", "alert", "not_fixed", "warn", "unseen", "pending", "snoozed", "muted", "waiting", "fine", "off_list",
)  # fmt: skip
_COUNTED: dict[Face, str] = {
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


def home_view(standings: Sequence[Standing], *, now: datetime, zone: str, notice: str = "") -> Json:
    """The Home tab.

    Args:
        standings: all jobs, in any order.
        now: aware, UTC.
        zone: IANA name for times that Slack cannot show in the reader's own.
        notice: mrkdwn to show on top, such as why a press was refused.
    """
    shown = sorted(((faces.face(one, now=now), one) for one in standings), key=by_urgency)
    troubled = [(face, one) for face, one in shown if face not in CALM or one.muted]
    calm = [one for face, one in shown if face in CALM and not one.muted]
    blocks = [block_kit.header("Backups")]
    if notice:
        blocks.append(block_kit.section(f":information_source:  {notice[:2000]}"))
    blocks.append(block_kit.section(counts(face for face, _ in shown)))
    if troubled:
        blocks += [block_kit.divider(), block_kit.header("Needs attention"), *_troubled(troubled, now=now, zone=zone)]
    if calm:
        blocks += [block_kit.divider(), block_kit.header("Fine"), *_calm(calm, now=now)]
    return {"type": "home", "blocks": blocks}


def notice_view(text: str) -> Json:
    """A Home tab for people who may not see the board."""
    return {"type": "home", "blocks": [block_kit.section(f":lock:  {text[:2000] or 'There is nothing to see here.'}")]}


def by_urgency(pair: tuple[Face, Standing]) -> tuple[int, str, str]:
    return _ORDER.index(pair[0]), faces.plain_title(pair[1]).casefold(), pair[1].job_id


def counts(shown: Iterable[Face]) -> str:
    counts: Counter[Face] = Counter("alert" if face == "not_fixed" else face for face in shown)
    parts = [f"{faces.EMOJI[face]} *{counts[face]}* {word}" for face, word in _COUNTED.items() if counts[face]]
    return "    ".join(parts) or "No jobs yet. They appear here once the job list has rows."


def _troubled(jobs: Sequence[tuple[Face, Standing]], *, now: datetime, zone: str) -> list[Json]:
    blocks = []
    for face, standing in jobs[:TROUBLED_MAX]:
        blocks.append(block_kit.section(troubled_lines(standing, face, now=now, zone=zone)))
        buttons = buttons_for(standing, face)
        if buttons:
            blocks.append(block_kit.actions(*buttons))
    if len(jobs) > TROUBLED_MAX:
        blocks.append(block_kit.context(f"and {len(jobs) - TROUBLED_MAX} more that need attention"))
    return blocks


def troubled_lines(standing: Standing, face: Face, *, now: datetime, zone: str) -> str:
    first, rest = stories.story(standing, face, now=now, zone=zone)
    since = f"since {texts.moment_text(standing.broke_at, now=now, zone=zone)}" if standing.broke_at else ""
    small = " · ".join(part for part in (sparkline(standing), faces.owner(standing), since) if part)
    return "\n".join([f"{faces.EMOJI[face]}  {faces.title(standing)}{first}", *rest[:1], small])


def _calm(standings: Sequence[Standing], *, now: datetime) -> list[Json]:
    lines = [_calm_line(standing, now=now) for standing in standings[:CALM_MAX]]
    pages = [lines[at : at + CALM_LINES_PER_BLOCK] for at in range(0, len(lines), CALM_LINES_PER_BLOCK)]
    blocks = [block_kit.section("\n".join(page)) for page in pages]
    if len(standings) > CALM_MAX:
        blocks.append(block_kit.context(f"and {len(standings) - CALM_MAX} more"))
    return blocks


def _calm_line(standing: Standing, *, now: datetime) -> str:
    face, good = faces.face(standing, now=now), faces.newest_good(standing)
    if face == "waiting":
        return f"{faces.EMOJI[face]}  {faces.title(standing)}  waits for its first run"
    if face == "off_list":
        return f"{faces.EMOJI[face]}  {faces.title(standing)}  is no longer on the job list"
    facts = [
        f"{age_text(now - good.at)} ago" if good else "",
        size_text(good.size) if good and good.size else "",
        sparkline(standing),
    ]
    return f"{faces.EMOJI[face]}  {faces.title(standing)}  {' · '.join(fact for fact in facts if fact)}"
