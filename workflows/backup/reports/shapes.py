"""Reports of programs that nobody wrote a reader for: tables, labels with values, lists of lines, a sentence.

`guess` reads whatever it can make out, and is what a plain-text stand-in for a model uses. `read` is one of our readers: it
speaks only where the text is clearly built like a report, and leaves the rest to somebody who understands sentences.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from workflows.backup.reports import notices
from workflows.backup.reports.backup_words import is_backup_line, names_backup, speaks_of_backup
from workflows.backup.reports.cron import cron_of
from workflows.backup.reports.digest import read_lines
from workflows.backup.reports.fields import field_of
from workflows.backup.reports.grid import read_csv, read_tables
from workflows.backup.reports.labels import pairs, plain
from workflows.backup.reports.maintenance import is_upkeep, tells_of_upkeep
from workflows.backup.reports.moments import day_of, order_of
from workflows.backup.reports.report import Report, Status
from workflows.backup.reports.rows import Around, report_of, says_none, tells_all
from workflows.backup.reports.signs import without_names
from workflows.backup.reports.statuses import WORST, said, status_of, worst
from workflows.backup.reports.subjects import host_in, is_answer, name_in, plain_subject
from workflows.kernel.mail import Part

CHARS_MAX = 200_000
LINES_MAX = 400
LABELS_MAX = 500
_ACTIONS = frozenset({"operation", "action", "activity", "job type", "task type", "type", "event", "operation type"})
_ACTIONS |= {"vorgang", "aktion", "art", "opération", "operación", "operazione"}
_NAMING = frozenset({"job", "host", "what", "target"})
_TIMES = frozenset({"started", "finished", "day", "duration", "size", "other size"})
_QUOTED = re.compile(r"[\"„“«»”‚「『]([^\"„“”«»‚「」『』\n]{1,100})[\"”“»«‘」』]")
_ASIDE = re.compile(
    r"\b(?:if|when|in case|please|should you|contact|support|unsubscribe|reply|wenn|falls|bitte|veuillez|por favor"
    r"|per favore)\b|(?:^|[.;,(])\s*(?:si|se)\b"
    r"|https?://",
    re.IGNORECASE,
)
_LETTER = re.compile(
    r"^[ \t]*(?:hi|hello|hallo|hey|dear|thanks|thank you|regards|cheers|guten tag|liebe|lieber|sehr geehrte|mit freundlichen"
    r"|viele grüße|bonjour"
    r"|cordialement|merci|hola|saludos|gracias|ciao|saluti|grazie|olá|obrigado|beste|groeten)\b|\?\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_PERSONAL = re.compile(r"\?\s*$|\b(?:I|I'm|I've|ich|je|j'ai|yo|io|ik|jag)\b", re.MULTILINE)
_STATUS_FIRST = re.compile(r"^[\W_]*[\[(]?([^\W\d_]{2,20})[\])]?\s*[:\]!—–-]")

Way = Callable[[Part, Around], tuple[Report, ...]]


def read(part: Part) -> tuple[Report, ...] | None:
    """The runs of a text that is clearly built as a report."""
    reports = _read(part, _around(part))
    return reports if reports is None else _marked(reports, part)


def guess(part: Part) -> tuple[Report, ...]:
    """The same with less proof: whatever says how something ended, but for what a person wrote, or is no report at all."""
    if notices.read(part) is not None or is_answer(part.subject):
        return ()
    around = _around(part)
    ways: tuple[Way, ...] = (_by_grid, _by_lines, _by_labels)
    ways += () if _PERSONAL.search(part.text[:2000]) else (_by_sentence, _by_subject)
    return _marked(next((reports for way in ways if (reports := way(part, around))), ()), part)


def _read(part: Part, around: Around) -> tuple[Report, ...] | None:
    if not part.text.strip():
        return (_by_subject(part, around) or None) if _subject_speaks(part) else None
    if is_answer(part.subject):
        return None
    if not speaks_of_backup(part):
        reports = _by_grid(part, around) or _by_labels(part, around)
        return reports if reports and all(tells_all(report) for report in reports) else None
    for way in (_by_grid, _by_lines):
        reports = way(part, around)
        if reports:
            return _with_subject(reports, part)
    reports = _by_labels(part, around)
    if reports and all(_tells_enough(report) for report in reports):
        return reports
    return _by_sentence(part, around) or None if _is_terse(part) else None


def _with_subject(reports: tuple[Report, ...], part: Part) -> tuple[Report, ...]:
    """Where the subject says that something went wrong and no row does, none of them is believed to be good."""
    if cron_of(part.subject).command or worst(report.status for report in reports) in WORST[:2]:
        return reports
    names = {name for report in reports for name in (report.job, report.host) if len(name) > 1}
    if status_of(without_names(plain_subject(part.subject), names)) not in WORST[:2]:
        return reports
    return tuple(replace(report, status="unknown", said=said(part.subject)) for report in reports)


def _marked(reports: tuple[Report, ...], part: Part) -> tuple[Report, ...]:
    """What is no run of a job is told as upkeep: by the subject, or by the label that says what was done."""
    upkeep = tells_of_upkeep(plain_subject(part.subject)) or any(
        plain(label) in _ACTIONS and is_upkeep(value) for label, value in islice(pairs(part.text[:CHARS_MAX]), LABELS_MAX)
    )
    return tuple(replace(report, maintenance=True) for report in reports) if upkeep else reports


def _around(part: Part) -> Around:
    head = part.text.strip()[:400]
    return Around(
        order=order_of(f"{part.subject}\n{part.text[:CHARS_MAX]}", part.sent),
        day=day_of(part.subject) or day_of(head),
        host=cron_of(part.subject).host or host_in(part.subject),
    )


def _by_grid(part: Part, around: Around) -> tuple[Report, ...]:
    text = part.text[:CHARS_MAX]
    return read_tables(text, replace(around, host="")) or read_csv(replace(part, text=text), replace(around, host=""))


def _by_lines(part: Part, around: Around) -> tuple[Report, ...]:
    return read_lines(part.text[:CHARS_MAX], replace(around, host=""))


def _by_labels(part: Part, around: Around) -> tuple[Report, ...]:
    """Labels with values: one record, or several of them under each other."""
    listed = list(islice(pairs(part.text[:CHARS_MAX]), LABELS_MAX))
    records = list(_records(listed))
    if len(records) > 1:
        told = (report_of(record, replace(around, host="")) for record in records)
        return tuple(report for report in told if report is not None)
    return _one_record(part, around, listed)


def _one_record(part: Part, around: Around, listed: list[tuple[str, str]]) -> tuple[Report, ...]:
    labels = {label for label, value in listed if field_of(label) or says_none(value)}
    names = [value for label, value in listed if field_of(label) in _NAMING and len(value) > 1]
    sentences, words = _sentence_status(part, labels, names)
    rows = listed if any(field_of(label) == "status" for label in labels) or sentences is None else [*listed, ("status", words)]
    report = report_of(rows, around)
    if report is None:
        return ()
    status = worst(one for one in (report.status, sentences) if one is not None)
    return (
        replace(
            report,
            status=status,
            said=report.said if status == report.status else words,
            job=report.job or _quoted_name(part) or name_in(part.subject),
        ),
    )


def _records(listed: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Parted where the label that begins the first record comes again."""
    first = next((label for label, _ in listed if field_of(label) in {"job", "host"}), None)
    record: list[tuple[str, str]] = []
    for label, value in listed:
        if label == first and any(known == first for known, _ in record):
            yield record
            record = []
        record.append((label, value))
    yield record


