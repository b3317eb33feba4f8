"""What bk-intake-ses-parser is made of."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime

from bolt_app.adapters import aws
from bolt_app.services.wiring import settings, wiring
from workflows.kernel.ports import Json

Intake = Callable[[Sequence[str], bool], list[Json]]

MAILS_AT_ONCE = 8
MODEL_PATIENCE_SECONDS = 20
"""What one answer may take: less than the function's own 30 s, more than a model takes for a form."""


@wiring()
def intake() -> Intake:
    """What bk-intake-ses-parser runs: keys of mails, and whether they are read again; answers with counts for the log."""
    from bolt_app.adapters.bedrock import Bedrock
    from bolt_app.adapters.dynamodb_check_ins import DynamoCheckIns
    from bolt_app.adapters.dynamodb_proposals import DynamoProposals
    from bolt_app.adapters.dynamodb_tally import DynamoTally
    from bolt_app.adapters.eventbridge import EventBridge
    from bolt_app.adapters.s3_documents import S3Documents
    from bolt_app.adapters.s3_raw_mails import S3RawMails
    from workflows.backup.intake import Ports, reread, take_mail

    told = settings()
    dynamodb, s3 = aws.client("dynamodb"), aws.client("s3")
    mails = S3RawMails(s3, bucket=told.raw_mime_bucket)
    documents = S3Documents(s3, {"jobs.csv": told.registry_bucket})
    check_ins = DynamoCheckIns(dynamodb, table=told.heartbeats_table)
    proposals = DynamoProposals(dynamodb, table=told.proposals_table, audit=told.audit_table)
    tally = DynamoTally(dynamodb, table=told.heartbeats_table)
    bus = EventBridge(aws.client("events"), bus=told.bus, source=told.bus_source)
    model = Bedrock(lambda: aws.client("bedrock-runtime", patience_seconds=MODEL_PATIENCE_SECONDS), model_id=told.model_id)

    def run(keys: Sequence[str], again: bool) -> list[Json]:
        ports = Ports(
            mails=mails,
            documents=documents,
            model=model,
            check_ins=check_ins,
            proposals=proposals,
            tally=tally,
            bus=bus,
            allowed=told.mail_allow,
            jobs_key="jobs.csv",
            zone=told.timezone,
            now=datetime.now(UTC),
        )
        if again:
            with ThreadPoolExecutor(MAILS_AT_ONCE) as threads:
                taken = reread(keys, ports=ports, concurrently=lambda work, items: list(threads.map(work, items)))
        else:
            taken = tuple(take_mail(key, ports=ports) for key in keys)
        return [asdict(one) for one in taken]

    return run
