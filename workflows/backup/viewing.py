"""What anyone of the workspace may look at: why a job stands as it does, and what came of it so far. Nothing is written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from workflows.backup.explain import explain
from workflows.backup.explanation import Explanation
from workflows.backup.ports import Standings
from workflows.backup.rules import Rules
from workflows.backup.standing import Standing
from workflows.kernel.deciding import Asker
from workflows.kernel.ports import AuditEntry, Directory
from workflows.kernel.reply import Reply
from workflows.kernel.rights import Authority, viewer_of

ACTS_READ_MAX = 300
"""So many entries of the audit are looked through for one history: about a year of a daily job."""

BOOKKEEPING = frozenset({"evidence", "shown", "changed"})
"""What a check writes down by itself, night after night: new runs, which stand in a table of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What came of a job: its runs and what was done about it, both newest first.

    Attributes:
        more: there are older entries than were looked through.
    """

    standing: Standing
    acts: tuple[AuditEntry, ...] = ()
    more: bool = False


def explain_job(
    job_id: str,
    asker: Asker,
    *,
    standings: Standings,
    rules: Callable[[], Rules],
    timezone: str,
    directory: Directory,
    authority: Authority,
    now: datetime,
) -> Explanation | Reply:
    """Why the job stands as it does."""
    standing = _seen(job_id, asker, standings, directory, authority)
    return standing if isinstance(standing, Reply) else explain(standing, rules=rules(), timezone=timezone, now=now)


def history_of(job_id: str, asker: Asker, *, standings: Standings, directory: Directory, authority: Authority) -> History | Reply:
    """Its runs, and what people and checks did about it."""
    standing = _seen(job_id, asker, standings, directory, authority)
    if isinstance(standing, Reply):
        return standing
    read = standings.history(job_id, ACTS_READ_MAX)
    acts = tuple(entry for entry in read if entry.action not in BOOKKEEPING)
    return History(standing=standing, acts=acts, more=len(read) == ACTS_READ_MAX)


def _seen(job_id: str, asker: Asker, standings: Standings, directory: Directory, authority: Authority) -> Standing | Reply:
    if viewer_of(asker.user_id, asker.team_id, authority=authority, directory=directory) is None:
        return Reply(kind="refused", text="Guests do not see the backups of this workspace.")
    standing = standings.get(job_id)
    if standing is None:
        return Reply(kind="gone", text="This job is no longer on the job list.")
    return standing
