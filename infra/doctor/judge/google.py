"""Google: the sheet and the two documents are readable, the sheet is one that rows can be read of, and its copy is new."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from infra.doctor.finding import Finding, few, ok, unsure, wrong
from workflows.backup.joblist import COLUMNS, JobList
from workflows.kernel.documents import Mistake
from workflows.kernel.errors import Refused
from workflows.kernel.sheet import Source
from workflows.kernel.sheet_trouble import explained
from workflows.kernel.table import Table, key_of

MIRRORED_WITHIN = timedelta(minutes=35)
"""Two runs of the schedule, and a little."""

SYNC = (
    "aws lambda invoke --function-name {prefix}-drive-sync --cli-binary-format raw-in-base64-out "
    '--payload \'{{"mode":"sync"}}\' /dev/stdout'
)


def refused(refusal: Refused, source: Source, account: str) -> Finding:
    fault = explained(refusal, source, account)
    return wrong(f"the {source.name}: {fault.problem}", fault.fix)


def not_set_up(source: Source, stored: datetime | None) -> Finding:
    """`stored`: when its object was last written; None where there is none."""
    if source.kind == "text":
        return ok(f"no {source.name} is set up at Google; {_at(stored) or 'the built-in words hold'}")
    choose = "set JobsSheetId in samconfig.toml to the long part of the sheet's address, then make deploy"
    if stored is None:
        own = f"or put a {source.key} of your own (README, section 5)"
        return wrong(
            f"no {source.name} is set up at Google, and there is no object {source.key}: nothing is watched", f"{choose}; {own}"
        )
    return unsure(
        f"no {source.name} is set up at Google: the object {source.key} is the list, {_at(stored)}", f"as meant, or {choose}"
    )


def _at(stored: datetime | None) -> str:
    return f"its object was written {stored:%Y-%m-%d %H:%M} UTC" if stored else ""


def judge_editor(source: Source, account: str, *, may_edit: bool) -> Finding:
    if may_edit:
        return ok(f"{account} may edit the {source.name}")
    return wrong(
        f"{account} may read the {source.name}, but not edit it: approved rows cannot be written",
        f"open the sheet, Share, {account}, Editor",
    )


def judge_sheet(table: Table, listed: JobList) -> Iterator[Finding]:
    """`table` and `listed`: the same sheet, as the sentinel reads it."""
    if not listed.readable:
        for error in listed.errors[-1:]:
            yield wrong(f"the job list cannot be read: {error.problem} (row {error.row_number})", f"in the sheet: {error.fix}")
        return
    mistyped = [warning for warning in listed.warnings if warning.row_number == 1]
    for warning in mistyped:
        yield wrong(f"the job list: {warning.problem}", f"in the first row of the sheet: {warning.fix}")
    near = {key_of(warning.column) for warning in mistyped}
    others = [header for header in table.others if key_of(header)[:40] not in near]
    missing = [column for column in COLUMNS if column not in table.columns]
    if missing and not mistyped:
        yield unsure(
            f"the job list has no column {few(missing, 9)}: what is approved for it is not kept",
            "add these headers to the first row of the sheet",
        )
    if listed.errors:
        told = [f"row {error.row_number}, {error.column or 'all of it'}: {error.problem}" for error in listed.errors]
        yield unsure(
            f"{len(listed.errors)} mistakes in the job list: {few(told)}",
            "correct them in the sheet; the admin was told each with what would be right",
        )
    ignored = f"; not used: {few(others, 5)}" if others else ""
    yield ok(f"the job list is readable, {len(listed.jobs)} jobs{ignored}")


def judge_words(source: Source, mistakes: Sequence[Mistake]) -> Finding:
    if not mistakes:
        return ok(f"the {source.name} is readable")
    first = mistakes[0]
    return unsure(
        f"{len(mistakes)} mistakes in the {source.name}, so that its last good version holds: line {first.line}, {first.problem}",
        f"correct the document: {first.fix}",
    )


def judge_copy(source: Source, version: str, mirrored: str, stored: datetime | None, *, now: datetime, prefix: str) -> Finding:
    """`version`: Drive's own of the document and of what was mirrored last; both end with when it was changed.

    `stored`: when its object was last written; None where there is none.
    """
    remedy = f"{SYNC.format(prefix=prefix)}; then aws logs tail /aws/lambda/{prefix}-drive-sync --since 15m"
    if not mirrored or stored is None:
        return wrong(f"the {source.name} was never mirrored", remedy)
    if version == mirrored:
        return ok(f"the copy of the {source.name} is as the document is; {_at(stored)}")
    changed = _moment(version)
    if changed is None or now - changed <= MIRRORED_WITHIN:
        return ok(f"the {source.name} was changed a moment ago; the next sync takes it")
    return wrong(f"the {source.name} was changed {changed:%Y-%m-%d %H:%M} UTC, and is not mirrored yet", remedy)


def _moment(version: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(version.partition(" ")[2])
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def judge_troubles(troubles: Mapping[str, Mapping[str, str]]) -> Iterator[Finding]:
    """What the last sync found wrong, as it told the admin."""
    for trouble in troubles.values():
        yield wrong(f"the last sync says of the {trouble['document']}: {trouble['problem']}", trouble["fix"] or "open it and see")
