"""Writes the key of a row into the sheet, once, so that renaming the row keeps its history."""

from collections.abc import Mapping
from dataclasses import replace

from workflows.kernel.errors import OutsideError, Refused
from workflows.kernel.sheet import Cell, Grid, as_csv
from workflows.kernel.sheet_book import KEY, Begun, Seen
from workflows.kernel.sheet_plan import plan_keys
from workflows.kernel.sheet_repair import put_back
from workflows.kernel.sheet_run import Run
from workflows.kernel.sheet_trouble import explained
from workflows.kernel.table import read_table

ABOUT = "keys"


def write_keys(run: Run) -> int:
    """Fills the blank keys of sound rows, if the sheet is another one than when that was done last; how many.

    The sheet is read right before and looked at right after: what landed in the wrong row, because people move rows meanwhile,
    is put back, and tried again by the next run.
    """
    ports = run.ports
    seen = run.book.seen.get(ports.table.key, Seen())
    if not seen.digest or (seen.digest == run.book.keyed and not run.book.keys_begun()):
        return 0
    try:
        grid, undone = _write(run)
    except Refused as refusal:
        run.trouble(ABOUT, explained(refusal, ports.table, ports.drive.account))
        return 0
    except OutsideError:  # the next run reads the sheet again
        return 0
    run.trouble(ABOUT, None)
    written = _audit(run, grid)
    if not written and not undone:
        run.write_down(replace(run.book, keyed=seen.digest))
    return written


def _write(run: Run) -> tuple[Grid, bool]:
    """The sheet as it is afterwards, and whether something had to be put back."""
    ports = run.ports
    grid = ports.sheet.read()
    plan = plan_keys(grid, ports.rows)
    if not plan:
        return grid, False
    run.write_down(run.book.begin(_begun(plan, run)))
    ports.sheet.write(plan)
    after = ports.sheet.read()
    undo = put_back(plan, grid, after)
    if not undo:
        return after, False
    ports.sheet.write(undo)
    return ports.sheet.read(), True


def _begun(plan: Mapping[Cell, str], run: Run) -> dict[str, Begun]:
    column, at = run.ports.rows.key_column, run.ports.now.isoformat()
    why = "its row had none; written down once, so that a new name keeps its history"
    return {
        KEY + key: Begun(subject=key, at=at, action="key_written", by="sheet", after={column: key}, why=why)
        for key in plan.values()
        if KEY + key not in run.book.begun
    }


def _audit(run: Run, grid: Grid) -> int:
    """Audits the keys that were begun and are in the sheet, and forgets those that are not: they are begun anew."""
    rows = run.ports.rows
    table = read_table(as_csv(grid), rows.columns)
    place = table.columns.get(rows.key_column)
    typed = {row.cells[place] for row in table.rows} if place is not None else set()
    begun = run.book.keys_begun()
    done = [one for one in begun.values() if one.subject in typed]
    for one in done:
        run.ports.audit.write(one.entry())
    run.write_down(run.book.end(*begun))
    return len(done)
