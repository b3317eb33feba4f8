"""The admin says that vanished rows were meant to go: the next full check takes their jobs off the watch.

Each job is marked by itself, under its revision and with an audit entry; a row that comes back takes its mark away.
"""

from dataclasses import replace
from datetime import datetime

from workflows.backup.audit import outline
from workflows.backup.ports import Standings
from workflows.backup.standing import Standing
from workflows.kernel.errors import Conflict
from workflows.kernel.ports import AuditEntry, Bus, Directory
from workflows.kernel.proposals import Asker
from workflows.kernel.reply import Reply
from workflows.kernel.rights import Authority, Owners, refusal

TRIES_MAX = 3


def let_go(
    held: str,
    asker: Asker,
    *,
    standings: Standings,
    bus: Bus,  # noqa: ARG001 - every press is given the same ports; the next full check needs no nudge
    directory: Directory,
    authority: Authority,
    now: datetime,
) -> Reply:
    """`held`: the mark of the rows, as their notice has it. Marking twice, or dying in between, does no harm."""
    known = standings.fleet().get("held", {})
    job_ids = known.get("job_ids", []) if known.get("mark") == held else []
    only = Authority(team_id=authority.team_id, admin=authority.admin)
    if refusal(asker.user_id, asker.team_id, owners=Owners(emails=()), authority=only, directory=directory):
        why = f"Only {authority.admin}, the admin, can let rows go."
        _mark(job_ids[:1], asker, "refused", why, standings, now)
        return Reply(kind="refused", text=why)
    if not job_ids:
        return Reply(kind="stale", text="What is held has changed since. A newer message says what it is now, if anything is.")
    marked = _mark(job_ids, asker, "let_go", "the admin says that these rows were meant to go", standings, now)
    if marked is None:
        return Reply(kind="try_again", text="Not all of them could be marked: something else is changing them. Press again.")
    if not marked:
        return Reply(kind="already", text="These are let go already; they leave with the next full check, within the hour.")
    rows = "1 row is" if marked == 1 else f"{marked} rows are"
    return Reply(kind="done", text=f"{rows} let go: no longer watched from the next full check on, within the hour.")


def _mark(job_ids: list[str], asker: Asker, action: str, why: str, standings: Standings, now: datetime) -> int | None:
    """How many were marked; None when one could not be."""
    marked = 0
    for job_id in job_ids:
        done = _mark_one(job_id, asker, action, why, standings, now)
        if done is None:
            return None
        marked += done
    return marked


def _mark_one(job_id: str, asker: Asker, action: str, why: str, standings: Standings, now: datetime) -> bool | None:
    """True when it was marked now, False when there was nothing to mark, None when others keep writing."""
    for _ in range(TRIES_MAX):
        before = standings.get(job_id)
        after = _marked(before, now) if action == "let_go" else before
        if before is None or after is None:
            return False
        entry = AuditEntry(
            subject=job_id, at=now, action=action, by=asker.user_id, before=outline(before), after=outline(after), why=why
        )
        try:
            standings.save(after, entry)
        except Conflict:
            continue
        return True
    return None


def _marked(standing: Standing | None, now: datetime) -> Standing | None:
    if standing is None or standing.let_go or standing.state == "off_list":
        return None
    return replace(standing, let_go=True, listed_at=now)  # a check with an older list must not take it for a row that is back
