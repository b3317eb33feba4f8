"""What takes messages from a queue to a function: asleep it costs nothing, awake it asks the queue all day long."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from bolt_app.adapters.aws import code_of, translated

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

BEING_CHANGED = {"ResourceInUseException", "ResourceConflictException"}


class EventSource:
    """Wakes one event source mapping, named by its UUID.

    Args:
        client: makes the client, once it is needed.
    """

    def __init__(self, client: "Callable[[], LambdaClient]", *, uuid: str) -> None:
        self._client = client
        self._uuid = uuid

    def wake(self) -> None:
        """It is left alone where it is not asleep: a change, even to what it is, makes it pause.

        Two checks may begin in the same second; who comes second finds it being woken, which is as good.
        """
        with translated():
            if self._client().get_event_source_mapping(UUID=self._uuid)["State"] != "Disabled":
                return
            try:
                self._client().update_event_source_mapping(UUID=self._uuid, Enabled=True)
            except ClientError as error:
                if code_of(error) not in BEING_CHANGED:
                    raise
