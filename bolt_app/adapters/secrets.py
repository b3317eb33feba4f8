"""Secrets by name, remembered for as long as the process lives."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from workflows.kernel.errors import Refused, Unanswered

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

REFRESH_SECONDS_MIN = 60


class Secrets:
    """Reads each secret once, and again when asked, at most once a minute.

    Whoever was refused with the remembered value asks for the current one: a secret that was rotated is picked up, and a flood of
    forged requests costs no flood of calls.
    """

    def __init__(self, client: "SecretsManagerClient", *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._known: dict[str, tuple[str, float]] = {}

    def get(self, name: str) -> str:
        """The value. Raises Refused (no such secret, no value yet, not allowed) or Unanswered."""
        return self._known[name][0] if name in self._known else self._read(name)

    def refresh(self, name: str) -> str:
        """The value as it is now, unless it was read within the last minute: then as it was read. Raises as `get` does."""
        value, read_at = self._known.get(name, ("", float("-inf")))
        return value if self._clock() - read_at < REFRESH_SECONDS_MIN else self._read(name)

    def forget(self, name: str) -> None:
        """It was changed by us: the next to ask reads it anew."""
        self._known.pop(name, None)

    def with_previous(self, name: str) -> tuple[str, ...]:
        """The value in force, and the one before it if there was one, read now. Raises as `get` does.

        While a secret is being exchanged, the other side may still use the old one.
        """
        current = self._read(name)
        previous = self._ask(name, "AWSPREVIOUS")
        return (current,) if previous is None else (current, previous)

    def _read(self, name: str) -> str:
        value = self._ask(name, "AWSCURRENT")
        if value is None:
            raise Refused("ResourceNotFoundException", f"the secret {name} does not exist or has no value yet; put one")
        self._known[name] = (value, self._clock())
        return value

    def _ask(self, name: str, stage: str) -> str | None:
        """The value at this stage; an empty one is none: nobody shall pass by a secret that was never set."""
        try:
            return self._client.get_secret_value(SecretId=name, VersionStage=stage)["SecretString"].strip() or None
        except ClientError as error:
            reason = error.response["Error"]["Code"]
            if reason == "ResourceNotFoundException":
                return None
            if error.response["ResponseMetadata"]["HTTPStatusCode"] < 500 and "Throttl" not in reason:
                raise Refused(reason, f"reading the secret {name}") from error
            raise Unanswered(reason, f"reading the secret {name}") from error
        except BotoCoreError as error:
            raise Unanswered(type(error).__name__, f"reading the secret {name}: {error}") from error
