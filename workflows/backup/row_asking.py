"""Rows asked for in Slack: the form that someone gets, and what becomes of what it sends. What is decided is the kernel's."""

import html
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from workflows.backup.naming import find_job
from workflows.backup.ports import Standings
from workflows.backup.row_form import RowForm, RowSent
from workflows.backup.standing import Standing
from workflows.kernel.ports import Bus, Directory
from workflows.kernel.proposal import Proposal, Proposals
from workflows.kernel.proposals import Asker, Rows, ask, edit
from workflows.kernel.reply import Reply
from workflows.kernel.rights import Authority, Owners, refusal

WAITS = "What you send waits on a card until an approver says yes."
ADDING = "Its row is on its way to the sheet. The card in the proposals channel says when it is there."
CLOSED = {
    "reading": "Its report is still being read; look again in a minute.",
    "approving": "It is approved, and being added right now.",
    "approved": "It is approved already, and on the list.",
    "discarded": "It was discarded already.",
}


def may_ask(asker: Asker, *, directory: Directory, authority: Authority) -> Reply | None:
    """None for everybody of this workspace who is no guest; else why not."""
    theirs = Owners(emails=(), user_ids=frozenset({asker.user_id}))
    why = refusal(asker.user_id, asker.team_id, owners=theirs, authority=authority, directory=directory)
    return Reply(kind="refused", text=why) if why else None


def add_form(name: str, asker: Asker, *, directory: Directory, authority: Authority) -> RowForm | Reply:
    """An empty form, but for the name."""
    refused = may_ask(asker, directory=directory, authority=authority)
    if refused is not None:
        return refused
    blank = blank_form(asker, directory=directory, authority=authority)
    return replace(blank, cells={"name": name} if name else {})


def blank_form(asker: Asker, *, directory: Directory, authority: Authority) -> RowForm:
    approves = _may_approve(asker, directory, authority)
    return RowForm(approves=approves, said="" if approves else WAITS)


def change_form(typed: str, asker: Asker, *, standings: Standings, directory: Directory, authority: Authority) -> RowForm | Reply:
    """The row of the job that is meant, as it was last good."""
    refused = may_ask(asker, directory=directory, authority=authority)
    if refused is not None:
        return refused
    job = _listed(standings, typed) or find_job(typed, standings.every())  # an id, as a button has it, costs one read
    if isinstance(job, Reply):
        return job
    blank = blank_form(asker, directory=directory, authority=authority)
    return replace(blank, cells=job.row, key=job.job_id, change=True)


def edit_form(
    proposal_id: str,
    asker: Asker,
    *,
    proposals: Proposals,
    standings: Standings,
    directory: Directory,
    authority: Authority,
) -> RowForm | Reply:
    """The row that a proposal would add, or the row it would change with the changes in it."""
    refused = may_ask(asker, directory=directory, authority=authority)
    if refused is not None:
        return refused
    proposal = proposals.get(proposal_id)
    if proposal is None:
        return Reply(kind="gone", text="This proposal is no longer remembered.")
    if proposal.state not in {"pending", "approving"}:
        return Reply(kind="already", text=CLOSED[proposal.state])
    if proposal.candidates:
        return Reply(kind="invalid", text="Say first which job it is, or that it is a new one.")
    listed = _listed(standings, proposal.key) if proposal.op == "change" else None
    return replace(
        blank_form(asker, directory=directory, authority=authority),
        cells={**(listed.row if listed is not None else {}), **proposal.cells},
        key=proposal.key if proposal.op == "change" or proposal.lane == "heartbeat" else "",
        proposal_id=proposal_id,
        change=proposal.op == "change",
    )


def save_row(
    sent: RowSent,
    *,
    standings: Standings,
    proposals: Proposals,
    rows: Rows,
    bus: Bus,
    directory: Directory,
    authority: Authority,
    now: datetime,
) -> Reply:
    """Asks for the row, or the change, or edits the proposal; `errors` by column where the sheet could not hold it.

    Sent twice, it is asked for once. A field that was left as it was changes nothing.
    """
    row = _row_now(sent, standings)
    old = {column: _as_stored(row, column, sent.began.get(column, "")) for column in sent.changed}
    if sent.proposal_id:
        return edit(
            sent.proposal_id,
            sent.asker,
            sent.changed,
            expected_old=old,
            proposals=proposals,
            rows=rows,
            bus=bus,
            directory=directory,
            authority=authority,
            now=now,
        )
    if sent.change and not sent.changed:
        return Reply(kind="already", text="Nothing was changed.")
    reply = ask(
        f"slack-{sha256(sent.form_id.encode()).hexdigest()[:16]}",
        sent.asker,
        sent.changed if sent.change else sent.cells,
        op="change" if sent.change else "add",
        key=sent.key,
        expected_old=old if sent.change else {},
        proposals=proposals,
        rows=rows,
        bus=bus,
        directory=directory,
        authority=authority,
        now=now,
    )
    return Reply(kind="done", text=reply.text or ADDING) if reply.kind == "done" else reply


def waiting(asker: Asker, *, proposals: Proposals, directory: Directory, authority: Authority) -> tuple[Proposal, ...] | Reply:
    """What waits for approval, or is being added, the oldest first."""
    refused = may_ask(asker, directory=directory, authority=authority)
    return refused if refused is not None else tuple(proposals.open())


def _may_approve(asker: Asker, directory: Directory, authority: Authority) -> bool:
    nobody = Owners(emails=())
    return not refusal(asker.user_id, asker.team_id, owners=nobody, authority=authority, directory=directory)


def _listed(standings: Standings, job_id: str) -> Standing | None:
    standing = standings.get(job_id)
    return standing if standing is not None and standing.state != "off_list" else None


def _row_now(sent: RowSent, standings: Standings) -> Mapping[str, str]:
    """The row that a change would change, as it was last good; {} for a new one."""
    listed = _listed(standings, sent.key) if sent.change else None
    return listed.row if listed is not None else {}


def _as_stored(row: Mapping[str, str], column: str, began: str) -> str:
    """What the form began with, as the sheet spells it: a form shows single spaces only, and may come back with entities."""
    stored = row.get(column, "")
    return stored if " ".join(stored.split()) in {began, html.unescape(began)} else began
