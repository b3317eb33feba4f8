"""What the sheet's own checks find in a row, as sentences that stand at the fields of a form."""

import unicodedata
from collections.abc import Mapping

from workflows.backup.job import Job
from workflows.backup.joblist import COLUMNS, job_from_cells
from workflows.backup.row import RowError
from workflows.backup.rules import Rules
from workflows.backup.targets import LAYOUTS
from workflows.kernel.quantities import shown
from workflows.kernel.reply import harmless

FORMULA_STARTS = ("=", "+", "-", "@")
FORMULA = "A cell cannot begin with {}: a sheet would take it for a formula. Put a word before it."

_TYPED_AS_IT_STANDS = {"heartbeat", "report", "yes", *LAYOUTS}


def mistakes_in(cells: Mapping[str, str], *, timezone: str, rules: Rules) -> dict[str, str]:
    """Everything that the sheet's own checks find in these cells, as column -> a sentence; empty when the row is sound.

    `timezone` and `rules`: as the list is read.
    """
    found = {column: _formula(text) for column, text in cells.items() if _formula(text)}
    if found:
        return found
    read = job_from_cells(cells, timezone=timezone, rules=rules)
    if isinstance(read, Job):
        return {}
    for error in read:
        column = error.column if error.column in COLUMNS else "name"
        found.setdefault(column, harmless(_sentence(error, cells.get(error.column, ""))))
    return found


def _formula(text: str) -> str:
    """Why no sheet should hold this text, whatever its column."""
    start = unicodedata.normalize("NFKC", text[:1])
    return FORMULA.format(start) if start.startswith(FORMULA_STARTS) else ""


def _sentence(error: RowError, typed: str) -> str:
    """What would be right, then what was typed."""
    if error.column == "schedule":
        _, _, hint = error.problem.partition("cannot be read: ")
        right = (hint or error.fix).removeprefix("it could be ")
    elif error.problem.startswith("cannot "):
        right = error.fix
    else:
        return f"{_capital(error.problem)}; right would be {error.fix}."
    return f"{_capital(right)}; you wrote “{shown(typed)}”"


def _capital(text: str) -> str:
    """A sentence begins large, unless with a word that is typed as it stands, such as s3:// or 26h."""
    first = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if first.isalpha() and first not in _TYPED_AS_IT_STANDS else text
