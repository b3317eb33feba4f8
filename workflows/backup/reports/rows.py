"""One run from labels and their values, wherever they stood: lines of a mail, a row of a table, an object of JSON or XML."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from workflows.backup.reports import words
from workflows.backup.reports.durations import duration_of
from workflows.backup.reports.fields import Field, field_of, rank_of
from workflows.backup.reports.labels import plain
from workflows.backup.reports.moments import Order, at_clock, clock_of, day_of, moment_of
from workflows.backup.reports.report import Report, Status
from workflows.backup.reports.sizes import number_of, size_in, size_of
from workflows.backup.reports.statuses import said, status_of, worst

_UNIT = re.compile(
    r"[(\[]\s*([kmgt]i?[bo]|bytes?|octets?)\s*[)\]]|(?:_|\s|(?<=size))([kmgt]i?b|bytes)$|\b(bytes|octets)\b", re.IGNORECASE
)
_COUNT_OF_BAD = re.compile(
    r"\b(?:err|fail|fehl|éche|eche|fall|fejl|feil|fout|chyb|błęd|ошиб|hata|hiba)|错|エラー|失敗", re.IGNORECASE
)
_COUNT_OF_WARNINGS = re.compile(
    r"\b(?:warn|avert|advert|avis|avvis|waarsch|varning|ostrze|předup|figyel|предуп|uyar)|警告", re.IGNORECASE
)
_NUMBER = re.compile(r"\s*(\d{1,9})\b")
_NONE = frozenset({"", "false", *words.NONE.split()})
_GOOD_FLAGS = frozenset({"success", "succeeded", "successful", "ok", "completed"})
_EXITS = frozenset({"exit code", "exitcode", "return code", "returncode", "rc", "exit status"})
_CODE = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]+|\d+)")
_PART_OF = re.compile(r"\s*(?:->|→|=>|bis|until|to|-|–|—)\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around the labels: how numbers in dates are meant, the day the whole text speaks of, who speaks."""

    tool: str = "script"
    order: Order = ""
    day: date | None = None
    host: str = ""


def says_none(value: str) -> bool:
    """Whether a value only says that there was none of what its label names."""
    return plain(value) in _NONE


def report_of(row: Iterable[tuple[str, str]], around: Around) -> Report | None:
    """The run that a row tells of; None where nothing in it says what it is or how it ended."""
    pairs = [(label, value.strip()) for label, value in row if value.strip()]
    values = _by_field(pairs)
    status, words = _status(pairs)
    if status is None or not values.keys() & {"job", "host", "what", "started", "finished", "size", "duration"}:
        return None
    started, finished = _times(values, around)
    day = day_of(_text(values, "day") or _text(values, "started") or _text(values, "finished"), around.order)
    return Report(
        tool=around.tool,
        status=status,
        job=_text(values, "job")[:300],
        host=_text(values, "host")[:300] or around.host,
        what=_text(values, "what")[:300],
        target=_text(values, "target")[:300],
        started=started,
        finished=finished,
        day=None if started or finished else day,
        duration=duration_of(_text(values, "duration"), bare=_says_seconds(values)),
        size=_size(values, "size") if "size" in values else _size(values, "other size") or None,
        said=words,
    )


def tells_all(report: Report) -> bool:
    """Whether it names a job, both ends of a run and a size: that is a backup's report, whether or not it says the word."""
    ends = (report.started or report.day) and (report.finished or report.duration)
    return bool(report.job and ends and report.size is not None)


Values = Mapping[Field, tuple[str, str]]
"""Field -> the label and its value."""


def _by_field(pairs: list[tuple[str, str]]) -> dict[Field, tuple[str, str]]:
    """Of several labels for one field the one that means it most."""
    found: dict[Field, tuple[str, str]] = {}
    for label, value in pairs:
        field = field_of(label)
        if field is not None and (field not in found or rank_of(label) < rank_of(found[field][0])):
            found[field] = (label, value)
    return found


