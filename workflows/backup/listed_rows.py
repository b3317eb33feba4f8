"""What the sentinel knows of the rows that proposals are about: the kernel's port `Rows`, answered from the standings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workflows.backup.joblist import slug_of
from workflows.backup.ports import Standings
from workflows.backup.row_mistakes import mistakes_in
from workflows.backup.rules import Rules
from workflows.backup.standing import Standing
from workflows.kernel.proposal import Proposal
from workflows.kernel.propose import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRows:
    """A job's last good row is what a change starts from: the list itself is never read for a press.

    Attributes:
        rules: gives those in force. timezone: IANA name for rows that state none.
    """

    standings: Standings
    rules: Callable[[], Rules]
    timezone: str

    def errors(self, proposal: Proposal) -> Mapping[str, str]:
        listed = self._listed(proposal.key) if proposal.key else None
        if proposal.op == "change":
            if listed is None:
                return {"name": "This job is no longer on the list."}
            row = {**listed.row, **proposal.cells, "job_id": proposal.key}
        else:
            row = dict(proposal.cells)
        found = mistakes_in(row, timezone=self.timezone, rules=self.rules())
        if proposal.op == "add" and listed is not None and not found:
            column = "job_id" if row.get("job_id") else "name"
            return {column: f"{proposal.key} is the id of a job that is on the list. Choose another id."}
        return found

    def key(self, cells: Mapping[str, str]) -> str:
        return cells.get("job_id", "") or slug_of(cells.get("name", ""))

    def this_one(self, proposal: Proposal, key: str) -> Draft | None:
        """The row is told of by reports from now on, and names them as this one names itself."""
        listed = self._listed(key)
        named = proposal.cells.get("report_from", "")
        if listed is None or not named:
            return None
        target = listed.row.get("target", "")
        told = "report" in target.lower().replace(",", " ").replace(";", " ").split()
        cells = {"report_from": named} | ({} if told else {"target": f"{target} report".strip()})
        return Draft(key=key, cells=cells, expected_old={column: listed.row.get(column, "") for column in cells})

    def _listed(self, job_id: str) -> Standing | None:
        standing = self.standings.get(job_id)
        return standing if standing is not None and standing.state != "off_list" else None
