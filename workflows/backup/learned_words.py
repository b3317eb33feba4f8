"""What was learned of a job that is on no list, in one line: from how many runs, when, how long they took, and how large."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from workflows.kernel.ports import Json
from workflows.kernel.quantities import size_text, window_text

FEW = 2
ASSUMED = "; assumed daily until more is known"
HOUR, HALF_DAY = timedelta(hours=1), timedelta(hours=12)


def told(seen: Sequence[Json], *, zone: str, noun: str, assumed: bool) -> str:
    """As in "Learned from 9 reports, 11–20 Nov: started 22:00–22:04, took 3–4 h, 3.1–3.3 TB"; of one or two, what each was."""
    clock = ZoneInfo(zone)
    end = ASSUMED if assumed else ""
    if len(seen) <= FEW:
        times = "once" if len(seen) == 1 else "twice"
        return f"Seen {times}, {' and '.join(_one(one, clock) for one in seen)}{end}"
    facts = ", ".join(fact for fact in (*_times(seen, clock), _took(seen), _sizes(seen)) if fact)
    counted = f"Learned from {len(seen)} {noun}s{_not_ok(seen)}, {_days(seen, clock)}"
    return f"{counted}: {facts}{end}"


def _one(sighting: Json, clock: ZoneInfo) -> str:
    at = _at(sighting).astimezone(clock)
    how = {"ok": "", "unknown": "outcome unknown", "failed": "failed", "warning": "with warnings"}[sighting["outcome"]]
    size = size_text(sighting["size"]) if sighting.get("size") is not None else ""
    return ", ".join(part for part in (f"{at:%a} {at.day} {at:%b %H:%M}", how, size) if part)


def _not_ok(seen: Sequence[Json]) -> str:
    named = {"failed": "failed", "warning": "with warnings", "unknown": "without an outcome"}
    counts = ((sum(one["outcome"] == outcome for one in seen), words) for outcome, words in named.items())
    told = ", ".join(f"{count} {words}" for count, words in counts if count)
    return f" ({told})" if told else ""


def _days(seen: Sequence[Json], clock: ZoneInfo) -> str:
    moments = [_at(one).astimezone(clock) for one in seen]
    first, last = min(moments), max(moments)
    if first.date() == last.date():
        return f"{last.day} {last:%b}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {last:%b}"
    year = f" {first:%Y}" if first.year != last.year else ""
    return f"{first.day} {first:%b}{year} – {last.day} {last:%b}{f' {last:%Y}' if year else ''}"


def _times(seen: Sequence[Json], clock: ZoneInfo) -> list[str]:
    """When they began, where all say so; when they ended, where that is another hour: schedules go by the end."""
    starts = [start for one in seen if (start := _moment(one, "started")) is not None]
    ends = [_at(one) for one in seen]
    if len(starts) < len(seen):
        return [_around("ended", ends, clock)]
    long = any(end - start >= HOUR for start, end in zip(starts, ends, strict=True))
    return [_around("started", starts, clock), *([_around("ended", ends, clock)] if long else [])]


def _around(verb: str, moments: Sequence[datetime], clock: ZoneInfo) -> str:
    local = [moment.astimezone(clock) for moment in moments]
    minutes = [moment.hour * 60 + moment.minute for moment in local]
    newest = minutes[-1]
    offsets = [(minute - newest + 720) % 1440 - 720 for minute in minutes]
    if timedelta(minutes=max(offsets) - min(offsets)) >= HALF_DAY:
        return f"{verb} at all hours"
    first, last = (newest + min(offsets)) % 1440, (newest + max(offsets)) % 1440
    return f"{verb} {_clock(first)}" if first == last else f"{verb} {_clock(first)}–{_clock(last)}"


def _took(seen: Sequence[Json]) -> str:
    both = ((_moment(one, "started"), _moment(one, "finished")) for one in seen)
    took = sorted(end - start for start, end in both if start is not None and end is not None and end >= start)
    if not took or took[-1] < timedelta(minutes=1):
        return ""
    return f"took {_range(_rounded(took[0]), _rounded(took[-1]))}"


def _sizes(seen: Sequence[Json]) -> str:
    sizes = sorted(one["size"] for one in seen if one.get("size") is not None)
    return _range(size_text(sizes[0]), size_text(sizes[-1])) if sizes else ""


def _rounded(length: timedelta) -> str:
    """In minutes, and from two hours on in full hours."""
    if length < timedelta(minutes=1):
        return "0 min"
    return window_text(round(length / HOUR) * HOUR) if length >= 2 * HOUR else window_text(length)


def _range(low: str, high: str) -> str:
    """As in "3–4 h": the unit stands once where both have the same."""
    if low == high:
        return low
    (least, _, unit), (_, _, other) = low.partition(" "), high.partition(" ")
    return f"{least}–{high}" if unit == other else f"{low} – {high}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _at(sighting: Json) -> datetime:
    """When the run ended; when it was told of, where it does not say."""
    return _moment(sighting, "finished") or datetime.fromisoformat(sighting["at"]).astimezone(UTC)


def _moment(sighting: Json, name: str) -> datetime | None:
    text = sighting.get(name)
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