def _text(values: Values, field: Field) -> str:
    return values.get(field, ("", ""))[1]


def _status(pairs: list[tuple[str, str]]) -> tuple[Status | None, str]:
    """The worst of what its status, its flags and its counters say; None without any sign.

    Where it says of itself that it ended, what it counts as missing or says of an error makes that a warning.
    """
    ends = [(_status_value(value), f"{label}: {value}") for label, value in pairs if field_of(label) == "status"]
    ends += [(sign, f"{label}: {value}") for label, value in pairs if (sign := _flag(label, value))]
    asides = [(sign, f"{label}: {value}") for label, value in pairs if (sign := _aside(label, value))]
    ended = worst(one for one, _ in ends) if ends else None
    if ended in {"success", "warning"} and asides:
        return "warning", said(asides[0][1] if ended == "success" else ends[0][1])
    signs = ends + asides
    if not signs:
        return None, ""
    status = worst(one for one, _ in signs)
    return status, said(next(text for one, text in signs if one == status))


def _status_value(value: str) -> Status:
    if value.strip().lstrip("-").isdigit():
        return "success" if int(value) == 0 else "failure"
    if value.strip().lower() in {"true", "yes", "y", "ja", "oui", "si", "sí"}:
        return "success"
    if value.strip().lower() in {"false", "no", "n", "nein", "non"}:
        return "failure"
    return status_of(value) or "unknown"


def _flag(label: str, value: str) -> Status | None:
    """What a flag or an exit code says: "success: false", "rc: 3"."""
    name = plain(label)
    if name in _GOOD_FLAGS and value.strip().lower() in {"true", "false"}:
        return "success" if value.strip().lower() == "true" else "failure"
    if name in _EXITS and _CODE.fullmatch(value.strip()):
        return "failure" if value.strip("-+0x ") else "success"
    return None


def _aside(label: str, value: str) -> Status | None:
    """What stands beside an end: "Errors: 3", "Error message: disk full"."""
    name = plain(label)
    bad, mild = _COUNT_OF_BAD.search(name), _COUNT_OF_WARNINGS.search(name)
    if len(name) > 40 or not (bad or mild):
        return None
    count = _NUMBER.match(value)
    if count:
        return None if int(count[1]) == 0 else "failure" if bad else "warning"
    if field_of(label) != "message" or status_of(f"{name}: {value}") is None:
        return None
    return "failure" if bad else "warning"


def _times(values: Values, around: Around) -> tuple[datetime | None, datetime | None]:
    """Start and end; a bare time of day is on the day that the row, or the text, names."""
    start, end = _text(values, "started"), _text(values, "finished")
    if start and not end and len(parts := _PART_OF.split(start, maxsplit=1)) == 2 and clock_of(parts[1][:12]):
        start, end = parts
    day = day_of(_text(values, "day"), around.order) or around.day
    started = moment_of(start, around.order) or _on(day, start)
    finished = moment_of(end, around.order) or _on(started or day, end)
    if not started and not finished:
        started = moment_of(_text(values, "day"), around.order)
    return started, finished


def _on(day: date | None, text: str) -> datetime | None:
    clock = clock_of(text)
    return at_clock(day, clock) if day is not None and clock is not None else None


def _says_seconds(values: Values) -> bool:
    label = plain(values.get("duration", ("", ""))[0])
    return any(word in label for word in ("sec", "sek", "seg")) or label.endswith(" s")


def _size(values: Values, field: Field) -> int | None:
    """Its unit stands beside the number or in the label; a bare number is bytes if it is large, or nothing at all."""
    if field not in values:
        return None
    label, value = values[field]
    unit = _UNIT.search(label)
    if unit and number_of(value) is not None:
        return size_of(f"{value} {unit[1] or unit[2] or unit[3]}")
    bare = number_of(value)
    if bare is not None:
        return int(bare) if bare == 0 or bare >= 1_000_000 else None
    alone = size_of(value)
    return size_in(value) if alone is None else alone
