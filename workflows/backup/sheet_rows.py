"""What the sentinel knows of the rows of its sheet: the kernel's port `sheet.Rows`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workflows.backup.job import Job
from workflows.backup.joblist import COLUMNS, JobList, RowError, job_from_cells, parse_jobs
from workflows.backup.rules import Rules
from workflows.kernel.sheet import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRows:
    """The sheet read as the checker reads its mirrored copy, so that both mean the same rows.

    Attributes:
        rules: in force. timezone: IANA name for rows that state none.
    """

    rules: Rules
    timezone: str
    _read: dict[str, JobList] = field(init=False, default_factory=dict, compare=False, repr=False)

    @property
    def columns(self) -> Sequence[str]:
        return COLUMNS

    @property
    def key_column(self) -> str:
        return "job_id"

    def keys(self, text: str) -> Mapping[int, str]:
        listed = self._listed(text)
        bad = {error.row_number: error.job_id for error in listed.errors if error.job_id}
        return bad | {job.row_number: job.job_id for job in listed.jobs}

    def unkeyed(self, text: str) -> Mapping[int, str]:
        return {job.row_number: job.job_id for job in self._listed(text).jobs if not job.cells.get("job_id")}

    def unusable(self, text: str) -> Fault | None:
        listed = self._listed(text)
        if listed.readable:
            return None
        error = listed.errors[-1]  # the first ones may be about rows; what makes a list unusable comes last
        return Fault(f"it cannot be read as the job list: {error.problem}", error.fix)

    def wrong(self, key: str, cells: Mapping[str, str], before: Mapping[str, str]) -> str:
        after, known = self._mistakes(key, cells), self._mistakes(key, before) if before else set()
        new = sorted(after - known)
        return "; ".join(f"{column}: {problem}; right would be {fix}" if fix else problem for column, problem, fix in new)

    def _mistakes(self, key: str, cells: Mapping[str, str]) -> set[tuple[str, str, str]]:
        read = job_from_cells({**cells, "job_id": cells.get("job_id") or key}, timezone=self.timezone, rules=self.rules)
        if isinstance(read, Job):
            same = read.job_id.casefold() == key.casefold()
            return set() if same else {("job_id", f'"{read.job_id}" is not what was approved', key)}
        return {_mistake(error) for error in read}

    def _listed(self, text: str) -> JobList:
        """The list that the text is; the newest is kept, since it is asked about several times."""
        if text not in self._read:
            self._read.clear()
            self._read[text] = parse_jobs(text, timezone=self.timezone, rules=self.rules)
        return self._read[text]


def _mistake(error: RowError) -> tuple[str, str, str]:
    return error.column, error.problem, error.fix
