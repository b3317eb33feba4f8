"""What bk-heartbeat is made of."""

from collections.abc import Callable
from datetime import UTC, datetime

from bolt_app.adapters import aws
from bolt_app.services.wiring import settings, wiring
from workflows.kernel.ports import Json

Heartbeat = Callable[[Json], Json]


@wiring()
def heartbeat() -> Heartbeat:
    """What bk-heartbeat runs for each request to its Function URL."""
    from bolt_app.adapters.dynamodb_check_ins import DynamoCheckIns
    from bolt_app.adapters.eventbridge import EventBridge
    from bolt_app.adapters.heartbeat_keys import HeartbeatKeys
    from bolt_app.adapters.secrets import Secrets
    from bolt_app.heartbeat_front import respond

    told = settings()
    keys = HeartbeatKeys(Secrets(aws.client("secretsmanager")), name=told.heartbeat_keys_secret)
    check_ins = DynamoCheckIns(aws.client("dynamodb"), table=told.heartbeats_table)
    bus = EventBridge(aws.client("events"), bus=told.bus)
    return lambda event: respond(event, keys=keys, check_ins=check_ins, bus=bus, now=datetime.now(UTC))
