"""What bk-summary is made of."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bolt_app.adapters import aws
from bolt_app.services.sources import sources
from bolt_app.services.wiring import settings, wiring

if TYPE_CHECKING:
    from workflows.backup.summary_facts import Facts
    from workflows.backup.summary_paragraph import Paragraph
    from workflows.kernel.ports import Ledger, Letter, Mailer, Message, Messenger
    from workflows.kernel.sheet import Notebook

Summary = Callable[[str], bool]
"""A name for this invocation; answers whether there was anything left to tell."""

MODEL_PATIENCE_SECONDS = 20
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Implements the ports of a bulletin."""

    ledger: "Ledger"
    messenger: "Messenger"
    mailer: "Mailer | None"
    notes: "Notebook"
    channel: str
    addresses: tuple[str, ...]
    admin: str
    letter: "Callable[[Sequence[Message]], Letter]"
    noted: "Callable[[Message, str], Message]"
    holder: str


@wiring()
def summary() -> Summary:
    """What bk-summary runs."""
    from bolt_app.adapters.bedrock import Bedrock
    from bolt_app.adapters.dynamodb_audit import DynamoJournal
    from bolt_app.adapters.dynamodb_ledger import DynamoLedger
    from bolt_app.adapters.dynamodb_notebook import DynamoNotebook
    from bolt_app.adapters.dynamodb_proposals import DynamoProposals
    from bolt_app.adapters.dynamodb_standings import DynamoStandings
    from bolt_app.adapters.s3_documents import S3Documents
    from bolt_app.adapters.secrets import Secrets
    from bolt_app.adapters.slack import RenewingClient, SlackMessenger
    from listeners import faces
    from listeners.summary_letter import summary_letter
    from listeners.summary_message import noted, summary_messages
    from workflows.backup.summary import Ports, todays_bulletin
    from workflows.backup.summary_facts import Sight
    from workflows.kernel.bulletin import tell

    told = settings()
    dynamodb = aws.client("dynamodb")
    wanted = sources(told)
    secrets = Secrets(aws.client("secretsmanager"))
    slack = RenewingClient(lambda: secrets.refresh(told.bot_token_secret), base_url=told.slack_api_url)
    messenger = SlackMessenger(slack, team_id=told.team_id)
    mailer = _mailer(told.sender)
    ledger = DynamoLedger(dynamodb, table=told.deliveries_table)
    notes = DynamoNotebook(dynamodb, table=told.deliveries_table, owner=told.summary_channel or told.admin_owner)

    def draw(facts: "Facts", paragraph: "Paragraph") -> "list[Message]":
        if paragraph.why:
            _log.warning("The model's paragraph was not used: %s", paragraph.why)
        return summary_messages(facts, paragraph, by_mail=mailer is not None)

    ports = Ports(
        standings=DynamoStandings(dynamodb, state=told.state_table, audit=told.audit_table),
        journal=DynamoJournal(dynamodb, table=told.audit_table),
        proposals=DynamoProposals(dynamodb, table=told.proposals_table, audit=told.audit_table),
        documents=S3Documents(aws.client("s3"), dict.fromkeys((wanted.rules_key, wanted.voice_key), told.rules_bucket)),
        messenger=messenger,
        model=Bedrock(lambda: aws.client("bedrock-runtime", patience_seconds=MODEL_PATIENCE_SECONDS), model_id=told.model_id),
        sources=wanted,
        see=lambda standing, now: Sight(mood=faces.face(standing, now=now), trouble=faces.trouble(standing)),
        draw=draw,
    )

    def run(holder: str) -> bool:
        now = datetime.now(UTC)
        telling = Telling(
            ledger=ledger,
            messenger=messenger,
            mailer=mailer,
            notes=notes,
            channel=told.summary_channel,
            addresses=told.summary_to or (told.admin_owner,),
            admin=told.admin_owner,
            letter=lambda messages: summary_letter(messages, zone=told.timezone, admin=told.admin_owner),
            noted=noted,
            holder=holder,
        )
        return tell(todays_bulletin(ports, now), telling, now)

    return run


def _mailer(sender: str) -> "Mailer | None":
    if not sender:
        return None
    from bolt_app.adapters.ses import PATIENCE_SECONDS, SesMailer

    return SesMailer(aws.client("sesv2", patience_seconds=PATIENCE_SECONDS), sender=sender)
