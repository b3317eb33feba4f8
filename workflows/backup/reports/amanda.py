"""Amanda: one report of a whole night; its entries (DLEs) are one run with the worst status of them.

"successfully taped a partial dump" stands in failures. Sizes are in "meg" (MiB), run times in hours and minutes, 0:00 is no
time at all.
A flush only writes earlier dumps to tape; a check before the run (amcheck) dumps nothing.
"""

from dataclasses import replace
from datetime import timedelta

from workflows.backup.reports.form import Format, Run, reader
from workflows.backup.reports.moments import day_of
from workflows.backup.reports.report import Report
from workflows.backup.reports.signs import label
from workflows.backup.reports.sizes import number_of

_MEG = 1024**2


def _amounts(report: Report, run: Run) -> Report:
    """The original size; zero is one only where nothing was written either, none stands where a tape failed."""
    original, output = (_megs(run, name) for name in ("Original", "Output"))
    size = original or (0 if original == output == 0 else None)
    day = run.find(r"(?i)^[ \t]*Date[ \t]*:[ \t]*(.+)$") or run.find(r"(?i)MAIL REPORT FOR (.+)$")
    return replace(
        report,
        size=None if run.find(r"A TAPE ERROR OCCURRED") else size,
        duration=report.duration if report.duration and report.duration > timedelta(0) else None,
        day=day_of(day[1], run.order) if day else None,
    )


def _megs(run: Run, name: str) -> int | None:
    found = run.find(rf"^[ \t]*{name} Size \(meg\)[ \t]+([\d.,]+)")
    megs = number_of(found[1], whole=False, decimal=".") if found else None
    return None if megs is None else round(megs * _MEG)


AMANDA = Format(
    tool="amanda",
    marks=r"brought to you by Amanda|^(?:\*\*\* )?(?:THE DUMPS DID NOT FINISH|These dumps were to tape)|Amanda expects to use",
    subject_marks=r"AM(?:ANDA|FLUSH|CHECK|VAULT) (?:MAIL REPORT|PROBLEM)",
    fields={
        "job": (*label("Org"), *label("Config")),
        "host": label("Hostname"),
        "duration": (r"^[ \t]*Run Time \(hrs:min\)[ \t]+(\d+:\d\d)",),
        "target": (r"(?:dumps were to|dumps were flushed to) (?:tapes?|volumes?) ([^\n]+?)\.?$",),
    },
    failure=(
        r"\bFAIL(?:ED|URE)?\b.*|\bTAPE ERROR\b.*|\bRESULTS MISSING\b.*|DID NOT FINISH.*"
        r"|\bFATAL\b.*|\bPARTIAL\b.*|partial taper.*"
        r"|\bERROR\b.*|\bMISSING\b.*|AMANDA PROBLEM.*"
    ),
    warning=r"\bSTRANGE\b.*|still in holding|left in the holding disk\b(?<!No dumps are left in the holding disk).*",
    success=r"^[ \t]*(?:\*+ )?These dumps were to \S+ .+|^[ \t]*The dumps were flushed to .+|^DUMP SUMMARY:",
    harmless=(
        r"(?m)^.*\b(?:No dumps are left|There are no .{0,30} left) in the holding disk.*$"
        r"|^FAILURE AND STRANGE DUMP SUMMARY:\n\s*\n|Error:? +0\b"
    ),
    maintenance=r"dumps were flushed to|AMFLUSH|Amanda (?:Tape Server|Backup Client) Host|server check took",
    refine=_amounts,
)

read = reader(AMANDA)