def _sentence_status(part: Part, labels: set[str], names: Sequence[str] = ()) -> tuple[Status | None, str]:
    """What the subject and the lines without a label say; the worst of them, and the line. Names say nothing of an end."""
    signs: list[tuple[Status, str]] = []
    lines = [plain_subject(part.subject)] if not cron_of(part.subject).command else []
    lines += [line for line in part.text[:CHARS_MAX].split("\n")[:LINES_MAX] if not _is_labelled(line, labels)]
    for line in lines:
        status = status_of(_ASIDE.split(without_names(line, names), maxsplit=1)[0]) if len(line) <= 1000 else None
        if status:
            signs.append((status, said(line)))
    if not signs:
        return None, ""
    status = worst(one for one, _ in signs)
    return status, next(words for one, words in signs if one == status)


def _is_labelled(line: str, labels: set[str]) -> bool:
    return any(line.lstrip(" *•·#>-").startswith(label) for label in labels)


def _quoted_name(part: Part) -> str:
    """A name in quotation marks, in the subject or in a line that speaks of the backup."""
    for line in [part.subject, *part.text[:CHARS_MAX].split("\n")[:LINES_MAX]]:
        found = _QUOTED.search(line) if is_backup_line(line) or status_of(line) else None
        if found:
            return found[1].strip()
    return ""


def _by_sentence(part: Part, around: Around) -> tuple[Report, ...]:
    labels = {label for label, _ in islice(pairs(part.text[:CHARS_MAX]), LABELS_MAX) if field_of(label) in _TIMES}
    status, words = _sentence_status(part, labels)
    name = _quoted_name(part) or name_in(part.subject)
    if status is None or not (name or around.host) or not (is_backup_line(part.subject) or speaks_of_backup(part)):
        return ()
    return (Report(tool=around.tool, status=status, job=name[:300], host=around.host, said=words),)


def _by_subject(part: Part, around: Around) -> tuple[Report, ...]:
    status = status_of(plain_subject(part.subject))
    name = name_in(part.subject)
    if status is None or not (name or around.host):
        return ()
    return (Report(tool=around.tool, status=status, job=name[:300], host=around.host, said=said(part.subject)),)


def _subject_speaks(part: Part) -> bool:
    """A subject alone counts where it begins with its status, or speaks of a backup."""
    plain = plain_subject(part.subject)
    first = _STATUS_FIRST.match(plain)
    marked = first is not None and status_of(first[1]) is not None
    return (
        not is_answer(part.subject) and "?" not in plain and (marked or (is_backup_line(plain) and status_of(plain) is not None))
    )


def _tells_enough(report: Report) -> bool:
    told = (report.job or report.host, report.started or report.finished or report.day, report.size is not None, report.duration)
    return sum(bool(one) for one in told) >= 2


def _is_terse(part: Part) -> bool:
    """A few plain lines of a program: no letter of a person, no question, no links."""
    text = part.text.strip()
    short = len(text) <= 600 and text.count("\n") < 12
    cron = cron_of(part.subject).command
    ours = is_backup_line(cron) if cron else names_backup(f"{part.subject}\n{text}")
    return short and "http" not in text and not _LETTER.search(text) and ours
