"""Proxmox Backup Server's mails (sync, tape, verify, prune, garbage collection), its client's log, and Proxmox VE's replication.

A sync copies backups and counts as a run of its own; verifying, pruning and collecting garbage are upkeep.
"""

import re
from dataclasses import replace

from workflows.backup.reports.form import Format, Run, reader
from workflows.backup.reports.report import Report
from workflows.backup.reports.signs import label

_JOBS = (
    r"(?:Sync (?:remote '|local datastore '|push|pull)|(?:Verify|Garbage Collect|Prun(?:e"
    r"|ing)) [Dd]atastore '|Verification [Dd]atastore '"
    r"|Tape Backup\b.{0,80}datastore ')"
)


def _named(report: Report, run: Run) -> Report:
    """What its template does not label stands in the subject; the server is in the link."""
    store = re.search(r"datastore '([^']+)'", run.part.subject, re.IGNORECASE)
    remote = re.search(r"remote '([^']+)'", run.part.subject, re.IGNORECASE)
    upkeep = re.search(r"verif|garbage|prun", f"{run.part.subject}\n{run.text[:400]}", re.IGNORECASE)
    return replace(
        report,
        what=report.what or (store[1] if store else ""),
        target=report.target or (remote[1] if remote else ""),
        maintenance=bool(upkeep) and "sync" not in run.part.subject.lower(),
        size=None,
    )


PBS = Format(
    tool="pbs",
    subject_marks=_JOBS,
    marks=(
        r"^Datastore:[^\n]*\n(?:[^\n]*\n){0,200}?(?:Synchronization|Verification|Garbage "
        r"collection|Pruning|Tape Backup) (?:successful|failed)\b"
    ),
    fields={
        "job": label("Job ID"),
        "what": label("Datastore"),
        "host": (r"<?https://([\w.-]+?):8007/",),
        "target": (*label("Tape Pool"), *label("Remote")),
        "duration": label("Duration"),
    },
    failure=r"^(?:Synchronization|Verification|Garbage collection|Pruning|Tape Backup) failed\b.*",
    success=r"^(?:Synchronization|Verification|Garbage collection|Pruning|Tape Backup) successful\b",
    refine=_named,
)

CLIENT = Format(
    tool="pbs",
    marks=r"^Starting backup(?: protocol)?: (?:\S+/\S+/\d{4}-\d\d-\d\dT|\w{3} )",
    fields={
        "job": (r"^Starting backup: (?:\[[^\]\n]+\]:)?([^/\s]+/[^/\s]+)/",),
        "host": label("Client name"),
        "what": (r"^Upload directory '([^'\n]+)'",),
        "target": (r"^Upload directory '[^'\n]+' to '?([^'\s]+@[^'\s]+:[^'\s]+)",),
        "started": (r"^Starting backup(?: protocol)?: ((?!\S+/).+)$", r"^Starting backup: \S+/(\d{4}-\d\d-\d\dT[\d:]+Z)"),
        "finished": label("End Time"),
        "duration": label("Duration"),
        "size": (r"had to (?:backup|upload) \S+ \w+ of (\S+ \w+)", r"had to upload (\S+ \w+)"),
    },
    failure=r"^Error: .*|\bunable to\b.*|^error .*",
    success=r"^End Time: |^Duration: ",
)

REPLICATION = Format(
    tool="proxmox-replication",
    subject_marks=r"^Replication Job: '?[\w:-]+'? failed|\bReplication Job\b.*\bfailed\b",
    marks=r"^Replication job '?[^'\s]+'? with target '",
    fields={
        "job": (r"[Rr]eplication job '?([^'\s]+)'? with target",),
        "target": (r"with target '([^']+)'",),
    },
    failure=r"^Replication job .* failed.*",
)

read_pbs, read_client, read_replication = reader(PBS), reader(CLIENT), reader(REPLICATION)
