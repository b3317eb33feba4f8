"""restic: `backup`, and the upkeep of its repositories (forget, prune, check). Its MiB are binary and say so.

A snapshot that was saved is the only proof. Files that could not be read leave a warning (exit code 3): the snapshot lacks them.
"""

from dataclasses import replace

from workflows.backup.reports.form import Format, Run, reader
from workflows.backup.reports.report import Report

_SAVED = r"^snapshot [0-9a-f]{8,64} saved"
_UPKEEP = (
    r"^Applying Policy: |^(?:loading|load) (?:all )?(?:indexes|snapshots)|^\d+ snapshots have been removed|^check all packs"
    r"|^to delete: "
    r"|^no errors were found|^searching used packs|^Summary: Restored |^restoring <|^ID +Time +Host"
    r"|^successfully removed (?:\d+ )?locks"
    r"|^repository contains errors|^The repository .*damaged"
)


def _refined(report: Report, run: Run) -> Report:
    if run.find(r"^Would add to the repo"):
        return replace(report, maintenance=True)
    if run.find(r"^(?:start backup on|Files: +\d+ new|processed \d+ files)|" + _SAVED):
        report = replace(report, maintenance=False)
        if report.status == "warning" and not run.find(_SAVED):
            return replace(report, status="failure")
    return report


read = reader(
    Format(
        tool="restic",
        marks=(
            rf"{_SAVED}|^processed [\d,]+ files, \S+ \S+ in |^Files: +\d+ new, +\d+ changed|^repository [0-9a-f]{{8}} opened"
            r"|^(?:created new cache in|using temporary cache in) \S*restic"
            r"|^unable to create lock in backend|^repo already locked"
            r"|^open repository$|^Applying Policy: keep|^using parent snapshot |^no parent snapshot found|^ID +Time +Host +Tags"
            r"|^restoring <Snapshot|^Stats in \S+ mode:|^successfully removed (?:\d+ )?locks|^no errors were found$"
            r"|^Is there a repository at the following location|^\d+ snapshots have been removed, running prune|^subprocess \w+: "
            r"|^Fatal: (?:wrong password or no key|unable to (?:open|create|save|load|find)|(?:number|all) (?:of|target|source)"
            r"|repository|invalid|config|couldn't|parsing|the repository|create key|failed to|unexpected|snapshot|ciphertext|load"
            r"|Please specify repository|cannot|create repository|no snapshot)"
        ),
        ends=(rf"{_SAVED}$(?:\n+Warning: .*$)?|^Fatal: .*$",),
        fields={
            "what": (r"^start backup on \[(.+)\]$",),
            "size": (r"^processed [\d,]+ files, ([\d.,]+ \w+) in ",),
            "duration": (r"^processed [\d,]+ files, [\d.,]+ \w+ in (\d[\d:]*)",),
            "target": (r"^Fatal: unable to open repository at (\S+): ",),
        },
        harmless=r"^.*returned error, retrying after .*$|^Load\(.*retrying.*$|^repo already locked, waiting .*$"
        r"|^unable to open cache.*$",
        failure=(
            r"^Fatal: |^panic: |already locked|^unable to |repository contains errors|repository (?:is|has been) damaged"
            r"|signal interrupt received|^(?:Error|error): (?:unexpected|load|pack|tree|packs)|Killed$|command not found"
            r"|: not found$"
            r"|^(?:id|pack|tree|blob) .*(?:mismatch|not found|damaged)"
        ),
        warning=r"^error: |^Warning: |does not exist, skipping|could not be read|permission denied|^scan: ",
        success=(
            rf"{_SAVED}|^no errors were found|^\d+ snapshots have been removed|^done$|^keep \d+ snapshots|^Summary: Restored"
            r"|^successfully removed (?:\d+ )?locks"
        ),
        exits=frozenset({3}),
        maintenance=_UPKEEP,
        two="m:s",
        refine=_refined,
    )
)
