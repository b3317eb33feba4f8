"""The key that signs links: a SecureString of Parameter Store, read when it is needed, and kept for some minutes."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from bolt_app.adapters.aws import translated
from workflows.kernel.errors import OutsideError, Refused

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

REREAD_AFTER_SECONDS = 60
KEPT_SECONDS = 300
"""So soon is a key that was taken away worth nothing, also where nobody brings a link that it does not fit."""
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
        """Raises Refused (no such parameter, not allowed, no usable key), or Unanswered where none were known before."""
        if self._keys and self._clock() - self._read_at < KEPT_SECONDS:
            return self._keys
        try:
            return self._read()
        except OutsideError as error:
            if error.permanent:  # also one that was deleted is taken away
                self._keys = ()
            if not self._keys:
                raise
            return self._keys

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
