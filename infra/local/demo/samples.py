"""The four backups of the sample world, each with its row of the job list, and the two documents."""

from infra.local.demo.script import Sample

SAM, KIM, ANA = "sam@example.com", "kim@example.com", "ana@example.com"

ORDERS = Sample(
    row={
        "job_id": "orders-db",
        "name": "Orders database",
        "what": "SQLite dump, gzip",
        "group": "database",
        "owner_email": SAM,
        "target": "s3://acme-backups/orders/",
        "window": "1m",
        "min_size": "25KB",
    },
    every=25,
    ills=("stop", "empty", "shrink", "hang", "deny"),
    prefix=("acme-backups", "orders/"),
)
SHARED = Sample(
    row={
        "job_id": "shared-folder",
        "name": "Shared folder",
        "what": "tar of the office's files",
        "group": "files",
        "owner_email": KIM,
        "target": "s3://acme-nas/shared/ heartbeat",
        "window": "2m",
    },
    every=40,
    ills=("fail", "empty", "stop", "shrink", "hang", "deny"),
    prefix=("acme-nas", "shared/"),
)
LAPTOP = Sample(
    row={
        "job_id": "laptop",
        "name": "Ana's laptop",
        "what": "restic repository",
        "group": "files",
        "owner_email": ANA,
        "target": "s3://acme-backups/laptop/",
        "layout": "restic",
        "window": "2m",
    },
    every=45,
    ills=("stop", "hang", "deny"),
    prefix=("acme-backups", "laptop/"),
)
CRM = Sample(
    row={
        "job_id": "crm-export",
        "name": "CRM export",
        "what": "a script that checks in",
        "group": "cloud",
        "owner_email": SAM,
        "target": "heartbeat",
        "window": "2m",
    },
    every=40,
    ills=("fail", "hang", "shrink", "empty", "stop"),
)

RULES = """\
# The rules of the sample world. The first start puts them here; what you change stays.

[defaults]
# With a run every half minute, a week of runs is over in minutes: what became small would soon be the usual size.
baseline_runs: 20

[quiet hours]
hours: none
working days: mon-sun

[escalation]
escalate_to: ana@example.com
escalate_after: 15m
remind_every: 30m
"""

VOICE = """\
# Who is who. The first start puts this here; what you change stays.

[people]
ana@example.com: U0ANA, {zone}
sam@example.com: U0SAM, {zone}
kim@example.com: U0KIM, {zone}
"""
