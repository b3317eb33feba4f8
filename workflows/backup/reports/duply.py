"""duply: duplicity by profiles. Each of its commands says how it finished; the one that backs up is the run."""

from dataclasses import replace

from workflows.backup.reports import duplicity
from workflows.backup.reports.form import Format, Run, reader
from workflows.backup.reports.report import Report


def _refined(report: Report, run: Run) -> Report:
    backed_up = run.find(r"^--- Start running command (?:BKP|FULL|INCR|BACKUP) ") is not None
    return replace(report, maintenance=not backed_up and run.find(r"^--- Start running command ") is not None)


read = reader(
    Format(
        tool="duply",
        marks=r"^Start duply v|^--- Start running command \w+ at |^Using profile '.*\.?duply/",
        begins=r"^Start duply v",
        fields={
            **duplicity.FIELDS,
            "job": (r"^Using profile '(?:.*/)?([^/'\n]+)'",),
            "started": (*duplicity.FIELDS["started"], r"^--- Start running command (?:BKP|FULL|INCR|BACKUP) at (.+?) ---$"),
        },
        harmless=r"^WARNING:\s+The profile's folder\s[\s\S]{0,400}?- \(OK\)$",
        failure=rf"{duplicity.FAILURE}|^--- Finished state FAILED|^(?:Error|ERROR|ERR):|not found\.$",
        warning=r"^Errors [1-9]|^(?:WARNING|Warning)[, :]|^Error (?:accessing|opening|reading|listing)",
        success=r"^Errors 0$|^--- Finished state OK",
        refine=_refined,
    )
)
