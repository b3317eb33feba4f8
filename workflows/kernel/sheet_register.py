"""Writes approved proposals into the sheet: the row, its mirrored copy, the audit, and last of all the end of the proposal.

Dying at any line repeats: a row that is there is not written again, and what was begun is known from the book.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from workflows.kernel.errors import OutsideError, RateLimited, Refused
from workflows.kernel.ports import Event
from workflows.kernel.proposal import Proposal
from workflows.kernel.proposals import added, hindered
from workflows.kernel.sheet import Grid, as_csv, plain
from workflows.kernel.sheet_book import Begun
from workflows.kernel.sheet_mirror import Mirrored
from workflows.kernel.sheet_plan import Append, Hindered, There, Write, holds, plan_add, plan_change
from workflows.kernel.sheet_repair import put_back
from workflows.kernel.sheet_run import Ports, Run
from workflows.kernel.sheet_trouble import explained

NO_SHEET = "no Google sheet is set up to add it to; whoever deploys gives one as JobsSheetId"


def register(proposal_ids: Iterable[str], run: Run) -> int:
    """Registers these proposals, as far as they are approved and time allows; how many were closed.

    One that was discarded while its row was being written is closed as added if the row is there: nothing hides a row.
    """
    written = [proposal for proposal_id in proposal_ids if (proposal := _in_the_sheet(proposal_id, run)) is not None]
    if not written:
        return 0
    mirrored = run.mirror(run.ports.table, {key_of_row(one, run): _wanted(one) for one in written})
    if why := _not_mirrored(mirrored):
        for proposal in written:
            _hinder(proposal, why, run.ports)
        return 0
    for proposal in written:
        _close(proposal, run)
    return len(written)


def _in_the_sheet(proposal_id: str, run: Run) -> Proposal | None:
    """The proposal, if the sheet holds its row now; its card learns why not, if it is still wanted."""
    proposal = run.ports.proposals.get(proposal_id)  # what it says now: it may be edited or discarded meanwhile
    if proposal is None or proposal.state == "approved":
        run.write_down(run.book.end(proposal_id))
        return None
    if proposal.state != "approving" and proposal_id not in run.book.begun:
        return None
    if run.ports.table.id and not run.has_time():
        return None
    why = _written(proposal, run) if run.ports.table.id else NO_SHEET
    if why:
        _hinder(proposal, why, run.ports)
        return None
    return proposal


def key_of_row(proposal: Proposal, run: Run) -> str:
    """The key of the row: as its cells have it, which a person may have edited, else the proposal's own."""
    typed = plain(proposal.cells.get(run.ports.rows.key_column, ""))
    return typed if typed and proposal.op == "add" else proposal.key


def _written(proposal: Proposal, run: Run) -> str:
    """Sees to it that the sheet holds what is proposed; "" when it does, else why it does not yet."""
    ports = run.ports
    key = key_of_row(proposal, run)
    try:
        grid = ports.sheet.read()
        step = _step(proposal, key, grid, ports)
        if isinstance(step, There):
            return ""
        if isinstance(step, Hindered) and proposal.state == "approving":
            return step.why
        if (why := _not_begun(proposal, run)) or isinstance(step, Hindered):
            return why
        return _write(proposal, key, step, grid, run)
    except Refused as refusal:
        fault = explained(refusal, ports.table, ports.drive.account)
        return f"{fault.problem}; {fault.fix}"
    except OutsideError as error:
        return f"Google did not answer ({error.reason}); it is tried again in a few minutes"


def _not_begun(proposal: Proposal, run: Run) -> str:
    """Why writing must not begin now; "" when it may."""
    begun = run.book.begun.get(proposal.proposal_id)
    if begun is not None and begun.unsettled(run.ports.now):
        return "Google has not said whether the row was written; it is looked at again in a few minutes"
    if proposal.state != "approving":  # discarded while it was written, and it never arrived
        run.write_down(run.book.end(proposal.proposal_id))
        return "it is not approved"
    return ""


