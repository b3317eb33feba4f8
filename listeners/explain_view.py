"""Why a job stands as it does, drawn: in a message for whoever typed it, in a modal for whoever pressed. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from listeners import block_kit, faces, stories, texts, wording
from listeners.history_view import history_button
from workflows.backup.evidence import Run
from workflows.backup.explanation import Compared, Explanation, Point, PointLevel
from workflows.backup.findings import Test
from workflows.backup.standing import Standing
from workflows.kernel.ports import Json, Message
from workflows.kernel.quantities import age_text, size_text

POINTS_MAX = 8
"""Of one test; a job of many targets asks each of its questions of each of them."""

_SIGN: dict[PointLevel, str] = {
    "ok": ":white_check_mark: *Fine*",
    "warn": ":large_yellow_circle: *Warning*",
    "alert": ":red_circle: *Alert*",
    "unknown": ":grey_question: *Cannot tell*",
    "idle": ":heavy_minus_sign: *Not asked*",
}
_TEST: dict[Test, str] = {
    "look": "Can it be seen?",
    "finished": "Did it finish?",
    "recent": "Is it recent?",
    "right_size": "Is it the right size?",
}
_VERDICT: dict[PointLevel, str] = {"ok": "yes", "warn": "a warning", "alert": "no", "unknown": "cannot tell", "idle": "not asked"}


def explain_message(explanation: Explanation, *, now: datetime, zone: str) -> Message:
    """The answer to `/backup explain`."""
    line = headline(explanation.standing, now=now, zone=zone)
    return Message(text=texts.without_markup(line), blocks=tuple(explain_blocks(explanation, now=now, zone=zone)))


def explain_modal(explanation: Explanation, *, now: datetime, zone: str) -> Json:
    return {
        "type": "modal",
        "title": block_kit.plain_text("Why", 24),
        "close": block_kit.plain_text("Close", 24),
        "blocks": explain_blocks(explanation, now=now, zone=zone),
    }


def headline(standing: Standing, *, now: datetime, zone: str) -> str:
    """The first line of its own message."""
    shown = faces.face(standing, now=now)
    first, _ = stories.story(standing, shown, now=now, zone=zone)
    return f"{faces.EMOJI[shown]}  {faces.title(standing)}{first}"


def explain_blocks(explanation: Explanation, *, now: datetime, zone: str) -> list[Json]:
    """What it is, each test with its rules, what would make it green, and what was different when it was."""
    standing = explanation.standing
    blocks = [block_kit.section(headline(standing, now=now, zone=zone))]
    small = [text for text in _how_it_stands(explanation, now=now, zone=zone) if text]
    if small:
        blocks.append(block_kit.context(" · ".join(small)))
    if explanation.trouble:
        blocks.append(block_kit.section(f"Its numbers cannot be told just now: {texts.words(explanation.trouble, 300)}."))
    for test in _TEST:
        points = [point for point in explanation.points if point.test == test]
        if points:
            blocks += _asked(test, points, standing, now=now, zone=zone)
    blocks.append(block_kit.divider())
    blocks += [block_kit.section(text) for text in _what_next(explanation, now=now, zone=zone)]
    return [*blocks, block_kit.actions(history_button(standing))]


def _how_it_stands(explanation: Explanation, *, now: datetime, zone: str) -> Iterator[str]:
    """What lies over the verdict, and where the job stands."""
    standing = explanation.standing
    yield f"in this state since {texts.moment_text(standing.since, now=now, zone=zone)}"
    if standing.muted:
        yield "muted: still tested, says nothing"
    elif standing.snooze_until is not None and standing.snooze_until > now:
        yield f"snoozed until {texts.moment_text(standing.snooze_until, now=now, zone=zone)}: still tested"
    if standing.baseline_from is not None:
        yield f"its size was said to be right {texts.at_text(standing.baseline_from, now=now, zone=zone)}"
    if standing.due is not None and standing.due > now and standing.state != "off_list":
        yield f"looks again {texts.at_text(standing.due, now=now, zone=zone)}"


def _asked(test: Test, points: Sequence[Point], standing: Standing, *, now: datetime, zone: str) -> list[Json]:
    """What was asked and what came of it, as bad as its worst; below, small, the evidence and the numbers."""
    level: PointLevel = next((point.level for point in points if point.level != "idle"), "idle")
    lines = [f"*{_TEST[test]}* {_VERDICT[level]}"]
    small: list[str] = []
    told: set[str] = set()
    for point in points[:POINTS_MAX]:
        lines.append(_said(point, now=now, zone=zone))
        small += _small_line(point, standing, told, now=now, zone=zone)
    if len(points) > POINTS_MAX:
        lines.append(f"_and {len(points) - POINTS_MAX} more_")
    below = [block_kit.context(_fitting(small, 1900))] if small else []
    return [block_kit.section(_fitting(lines)), *below]


def _fitting(lines: Sequence[str], length_max: int = 2900) -> str:
    """As many whole lines as a section takes."""
    kept, length = [], 0
    for line in lines:
        length += len(line) + 1
        if length > length_max:
            kept.append("_and more_")
            break
        kept.append(line)
    return "\n".join(kept)


def _said(point: Point, *, now: datetime, zone: str) -> str:
    said = wording.sentence(point.finding, now=now, zone=zone) if point.finding is not None else point.asks
    where = f" ({texts.code(point.target, 80)})" if point.target and point.finding is None else ""
    return f"{_SIGN[point.level]}  {said}{where}"


def _small_line(point: Point, standing: Standing, told: set[str], *, now: datetime, zone: str) -> list[str]:
    """`told`: the runs that were given as evidence of this test already; one is not told twice."""
    run = point.run if point.run is not None and point.run.id not in told else None
    told.update({run.id} if run is not None else ())
    small = [text for text in _small(point, run, standing, now=now, zone=zone) if text]
    return [" · ".join(small)] if small else []


def _small(point: Point, run: Run | None, standing: Standing, *, now: datetime, zone: str) -> Iterator[str]:
    """Evidence first, then the numbers and where each was set."""
    if point.note:
        yield texts.words(point.note, 250)
    unseen = next((one for one in standing.unseen if point.rule == "cannot_look" and one.target == point.target), None)
    if unseen is not None:
        yield f"since {texts.moment_text(unseen.since, now=now, zone=zone)}"
    if run is not None:
        yield evidence_text(run, now=now, zone=zone)
    if point.holds_until is not None and point.holds_until > now:
        yield f"holds until {texts.moment_text(point.holds_until, now=now, zone=zone)}"
    for limit in point.limits:
        yield f"{texts.words(limit.what, 60)} {texts.words(limit.value, 100)} ({_set_in(limit.set_in)})"


def _set_in(where: str) -> str:
    """Where a number was set, as one can find it."""
    if not where or where == "built in":
        return "built in"
    return "its row" if where == "row" else f"rules, {texts.code(where, 80)}" if where.startswith("[") else texts.code(where, 80)


def evidence_text(run: Run, *, now: datetime, zone: str) -> str:
    """One run as evidence: when, how old, how large to the byte, and what it is."""
    parts = [f"{texts.moment_text(run.at, now=now, zone=zone)}, {age_text(now - run.at)} ago" if run.at <= now else "just now"]
    if run.size is not None:
        exact = f" ({run.size:,} bytes)" if run.size >= 1000 else ""
        parts.append(f"{size_text(run.size)}{exact}")
    if run.ref:
        parts.append(texts.code(run.ref, 100))
    return ", ".join(parts)


# --- what would make it green, and what was different --------------------------------------------------


def _what_next(explanation: Explanation, *, now: datetime, zone: str) -> Iterator[str]:
    yield _fitting(_green_lines(explanation, now=now, zone=zone))
    yield _fitting(_sound_lines(explanation.compared, explanation.standing, now=now, zone=zone))


def _green_lines(explanation: Explanation, *, now: datetime, zone: str) -> list[str]:
    standing = explanation.standing
    due = _due_text(explanation, now=now, zone=zone)
    if standing.state == "off_list":
        return ["*What would make it green* It is no longer on the job list, so it is not watched."]
    if standing.state == "waiting":
        return [f"*What would make it green* Its first good run.{due}"]
    if explanation.remedies:
        return [
            "*What would make it green*",
            *(f"• {_sentence(one)}" for one in explanation.remedies),
            *([due.strip()] if due else []),
        ]
    if standing.unseen or standing.state == "not_observed":
        return [f"*What would make it green* That it can be read again: see who may list it.{due}"]
    stays = (
        f"Without a new run it stays so until {texts.moment_text(explanation.changes_at, now=now, zone=zone)}."
        if explanation.changes_at is not None
        else "Nothing that is known will change it."
    )
    return [f"*What keeps it green* {stays}{due}"]


def _due_text(explanation: Explanation, *, now: datetime, zone: str) -> str:
    standing = explanation.standing
    if standing.state == "pending_fixed" and standing.fixed_until is not None:
        return f" It is decided by {texts.moment_text(standing.fixed_until, now=now, zone=zone)}."
    if explanation.expected is None or explanation.latest is None:
        return ""
    expected, latest = (texts.moment_text(moment, now=now, zone=zone) for moment in (explanation.expected, explanation.latest))
    return f" The next run is due {expected}, at the latest {latest}."


def _sound_lines(compared: Compared, standing: Standing, *, now: datetime, zone: str) -> list[str]:
    if compared.sound is None:
        return ["*The last run that was as it should be* There is none yet."]
    lines = [f"*The last run that was as it should be* {evidence_text(compared.sound, now=now, zone=zone)}"]
    if compared.since is not None:
        lines.append(f"Since then: {evidence_text(compared.since, now=now, zone=zone)}")
        lines += [f"• {_sentence(one)}" for one in compared.differences] or ["• Nothing that is known of them differs."]
    elif standing.state not in {"all_green", "waiting", "off_list"}:
        missed = f"; {texts.counted(standing.missed, 'run')} missed" if standing.missed else ""
        lines.append(f"Nothing has come since{missed}.")
    return lines


def _sentence(text: str) -> str:
    """Words of ours that may hold words of a tool, as a sentence."""
    said = texts.words(text, 400)
    return f"{said[:1].upper()}{said[1:]}{'' if said.endswith(('.', '!', '?', '…')) else '.'}"
