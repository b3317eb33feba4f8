"""From a mail to what it reports: the readers' front door."""

import re
from dataclasses import dataclass, replace

from workflows.backup.reports.formats import OTHERS, READERS
from workflows.backup.reports.report import Report
from workflows.backup.reports.statuses import WORST, worst
from workflows.kernel.mail import Mail, Part

REPORTS_MAX = 500
"""So many runs of one mail are told."""

SUBJECT_MAX = 1_000
"""Longer ones are cut: readers look at subjects with patterns that are not made for pages."""

ANSWERS = frozenset({"out of office", "bounce", "read receipt"})
SHAPES = frozenset(name for name, _ in OTHERS)

_ANSI = re.compile(r"\x1b\[[0-9;?]{0,20}[A-Za-z]|\r(?=\n)")
_QUOTED = re.compile(r"^>[> ]?(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a mail reports.

    Attributes:
        reports: one for each run; none where it tells of no run.
        format: the reader that spoke; "" where none knows this mail, so that somebody else may try.
        part: what it read.
    """

    reports: tuple[Report, ...] = ()
    format: str = ""
    part: Part | None = None


def read(part: Part) -> tuple[Report, ...] | None:
    """The runs that one text reports; None where no reader knows its format."""
    reading = read_part(part)
    return reading.reports if reading.format else None


def read_mail(mail: Mail) -> Reading:
    """The first part that a reader knows and that tells of a run. Of parts that contradict each other the worse is believed.

    A success in the body does not stand when the log beside it says otherwise. What a person wrote above a mail is never read,
    and an automatic answer says nothing; of what looks like a newsletter only a format with a name is believed.
    """
    if mail.automatic in ANSWERS:
        return Reading(format=mail.automatic)
    readings = [reading for part in mail.parts if not part.comment and (reading := read_part(part)).format]
    if mail.automatic:
        readings = [reading for reading in readings if reading.format not in SHAPES] or [Reading(format=mail.automatic)]
    told = [reading for reading in readings if reading.reports]
    if not told:
        return readings[0] if readings else Reading()
    if _bad(told[0]) or all(report.maintenance for report in told[0].reports):
        return told[0]
    return next((reading for reading in told if _bad(reading)), told[0])


def _bad(reading: Reading) -> bool:
    return worst(report.status for report in reading.reports) in WORST[:2]


def read_part(part: Part) -> Reading:
    """As `read`, and which reader it was. What is only quoted in a reply is read where nothing else is."""
    part = part if len(part.subject) <= SUBJECT_MAX else replace(part, subject=part.subject[:SUBJECT_MAX])
    for candidate in (_plain(part), _quoted(part)):
        if candidate is None:
            continue
        for name, reader in READERS:
            reports = reader(candidate)
            if reports is not None:
                return Reading(reports=reports[:REPORTS_MAX], format=name, part=part)
    return Reading()


def _plain(part: Part) -> Part:
    """Without colours and carriage returns."""
    text = _ANSI.sub("", part.text)
    return part if text == part.text else replace(part, text=text)


def _quoted(part: Part) -> Part | None:
    lines = _QUOTED.findall(part.text[:1_000_000])
    return replace(part, text=_ANSI.sub("", "\n".join(lines))) if len(lines) >= 2 else None
