"""One job in full, as a modal: everything that is wrong, the numbers, the last runs, who answered, and all that can be done."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from listeners import block_kit, faces, job_menu, stories, texts, wording
from listeners.bodies import DETAILS
from listeners.cards import so_far
from listeners.faces import Face
from listeners.landing import landing
from listeners.sparkline import sparkline
from workflows.backup.board import JobView
from workflows.backup.evidence import Run
from workflows.backup.findings import Finding
from workflows.backup.saying import broken
from workflows.backup.snoozing import next_run
from workflows.backup.standing import Standing
from workflows.kernel.ports import Json
from workflows.kernel.quantities import age_text, size_text

FINDINGS_MAX = 12
RUNS_MAX = 10
WHOLE_NAME_MAX = 500
_LIMIT_IN_SENTENCE = frozenset({"too_old", "slot_missed", "runs_long"})
_WHERE = {"row": "set in its row", "built in": "built in"}
_ENDED = {"ok": "ok", "warning": "warnings", "failed": "failed", "running": "running", "unsure": "unsure"}


def details_modal(view: JobView, *, now: datetime, zone: str, home: str | None = None, notice: str = "") -> Json:
    """The modal.

    Args:
        home: what the board behind it shows (as `board_choice.written`), which is drawn anew after each act; None where it
            was opened elsewhere.
        notice: mrkdwn on top: what became of the last press.
    """
    on_top = [block_kit.section(f":information_source:  {notice[: texts.NOTICE_LENGTH_MAX]}")] if notice else []
    return {
        "type": "modal",
        "callback_id": DETAILS,
        "private_metadata": json.dumps({"job_id": view.standing.job_id, "home": home}),
        "title": block_kit.plain_text("Backup", 24),
        "close": block_kit.plain_text("Close", 24),
        "blocks": [*on_top, *details_blocks(view, now=now, zone=zone)],
    }


def details_blocks(view: JobView, *, now: datetime, zone: str) -> list[Json]:
    """The same for any surface: what is wrong, what can be done, the numbers, the last runs, the story so far."""
    standing = view.standing
    shown = faces.face(standing, now=now)
    first, rest = stories.story(standing, shown, now=now, zone=zone)
    name = f"*{texts.words(faces.plain_title(standing), WHOLE_NAME_MAX)}*"
    blocks = [block_kit.section(f"{faces.EMOJI[shown]}  {name}{first}")]
    blocks += _findings(standing, shown, rest, now=now, zone=zone)
    blocks += [block_kit.actions(*row) for row in job_menu.every_button(standing, shown, may=view.may)]
    blocks += [block_kit.divider(), block_kit.fields(*_numbers(standing, now=now, zone=zone))]
    blocks += _places(standing)
    blocks += _runs(standing, zone=zone)
    small = [text for text in (" · ".join(so_far(standing, now=now, zone=zone)), _looks(standing, now=now, zone=zone)) if text]
    return [*blocks, *([block_kit.context(*small)] if small else [])]


def _findings(standing: Standing, shown: Face, rest: list[str], *, now: datetime, zone: str) -> list[Json]:
    """Each finding with its threshold, and where that was set; else what the story says."""
    found = faces.findings(standing)
    lines = [_finding(finding, now=now, zone=zone) for finding in found[:FINDINGS_MAX]]
    lines += [wording.unseen_sentence(unseen, now=now, zone=zone) for unseen in standing.unseen[:FINDINGS_MAX]]
    told = rest if shown in {"pending", "escalated", "not_fixed"} or not lines else []
    extra = [line for line in told if not any(line in one for one in lines)]
    if len(found) > FINDINGS_MAX:
        lines.append(f"_and {len(found) - FINDINGS_MAX} more_")
    return [block_kit.section(line) for line in ([*extra, *(f"• {line}" for line in lines)])]


def _finding(finding: Finding, *, now: datetime, zone: str) -> str:
    sentence = wording.sentence(finding, now=now, zone=zone)
    if not finding.threshold:
        return sentence
    if not finding.set_in:
        return f"{sentence}  _The limit is {texts.words(finding.threshold, 100)}._"
    where = _WHERE.get(finding.set_in) or f"set in {texts.words(finding.set_in, 100)}"
    if finding.rule in _LIMIT_IN_SENTENCE:
        return f"{sentence}  _That limit is {where}._"
    return f"{sentence}  _The limit is {texts.words(finding.threshold, 100)}, {where}._"


def _numbers(standing: Standing, *, now: datetime, zone: str) -> list[tuple[str, str]]:
    row, good, coming = standing.row, faces.newest_good(standing), next_run(standing, now)
    schedule = texts.words(row.get("schedule", ""), 100)
    window = texts.words(row.get("window", ""), 60)
    return [
        ("Last good run", f"{stories.run_text(good, now=now, zone=zone)}, {age_text(now - good.at)} ago" if good else "none yet"),
        ("Next run by", texts.moment_text(coming, now=now, zone=zone) if coming else "not known: it has no schedule"),
        ("Runs", f"{schedule} ({texts.words(standing.timezone, 60)})" if schedule else "no schedule"),
        ("Late after", window or "as its schedule says"),
        ("At least", texts.words(row.get("min_size", ""), 60) or "no least size"),
        ("Owner", faces.owner(standing)),
        ("Group", texts.name(row.get("group", ""), 100) if row.get("group") else "none"),
        ("Critical", "yes" if standing.critical else "no"),
        ("Missed", texts.counted(standing.missed, "run") if standing.missed and broken(standing) else "none"),
        ("Id", texts.code(standing.job_id, 100)),
    ]


def _places(standing: Standing) -> list[Json]:
    row = standing.row
    what = texts.words(row.get("what", ""), 300)
    where, place = landing(row.get("target", ""), 1000)
    lines = [f"*What*  {what}" if what else "", f"*{where}*  {place}" if row.get("target") else ""]
    told = [line for line in lines if line]
    return [block_kit.section("\n".join(told))] if told else []


def _runs(standing: Standing, *, zone: str) -> list[Json]:
    """The last runs as lines of equal columns: a modal holds no table."""
    newest = sorted(standing.runs, key=lambda run: run.at, reverse=True)[:RUNS_MAX]
    if not newest:
        return [block_kit.section("No run is known yet.")]
    several = len({run.target for run in standing.runs}) > 1
    lines = [_run(run, zone=standing.timezone or zone, target=several) for run in newest]
    title = f"*Last runs*  {sparkline(standing)}  _({texts.words(standing.timezone or zone, 60)})_"
    return [block_kit.section(f"{title}\n```{chr(10).join(lines)}```")]


def _run(run: Run, *, zone: str, target: bool) -> str:
    """As "Sat 21 Nov 02:14    412 MB  ok": narrow enough for a phone."""
    local = run.at.astimezone(ZoneInfo(zone))
    size = size_text(run.size) if run.size is not None else "-"
    outcome = "empty" if run.size == 0 and run.outcome in {"ok", "warning"} else _ENDED[run.outcome]
    end = f"{outcome}, gone" if run.gone else outcome
    place = f"  {run.source}" if target else ""
    return f"{local:%a} {local.day:2} {local:%b %H:%M}  {size:>8}  {end}{place}"


def _looks(standing: Standing, *, now: datetime, zone: str) -> str:
    if standing.due is None or standing.due <= now:
        return ""
    return f"looks again {texts.at_text(standing.due, now=now, zone=zone)}"
