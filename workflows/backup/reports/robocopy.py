"""Robocopy: a summary of six columns, in the language of Windows; what was not copied stands in the fifth.

Its rows are known by their place (folders, files, bytes), for their names are translated. Sizes are powers of 1024.
"""

import re
from dataclasses import replace

from workflows.backup.reports.form import Format, Run, ends, read_size, reader
from workflows.backup.reports.report import Report, Status

_AMOUNT = r"\d[\d.,]*(?: [kmgt]\b)?"
_ROW = re.compile(rf"^[ \t]*[^\W\d][^:\n]{{0,30}}:[ \t]+({_AMOUNT}(?:[ \t]+{_AMOUNT}){{5}})[ \t]*$", re.MULTILINE)
_CELL = re.compile(_AMOUNT)
_ERROR = re.compile(r"^.{0,300}\b\d{1,5} \(0x[0-9A-Fa-f]{8}\).{0,300}$", re.MULTILINE)


def _judged(report: Report, run: Run) -> Report:
    """Done where the summary stands there and counts nothing that failed; without one it broke off."""
    found = _ERROR.search(run.text)
    error = " ".join(found[0].split())[:200] if found else ""
    rows = [_CELL.findall(row) for row in _ROW.findall(ends(run.text))]
    if len(rows) < 3:
        return replace(report, status="failure", said=error) if error else report
    folders, files, data = rows[-3:]
    lost = any(_some(row[4]) for row in (folders, files, data))
    status: Status = "success" if not lost else "warning" if _some(files[1]) or _some(files[2]) else "failure"
    said = f"{files[4]} files and {folders[4]} folders failed of {files[0]} and {folders[0]}" if lost else ""
    return replace(report, status=status, said=error if lost and error else said, size=read_size(f"{data[0]}b", binary=True))


def _some(amount: str) -> bool:
    return any(digit in "123456789" for digit in amount)


read = reader(
    Format(
        tool="robocopy",
        marks=r"^[ \t]*ROBOCOPY[ \t]+::",
        fields={
            "what": (r"^[ \t]*(?:Source|Quelle|Origen|Origine|Bron|Origem)\b[ \t]*[:=-]+[ \t]*(\S.{0,299})$",),
            "target": (r"^[ \t]*(?:Dest|Ziel|Destino|Destinazione|Doel)\b\.?[ \t]*[:=-]+[ \t]*(\S.{0,299})$",),
            "started": (r"^[ \t]*(?:Started|Gestartet|Début|Inicio|Iniciado|Avviato|Inizio|Gestart)[ \t]*:[ \t]*(\S.{0,99})$",),
            "finished": (r"^[ \t]*(?:Ended|Beendet|Fin|Finalizado|Terminato|Fine|Beëindigd)[ \t]*:[ \t]*(\S.{0,99})$",),
        },
        subject=False,
        refine=_judged,
    )
)
