"""The reports in a mail: by our own readers where they know its format, else by the model where it may be a report at all."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from workflows.backup.matching import plain
from workflows.backup.model_answer import FORM, INSTRUCTIONS, BadAnswer, read_answer
from workflows.backup.plausible import plausible
from workflows.backup.reports.read import Reading as OwnReading
from workflows.backup.reports.read import read_mail, read_part
from workflows.backup.reports.report import Report
from workflows.backup.reports.statuses import WORST
from workflows.backup.reports.subjects import name_in
from workflows.kernel.errors import Refused
from workflows.kernel.mail import Mail, Part
from workflows.kernel.model import Model

REPORTS_MAX = 200
QUOTING = frozenset({"out of office", "bounce", "read receipt"})
"""Mails that hold the mails of others, which counted when they came."""
_NUMBERED = re.compile(r"(?:#|\b(?:no|nr|id)[.: ]?\s?)\d+\b|[(\[][^)\]]*\d[^)\]]*[)\]]|\d{4,}", re.IGNORECASE)
HEAD, TAIL = 16_000, 8_000
"""So much of the beginning and of the end of a mail the model is given, in characters: results stand at either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a mail reports. `unread`: why it could not be read though it should; "" where it was, or is no report."""

    reports: tuple[Report, ...] = ()
    by_model: bool = False
    unread: str = ""


def read_mail_reports(mail: Mail, *, model: Model) -> Reading:
    """Reads the mail's parts, the model only where none of them is of a known format. Raises RateLimited or Unanswered."""
    if mail.automatic in QUOTING:
        return Reading()
    written = _without_comments(mail)
    own = read_mail(written)
    if own.format:
        return Reading(reports=_of_one_name(_with_its_like(own, written), mail))
    if plausible(written):
        return _by_model(written, model)
    return Reading(unread=_nothing_to_read(mail))


def _without_comments(mail: Mail) -> Mail:
    """What somebody wrote above a report they forward is no report."""
    return replace(mail, parts=tuple(part for part in mail.parts if not part.comment) or mail.parts[:1])


def _nothing_to_read(mail: Mail) -> str:
    if mail.automatic:
        return ""
    if mail.problems:
        return "; ".join(mail.problems[:3])
    return "" if any(part.text.strip() for part in mail.parts) else "there is no text in it"


# --- several parts, one mail ---------------------------------------------------------------------


def _with_its_like(own: OwnReading, mail: Mail) -> tuple[Report, ...]:
    """What was read, with the other attachments (or forwarded mails) of the same format: several jobs stay several runs.

    Where two of them tell of the same job it is one run, and the worse of the two.
    """
    merged = list(own.reports)
    for part in mail.parts:
        if own.part is None or part is own.part or bool(part.name) != bool(own.part.name):
            continue
        other = read_part(part)
        if other.format == own.format:
            _merge(merged, other.reports)
    return tuple(merged[:REPORTS_MAX])


def _merge(merged: list[Report], reports: Iterable[Report]) -> None:
    before = {_identity(report): at for at, report in enumerate(merged)}
    for report in reports:
        at = before.get(_identity(report))
        if at is None:
            merged.append(report)
        else:
            merged[at] = _worse(merged[at], report)


def _identity(report: Report) -> tuple[str, str, str, bool]:
    return plain(report.tool), plain(report.host), plain(report.series or report.job), report.maintenance


def _worse(one: Report, other: Report) -> Report:
    """The one that says more; with the worse status of both. That one of them is silent on how it ended means nothing."""
    told = [report for report in (one, other) if report.status != "unknown"] or [one]
    worst = min(told, key=lambda report: WORST.index(report.status))
    return replace(
        one,
        status=worst.status,
        said=worst.said,
        started=one.started or other.started,
        finished=one.finished or other.finished,
        day=one.day or other.day,
        size=other.size if one.size is None else one.size,
    )


def _of_one_name(reports: Iterable[Report], mail: Mail) -> tuple[Report, ...]:
    """A report that names neither job nor machine is known by what it saved, else by its subject, else by who sends it.

    Two scripts of one sender are two jobs: the success of one must not stand for the failure of the other.
    """
    return tuple(
        report if plain(report.series or report.job or report.host) else replace(report, job=report.what or _named_by(mail))
        for report in reports
    )


def _named_by(mail: Mail) -> str:
    """The subject's name, without what is another in each mail."""
    name = _NUMBERED.sub("", name_in(mail.parts[0].subject)).strip()
    return name if any(c.isalpha() for c in name) else mail.parts[0].sender or mail.sender


# --- by the model --------------------------------------------------------------------------------


def _by_model(mail: Mail, model: Model) -> Reading:
    text = shown_to_model([part for part in mail.parts if not part.comment])
    try:
        answer = model.ask(INSTRUCTIONS, text, FORM)
        reports = read_answer(answer, text, mail.sent)
    except Refused as refused:
        return Reading(by_model=True, unread=f"the model did not read it: {refused.reason}")
    except BadAnswer as bad:
        return Reading(by_model=True, unread=f"the model's answer cannot be used: {bad}")
    return Reading(reports=_of_one_name(reports, mail), by_model=True)


def shown_to_model(parts: Sequence[Part]) -> str:
    """The subject and the texts of a mail, as data; of a long one, beginning and end."""
    named = (f"{part.name}\n{part.text}" if part.name else part.text for part in parts)
    text = "\n\n".join([f"Subject: {parts[0].subject}", *named]) if parts else ""
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]}\n[…]\n{text[-TAIL:]}"
