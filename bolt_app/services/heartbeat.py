"""What bk-heartbeat is made of."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bolt_app.adapters import aws
from bolt_app.services.wiring import settings, wiring
from bolt_app.settings import Settings
from workflows.kernel.ports import Json

if TYPE_CHECKING:
    from bolt_app.adapters.heartbeat_keys import HeartbeatKeys
    from workflows.backup.heartbeat_record import Declined, Enrol, Taken
    from workflows.backup.ports import CheckIn, CheckIns
    from workflows.kernel.ports import Bus, Message

Heartbeat = Callable[[Json], Json]

WEEKLY = "weekly"
CANARY_ARRIVED = "CanaryArrived"
"""1 where the message of the weekly test was delivered, 0 where it was not; an alarm of the template watches it."""


@wiring()
def heartbeat() -> Heartbeat:
    """What bk-heartbeat runs for each request to its Function URL, each `bk.key` on the bus, and each look of the weekly test."""
    from bolt_app.adapters.dynamodb_check_ins import DynamoCheckIns
    from bolt_app.adapters.eventbridge import EventBridge
    from bolt_app.adapters.heartbeat_keys import HeartbeatKeys
    from bolt_app.adapters.secrets import Secrets
    from bolt_app.heartbeat_front import respond

    told = settings()
    keys = HeartbeatKeys(Secrets(aws.client("secretsmanager")), name=told.heartbeat_keys_secret)
    check_ins = DynamoCheckIns(aws.client("dynamodb", validate=False), table=told.heartbeats_table)
    bus = EventBridge(aws.client("events", validate=False), bus=told.bus, source=told.bus_source)
    enrol = _enrolling(told, check_ins, bus)

    def handle(event: Json) -> Json:
        if "requestContext" not in event:  # nobody from outside can call without one
            if "detail-type" in event:
                return _key_asked(event, keys, told)
            if "canary" in event:
                return _let_canary_fly(event, told, check_ins, bus)
        return respond(event, keys=keys, check_ins=check_ins, bus=bus, enrol=enrol, now=datetime.now(UTC))

    return handle


def _enrolling(told: Settings, check_ins: "CheckIns", bus: "Bus") -> "Enrol":
    """For the few check-ins with the enrolment key: what they need is loaded with the first of them."""

    def enrol(check_in: "CheckIn", create: bool, now: datetime) -> "Taken | Declined":
        from bolt_app.adapters.dynamodb_proposals import DynamoProposals
        from bolt_app.adapters.dynamodb_standings import DynamoStandings
        from workflows.backup import enrolment

        dynamodb = aws.client("dynamodb")
        return enrolment.enrol(
            check_in,
            create,
            zone=told.timezone,
            check_ins=check_ins,
            standings=DynamoStandings(dynamodb, state=told.state_table, audit=told.audit_table),
            proposals=DynamoProposals(dynamodb, table=told.proposals_table, audit=told.audit_table),
            bus=bus,
            now=now,
        )

    return enrol


def _let_canary_fly(event: Json, told: Settings, check_ins: "CheckIns", bus: "Bus") -> Json:
    """Once a week a failure is recorded on purpose: so this is the one function besides the intake that writes check-ins."""
    from bolt_app.adapters.dynamodb_standings import DynamoStandings
    from bolt_app.adapters.metrics import metric_line
    from workflows.backup.canary_flight import fly

    if event["canary"] != WEEKLY:
        raise ValueError(f"the canary was called {event['canary']!r}; it knows {WEEKLY!r}")
    now = datetime.now(UTC)

    def count(arrived: bool) -> None:
        sys.stdout.write(metric_line(told.prefix, CANARY_ARRIVED, int(arrived), at=now))

    standings = DynamoStandings(aws.client("dynamodb"), state=told.state_table, audit=told.audit_table)
    return {"canary": fly(check_ins=check_ins, standings=standings, bus=bus, count=count, now=now)}


def _key_asked(event: Json, keys: "HeartbeatKeys", told: Settings) -> Json:
    """A person asks for a key: rare, so that what it needs is loaded then."""
    from bolt_app.adapters.dynamodb_audit import DynamoAudit
    from bolt_app.adapters.heartbeat_keys import KeyVault
    from bolt_app.adapters.response_urls import ResponseUrls
    from bolt_app.key_front import take_key_request
    from listeners.key_answers import key_answer
    from workflows.backup.key_answering import KeyAnswer

    def say(answer: KeyAnswer) -> "Message":
        return key_answer(answer, heartbeat_url=told.heartbeat_url)

    return take_key_request(
        event,
        vault=KeyVault(aws.client("secretsmanager"), name=told.heartbeat_keys_secret),
        audit=DynamoAudit(aws.client("dynamodb"), table=told.audit_table),
        whispers=ResponseUrls(slack_api_url=told.slack_api_url),
        say=say,
        changed=keys.forget,
    )
