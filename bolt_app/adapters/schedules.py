"""One-off appointments as schedules of EventBridge Scheduler that remove themselves."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from bolt_app.adapters.aws import code_of, translated

if TYPE_CHECKING:
    from mypy_boto3_scheduler import EventBridgeSchedulerClient

DEFERRED = "bk.deferred"


class Schedules:
    """Implements `Deferrals`.

    Args:
        queue_arn: the dispatch queue's, which gets a nudge of kind "bk.deferred". role_arn: the role that may send to it.
        group: of the schedules. prefix: starts their names: `<prefix>-defer-<hash of the recipient>-<minute in UTC>`.
    """

    def __init__(
        self, client: "EventBridgeSchedulerClient", *, queue_arn: str, role_arn: str, prefix: str, group: str = "default"
    ) -> None:
        self._client = client
        self._queue_arn = queue_arn
        self._role_arn = role_arn
        self._prefix = prefix
        self._group = group

    def defer(self, recipient: str, until: datetime) -> None:
        at = _minute(until)
        nudge = {"detail-type": DEFERRED, "detail": {"v": 1, "recipient": recipient}}
        name = f"{self._prefix}-defer-{sha256(recipient.encode()).hexdigest()[:16]}-{at:%Y%m%dT%H%M}"
        with translated():
            try:
                self._client.create_schedule(
                    Name=name,
                    GroupName=self._group,
                    ScheduleExpression=f"at({at:%Y-%m-%dT%H:%M:%S})",
                    ScheduleExpressionTimezone="UTC",
                    FlexibleTimeWindow={"Mode": "OFF"},
                    ActionAfterCompletion="DELETE",
                    Target={"Arn": self._queue_arn, "RoleArn": self._role_arn, "Input": json.dumps(nudge)},
                )
            except ClientError as error:
                if code_of(error) != "ConflictException":  # it was made before: done
                    raise


def _minute(moment: datetime) -> datetime:
    """The minute that is not before this moment."""
    whole = moment.astimezone(UTC).replace(second=0, microsecond=0)
    return whole if whole == moment else whole + timedelta(minutes=1)
