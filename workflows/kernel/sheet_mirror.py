"""Mirrors one document of Google's: only when it changed, and never a copy that is worse than none."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from workflows.kernel.errors import OutsideError, Refused
from workflows.kernel.sheet import Drive, Fault, Mirror, Rows, Source
from workflows.kernel.sheet_book import SILENT_TOLD_AFTER, Seen, digest_of
from workflows.kernel.sheet_plan import holds
from workflows.kernel.sheet_trouble import explained
from workflows.kernel.table import read_table

Wanted = Mapping[str, Mapping[str, str]]
"""Key -> the cells that its row must have: what was just written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirrored:
    """What came of it.

    Attributes:
        fault: what the admin must hear; the last good copy is then still in force.
        waits: why it could not be done now, though it may be next time; "" when it was.
        put: the mirrored copy was written.
    """

    seen: Seen
    fault: Fault | None = None
    waits: str = ""
    put: bool = False


def mirror(
    source: Source, seen: Seen, *, drive: Drive, mirror: Mirror, rows: Rows, now: datetime, wanted: Wanted | None = None
) -> Mirrored:
    """Brings the mirrored copy up to date.

    A copy that was put by hand stays while the document is what it was, unless it lacks what is `wanted`. Raises what the
    mirror raises; what Google does is told in the answer.
    """
    stored = mirror.read(source.key)
    try:
        version = drive.version(source)  # before the export: a later change is then seen by the next run
        if stored is not None and version == seen.version and not wanted:
            return Mirrored(seen=replace(seen, silent_since=""))
        text = drive.export(source)
    except Refused as refusal:
        return Mirrored(seen=replace(seen, silent_since=""), fault=explained(refusal, source, drive.account))
    except OutsideError as error:
        return _silent(seen, error, now)
    kept = stored.text if stored is not None else ""
    if fault := fault_of(text, kept, source, rows):
        return Mirrored(seen=replace(seen, version="", silent_since=""), fault=fault)
    if wanted and not holds(text, wanted, rows):
        return Mirrored(seen=replace(seen, version=""), waits="what was written does not show in Google's export yet")

    digest = digest_of(text)
    by_hand = digest == seen.digest and holds(kept, wanted or {}, rows)
    put = stored is None or (text != kept and not by_hand)
    if put:
        mirror.put(source.key, text)
    return Mirrored(seen=Seen(version=version, digest=digest), put=put)


def fault_of(text: str, kept: str, source: Source, rows: Rows) -> Fault | None:
    """Why this export must not take the place of the kept copy ("" = there is none)."""
    if text.lstrip()[:15].lower().startswith(("<!doctype html", "<html")):
        return Fault("Google sent a web page instead of the document", "see whether the document opens")
    if source.kind == "sheet":
        return _fault_of_sheet(text, kept, rows)
    if not text.strip() and kept.strip():
        return Fault("the document is empty", "restore it from its version history; or write a line beginning with # into it")
    return None


def _fault_of_sheet(text: str, kept: str, rows: Rows) -> Fault | None:
    if not text.strip():
        return Fault("the sheet is empty", f"a first row with {', '.join(rows.columns)}; or restore it from its version history")
    if fault := rows.unusable(text):
        return fault
    if cut_short(text):
        return Fault("the export broke off", "nothing, unless it stays so: the next sync exports it again")
    if not read_table(text, rows.columns).rows and read_table(kept, rows.columns).rows:
        return Fault("the sheet has lost all of its rows", "restore them from its version history")
    return None


def cut_short(text: str) -> bool:
    """Whether this is only the beginning of an export.

    It ends within a quotation, or in a row narrower than all others, which are of one width.
    """
    try:
        widths = [len(row) for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error:
        return True
    return len(widths) > 1 and len(set(widths[:-1])) == 1 and widths[-1] < widths[0]


def _silent(seen: Seen, error: OutsideError, now: datetime) -> Mirrored:
    """Google did not answer, or asked us to wait. The next run is soon; only when this lasts does the admin hear of it."""
    since = seen.silent_since or now.isoformat()
    lasts = now - datetime.fromisoformat(since) >= SILENT_TOLD_AFTER
    fault = Fault("Google has not answered for an hour or more", "nothing while Google has trouble; it is tried again and again")
    return Mirrored(
        seen=replace(seen, silent_since=since),
        fault=fault if lasts else None,
        waits=f"Google does not answer ({error.reason}); it is tried again in a few minutes",
    )
