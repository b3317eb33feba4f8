"""A broken job as `bk-state` holds it, for clicks to be about: `python -m bench.click_item` prints the item as JSON."""

import json
from datetime import UTC, datetime, timedelta

from bolt_app.adapters.dynamodb_values import number, text
from bolt_app.adapters.standing_item import owned_of
from workflows.backup.evidence import Run
from workflows.backup.findings import Finding
from workflows.backup.standing import Standing
from workflows.kernel.ports import Json

JOB, BREAK = "orders-db", "20261120T080000-1"
TARGET = "s3://acme-backups/orders/"


def item(now: datetime) -> Json:
    """With thirty runs, as many as are kept of a nightly job."""
    runs = tuple(
        Run(
            id=f"orders/{day}.dump@1",
            source="object",
            target=TARGET,
            outcome="ok",
            finished=now - timedelta(days=32 - day),
            size=400_000_000 + day,
            ref=f"orders/{day}.dump",
        )
        for day in range(30)
    )
    late = Finding(test="recent", level="alert", rule="too_old", says="It is too old.", threshold="26 h", at=runs[-1].at)
    standing = Standing(
        job_id=JOB,
        first_seen=now - timedelta(days=40),
        since=now,
        rev=7,
        state="alert",
        level="alert",
        break_id=BREAK,
        broke_at=now - timedelta(hours=3),
        findings=(late,),
        runs=runs,
        row={"job_id": JOB, "name": "Orders database", "target": TARGET, "window": "26h"},
        recipients=("admin@example.com",),
        escalation=("admin@example.com",),
        due=now,
    )
    return {"job_id": text(JOB), "rev": number(7), "told": {"M": {}}, **owned_of(standing)}


if __name__ == "__main__":
    print(json.dumps(item(datetime.now(UTC))))
