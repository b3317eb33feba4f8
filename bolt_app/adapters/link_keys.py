"""The key that signs links: a SecureString of Parameter Store, read when it is first needed, and kept."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from bolt_app.adapters.aws import translated
from workflows.kernel.errors import Refused

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

REREAD_AFTER_SECONDS = 60
LENGTH_MIN = 32


class LinkKeys:
    """The newest key signs; while keys are being exchanged the parameter holds the older ones behind it, parted by spaces."""

    def __init__(self, client: "SSMClient", *, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._name = name
        self._clock = clock
        self._keys: tuple[str, ...] = ()
        self._read_at = float("-inf")

    def get(self) -> tuple[str, ...]:
        """Raises Refused (no such parameter, not allowed, no usable key) or Unanswered."""
        return self._keys or self._read()

    def changed(self) -> bool:
        """Whether the keys are others by now. They are read again at most once a minute, however many links are forged."""
        if self._clock() - self._read_at < REREAD_AFTER_SECONDS:
            return False
        before = self._keys
        return self._read() != before

    def _read(self) -> tuple[str, ...]:
        with translated():
            answer = self._client.get_parameter(Name=self._name, WithDecryption=True)
        keys = tuple(answer["Parameter"]["Value"].split())
        if not keys or min(map(len, keys)) < LENGTH_MIN:
            raise Refused(
                "unusable_link_key", f"the parameter {self._name} wants a random text of {LENGTH_MIN} characters or more"
            )
        self._keys, self._read_at = keys, self._clock()
        return keys
