"""The board: what somebody sees of all jobs, and what each of them lets this person do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workflows.backup.acknowledgement import owners_of
from workflows.backup.gaps import now_blind
from workflows.backup.job_id import CANARY
from workflows.backup.ports import Standings
from workflows.backup.press import Reply
from workflows.backup.standing import Standing
from workflows.kernel.errors import OutsideError
from workflows.kernel.ports import Directory, Json
from workflows.kernel.proposal import Proposal, Proposals
from workflows.kernel.rights import Authority, Viewer, viewer_of

ELSEWHERE = "This board is for people of another workspace."
GUESTS = "Guests do not see the backups of this workspace."


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All jobs, as one person sees them.

    Attributes:
        jobs: every standing, in no particular order; those that left the list too.
        viewer: who looks.
        proposals: what waits for approval, the oldest first; None where that could not be read just now.
        checked_at: when the last hourly check of all completed; None before the first.
        blind: spans that nobody observes now: {mode, from}.
        troubles: for those who stand above the owners: details of notices about list and rules that are still true.
    """

    jobs: tuple[Standing, ...]
    viewer: Viewer
    proposals: tuple[Proposal, ...] | None = ()
    checked_at: datetime | None = None
    blind: tuple[Json, ...] = ()
    troubles: tuple[Json, ...] = ()

    def mine(self, standing: Standing) -> bool:
        return self.viewer.owns(owners_of(standing))

    def may(self, standing: Standing) -> bool:
        """Whether the viewer may act on this job: what they may not is not offered."""
        return standing.state != "off_list" and self.viewer.may(owners_of(standing))


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """One job in full, as one person sees it. `may`: act on it."""

    standing: Standing
    may: bool


def board_of(
    user_id: str,
    team_id: str,
    *,
    standings: Standings,
    proposals: Proposals,
    directory: Directory,
    authority: Authority,
    now: datetime,
) -> Board | Reply:
    """The board, for anyone of the workspace who is no guest."""
    viewer = viewer_of(user_id, team_id, authority=authority, directory=directory)
    if viewer is None:
        return _nothing_to_see(team_id, authority)
    jobs = tuple(standing for standing in standings.every() if standing.job_id != CANARY)
    fleet = standings.fleet()
    checked = fleet.get("fast_at")
    return Board(
        jobs=jobs,
        viewer=viewer,
        proposals=_open(proposals),
        checked_at=datetime.fromisoformat(checked) if checked else None,
        blind=tuple(now_blind(fleet, now)),
        troubles=_troubles(fleet, jobs) if viewer.above else (),
    )


def job_view(
    job_id: str, user_id: str, team_id: str, *, standings: Standings, directory: Directory, authority: Authority
) -> JobView | Reply:
    """One job, by a consistent read: whoever asks may just have changed it."""
    viewer = viewer_of(user_id, team_id, authority=authority, directory=directory)
    if viewer is None:
        return _nothing_to_see(team_id, authority)
    standing = standings.get(job_id)
    if standing is None or standing.state == "off_list":
        return Reply(kind="gone", text="This job is no longer on the job list.")
    return JobView(standing=standing, may=viewer.may(owners_of(standing)))


def _nothing_to_see(team_id: str, authority: Authority) -> Reply:
    return Reply(kind="refused", text=GUESTS if team_id == authority.team_id else ELSEWHERE)


def _open(proposals: Proposals) -> tuple[Proposal, ...] | None:
    """The jobs are shown even while the proposals cannot be read."""
    try:
        return tuple(proposals.open())
    except OutsideError:
        return None


def _troubles(fleet: Json, jobs: Sequence[Standing]) -> tuple[Json, ...]:
    held = fleet.get("held", {})
    found: list[Json] = list(fleet.get("troubles", ()))
    if held.get("job_ids"):
        names = {standing.job_id: standing.row.get("name") or standing.job_id for standing in jobs}
        rows = sorted(names.get(job_id, job_id) for job_id in held["job_ids"])
        found.append({"about": "vanished_rows", "rows": rows, "count": len(rows), "held": held["mark"]})
    return tuple(found)
