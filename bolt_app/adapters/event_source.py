"""What takes messages from a queue to a function: asleep it costs nothing, awake it asks the queue all day long."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bolt_app.adapters.aws import translated

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


class EventSource:
    """Wakes one event source mapping, named by its UUID.

    Args:
        client: makes the client, once it is needed.
    """

    def __init__(self, client: "Callable[[], LambdaClient]", *, uuid: str) -> None:
        self._client = client
        self._uuid = uuid

    def wake(self) -> None:
        """It is left alone where it is not asleep: a change, even to what it is, makes it pause."""
        with translated():
            if self._client().get_event_source_mapping(UUID=self._uuid)["State"] == "Disabled":
                self._client().update_event_source_mapping(UUID=self._uuid, Enabled=True)
