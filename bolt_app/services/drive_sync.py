"""What bk-drive-sync is made of. It alone loads Google's libraries, and it alone may read their key."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bolt_app.adapters import aws
from bolt_app.services.sources import sources
from bolt_app.services.wiring import settings, wiring
from bolt_app.settings import Settings

if TYPE_CHECKING:
    from workflows.kernel.sheet import Source
    from workflows.kernel.sheet_sync import Synced

DriveSync = Callable[[str, str, Callable[[], timedelta]], "Synced"]
"""The proposal to be registered ("": everything that is due), a name for this invocation, and the time it has left."""


@wiring()
def drive_sync() -> DriveSync:
    """What bk-drive-sync runs."""
    from bolt_app.adapters.dynamodb_audit import DynamoAudit
    from bolt_app.adapters.dynamodb_ledger import DynamoLedger
    from bolt_app.adapters.dynamodb_notebook import DynamoNotebook
    from bolt_app.adapters.dynamodb_proposals import DynamoProposals
    from bolt_app.adapters.eventbridge import EventBridge
    from bolt_app.adapters.google_account import GoogleAccount
    from bolt_app.adapters.google_drive import GoogleDrive
    from bolt_app.adapters.google_sheet import GoogleSheet
    from bolt_app.adapters.s3_documents import S3Documents
    from bolt_app.adapters.secrets import Secrets
    from workflows.backup.rules import parse_rules
    from workflows.backup.sheet_rows import SheetRows
    from workflows.kernel.sheet_run import LEASE, Ports
    from workflows.kernel.sheet_sync import register_now, sync

    told = settings()
    dynamodb = aws.client("dynamodb")
    places = sources(told)
    documents = S3Documents(
        aws.client("s3"),
        {places.jobs_key: told.registry_bucket, places.rules_key: told.rules_bucket, places.voice_key: told.rules_bucket},
    )
    account = GoogleAccount(Secrets(aws.client("secretsmanager")), secret=told.drive_secret, api_url=told.google_api_url)
    table, *others = mirrored(told)
    sheet, drive = GoogleSheet(account, sheet_id=table.id), GoogleDrive(account)
    notebook = DynamoNotebook(dynamodb, table=told.deliveries_table, owner=LEASE)
    ledger = DynamoLedger(dynamodb, table=told.deliveries_table)
    proposals = DynamoProposals(dynamodb, table=told.proposals_table, audit=told.audit_table)
    audit = DynamoAudit(dynamodb, table=told.audit_table, writer="sheet")
    bus = EventBridge(aws.client("events"), bus=told.bus, source=told.bus_source)

    def run(proposal_id: str, holder: str, time_left: Callable[[], timedelta]) -> "Synced":
        account.hang_up()
        rules = documents.read(places.rules_key)
        ports = Ports(
            table=table,
            sheet=sheet,
            drive=drive,
            mirror=documents,
            rows=SheetRows(rules=parse_rules(rules.text if rules else "", config=places.config), timezone=told.timezone),
            notebook=notebook,
            ledger=ledger,
            proposals=proposals,
            audit=audit,
            bus=bus,
            holder=holder,
            time_left=time_left,
            now=datetime.now(UTC),
        )
        return register_now(proposal_id, ports) if proposal_id else sync((table, *others), ports)

    return run


def mirrored(told: Settings) -> tuple["Source", "Source", "Source"]:
    """The three documents, the sheet first: their ids, and where their copies lie."""
    from workflows.kernel.sheet import Source

    places = sources(told)
    return (
        Source(id=told.jobs_sheet_id, key=places.jobs_key, name="job list", kind="sheet"),
        Source(id=told.rules_doc_id, key=places.rules_key, name="rules document", kind="text"),
        Source(id=told.voice_doc_id, key=places.voice_key, name="voice document", kind="text"),
    )
