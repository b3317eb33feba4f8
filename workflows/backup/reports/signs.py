"""For formats made of labels and sentences: patterns for the value of a label, and how a run ended by the words of some lines."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from workflows.backup.reports.form import Run, compiled, ends
from workflows.backup.reports.report import Report, Status
from workflows.backup.reports.statuses import said, status_of, without_zeros, worst

Refine = Callable[[Report, Run], Report]

_BEFORE = r"^[ \t*•·>#|-]{0,40}"
_COUNTED = re.compile(
    r"(?:err(?!and)|fehl|feil|fej|fout|fel\b|warn|avert|adver|avis|aviso|错误|エラー|ошиб|błęd|chyb"
    r"|hib)[^\d\n]{0,30}[1-9][\d.,]{0,12}\s*$"
)
_GAP = re.compile(r"\t|\s{2,}")
_ROW_MIN = 3
_LINES_MAX, _LINE_MAX = 5_000, 1_000


def label(*names: str) -> tuple[str, str]:
    """Patterns for what a label says: behind it on its line, else on the line below where it stands alone.

    The names are regular expressions, compared without case; marks of a list and of bold type around them are skipped.
    """
    name = "|".join(names)
    same = rf"(?i:{_BEFORE}(?:{name})[ \t*]{{0,40}}(?:[:：=|]|\t|\.{{3,60}}|[ ]{{2}})[ \t*|:]{{0,60}})(\S.{{0,400}})"
    below = rf"(?i:{_BEFORE}(?:{name})[ \t*]{{0,40}}[:：]?[ \t*]{{0,40}}\n[ \t]{{0,60}})([^\s:：][^:：\n]{{0,400}})$"
    return same, below


def by_words(lines: str = "", *, subject: bool = True, reading: Mapping[str, str] = MappingProxyType({})) -> Refine:
    """The status is what the words of the matching lines (all, without a pattern) and of the subject say; the worst of them.

    Names (of the job, the machine, the folder, the target) say nothing of an end, whatever words they are made of. `reading`:
    what the tool writes (a regular expression) -> what it means.
    """

    def refine(report: Report, run: Run) -> Report:
        names = (report.job, report.host, report.what, report.target)
        every = (line[:_LINE_MAX] for line in ends(run.text).split("\n")[:_LINES_MAX])
        told = [line for line in every if not lines or compiled(lines).search(line)]
        told += [run.part.subject] if subject else []
        for written, meant in reading.items():
            told = [compiled(written).sub(meant, line) for line in told]
        status, words = status_of_lines(told, names)
        return replace(report, status=status, said=words)

    return refine


def status_of_lines(lines: Iterable[str], names: Iterable[str] = ()) -> tuple[Status, str]:
    """The worst that any of the lines says, and that line; unknown where none says anything."""
    known = [name for name in names if len(name) > 1]
    found = [(status, line) for line in lines if (status := status_of_line(line, known)) is not None]
    status = worst(one for one, _ in found)
    return status, next((said(line) for one, line in found if one == status), "")


def status_of_line(line: str, names: Iterable[str] = ()) -> Status | None:
    """As `status_of`, without what names are made of. "Errors: 3" alone is a warning: it finished, and counts what went wrong.

    In a row of a table each cell speaks for itself: behind "Failed", a "-" means that there was no speed, not that nothing
    failed.
    """
    bare = without_names(line, names)
    row = [cell for cell in _GAP.split(bare[:2000]) if cell.strip()]
    if len(row) >= _ROW_MIN:
        told = {one for cell in row if (one := status_of(cell)) is not None}
        return worst(told) if told else None
    counted = _COUNTED.search(without_zeros(bare[:300]).strip())
    return "warning" if counted else status_of(bare)


def without_names(line: str, names: Iterable[str]) -> str:
    """The line without these names, the longest first."""
    for name in sorted(names, key=len, reverse=True):
        line = line.replace(name, " ")
    return line