def _write(proposal: Proposal, key: str, step: Append | Write, grid: Grid, run: Run) -> str:
    run.write_down(run.book.begin({proposal.proposal_id: _begun(proposal, key, step, run.ports.now)}))
    try:
        if isinstance(step, Append):
            run.ports.sheet.append(step.cells)
        else:
            run.ports.sheet.write(step.cells)
    except (Refused, RateLimited):  # surely not written: free to be tried again at once
        run.write_down(run.book.end(proposal.proposal_id))
        raise
    return _seen_there(proposal, key, step, grid, run)


def _step(proposal: Proposal, key: str, grid: Grid, ports: Ports) -> Append | Write | There | Hindered:
    if proposal.op == "add":
        return plan_add(grid, key, proposal.cells, ports.rows)
    return plan_change(grid, key, proposal.cells, proposal.expected_old, ports.rows)


def _seen_there(proposal: Proposal, key: str, step: Append | Write, before: Grid, run: Run) -> str:
    """Looks at what was written. What landed in the wrong row is put back, and written by the next run."""
    sheet = run.ports.sheet
    after = sheet.read()
    if isinstance(step, Write) and (undo := put_back(step.cells, before, after)):
        sheet.write(undo)
        run.write_down(run.book.end(proposal.proposal_id))
        return "rows were moved in the sheet while it was written; it is tried again in a few minutes"
    if not holds(as_csv(after), {key: _wanted(proposal)}, run.ports.rows):
        return "it was written, but the sheet does not show it; it is looked at again in a few minutes"
    return ""


def _begun(proposal: Proposal, key: str, step: Append | Write, now: datetime) -> Begun:
    before: Mapping[str, str] = step.before if isinstance(step, Write) else {}
    return Begun(
        subject=key,
        at=now.isoformat(),
        action="row_added" if isinstance(step, Append) else "row_changed",
        by=proposal.decided_by or proposal.by,
        before=before,
        after=step.after,
        why=f"proposal {proposal.proposal_id}, approved",
    )


def _wanted(proposal: Proposal) -> dict[str, str]:
    """The cells that its row must have: of a new row, which is known by its key alone, none in particular."""
    return {column: plain(text) for column, text in proposal.cells.items()} if proposal.op == "change" else {}


def _not_mirrored(mirrored: Mirrored) -> str:
    if mirrored.fault is not None:
        return f"the row is in the sheet, but the sheet cannot be read: {mirrored.fault.problem}; {mirrored.fault.fix}"
    return mirrored.waits


def _close(proposal: Proposal, run: Run) -> None:
    """In this order: what is repeated does no harm, and the proposal stays open until all is done."""
    ports = run.ports
    begun = run.book.begun.get(proposal.proposal_id)
    if begun is not None:
        ports.audit.write(begun.entry())
    reread = _reread(proposal.proposal_id, frozenset(), ports)
    note = "" if begun is not None else "The sheet had it already."
    added(proposal.proposal_id, proposals=ports.proposals, bus=ports.bus, now=ports.now, note=note)
    _reread(proposal.proposal_id, reread, ports)  # a mail that came in between
    run.write_down(run.book.end(proposal.proposal_id))


def _reread(proposal_id: str, known: frozenset[str], ports: Ports) -> frozenset[str]:
    """Has the mails that this proposal was learned from read again, as runs of a row that is on the list now."""
    proposal = ports.proposals.get(proposal_id)
    if proposal is None or proposal.lane != "mail":
        return known
    refs = {str(seen["ref"]): None for seen in proposal.seen if seen.get("ref")}
    if new := [ref for ref in refs if ref not in known]:
        ports.bus.publish([Event(kind="bk.reread", detail={"v": 1, "refs": new})])
    return frozenset(refs)


def _hinder(proposal: Proposal, why: str, ports: Ports) -> None:
    hindered(proposal.proposal_id, why, proposals=ports.proposals, bus=ports.bus, now=ports.now)
