"""UpdraftPlus: the site is the job; the time of day of its end has no year, which the subject or the day of the mail has."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from workflows.backup.reports.calendar_words import MONTH_OF
from workflows.backup.reports.form import Format, Run, reader
from workflows.backup.reports.moments import moment_of
from workflows.backup.reports.report import Report

_TITLE = re.compile(r"^(?:.*?: )(.+?) \(UpdraftPlus[^)]*\)(?: (.+))?$")
_CLOCK = re.compile(r"\((\w{3}) (\d{1,2}) (\d\d):(\d\d):(\d\d)\)\s*$", re.MULTILINE)


def _refined(report: Report, run: Run) -> Report:
    title = _TITLE.match(run.part.subject)
    named = moment_of(title[2], run.order) if title and title[2] else None
    return replace(
        report,
        job=title[1] if title else report.job,
        finished=_finished(run.text, named or run.part.sent),
    )


def _finished(text: str, near: datetime | None) -> datetime | None:
    found = _CLOCK.search(text)
    if found is None or near is None or found[1].lower() not in MONTH_OF:
        return None
    month, day, hour, minute, second = MONTH_OF[found[1].lower()], *(int(part) for part in found.groups()[1:])
    for year in (near.year, near.year - 1):
        try:
            told = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the text names no zone
        except ValueError:
            continue
        if told - near.replace(tzinfo=None) < timedelta(days=2):
            return told
    return None


read = reader(
    Format(
        tool="updraftplus",
        marks=r"UpdraftPlus WordPress backup|^Backup of: https?://|\bUpdraftPlus\b",
        subject_marks=r"\(UpdraftPlus",
        fields={"what": (r"^Backup of: (\S+)",)},
        failure=(
            r"unsuccessful|[Tt]he backup (?:attempt )?(?:has )?(?:failed|was aborted)|^Errors? encountered|^Error:"
            r"|not (?:yet )?complete"
            r"|has not (?:yet )?(?:finished|completed)"
        ),
        warning=r"\(with warnings\)|^Warnings? encountered|^Warning:|with (?:errors|warnings)",
        success=r"apparently succeeded|backup (?:was )?(?:succeeded|successful)",
        refine=_refined,
    )
)
