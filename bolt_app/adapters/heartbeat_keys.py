"""The keys of check-ins, in one secret: remembered for those who check them, and exchanged for those who ask for a new one."""

import hashlib
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from bolt_app.adapters.aws import code_of, translated
from bolt_app.adapters.secrets import Secrets
from workflows.backup.heartbeat_keys import Keys, read_keys
from workflows.backup.key_answering import Stored
from workflows.kernel.errors import Conflict, OutsideError, Refused

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

KEPT_SECONDS = 65
"""A little more than the time for which `Secrets` reads nothing twice."""

CURRENT, NEXT = "AWSCURRENT", "AWSPENDING"

_log = logging.getLogger(__name__)


class HeartbeatKeys:
    """Implements `KnownKeys`. Raises Refused too when the secret holds something else than keys."""

    def __init__(self, secrets: Secrets, *, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._secrets = secrets
        self._name = name
        self._clock = clock
        self._read: tuple[str, Keys] | None = None
        self._asked_at = float("-inf")

    def known(self) -> Keys:
        """Two minutes old at most, so that a key that was exchanged is soon worth nothing; older only while none can be read."""
        if self._read is not None and self._clock() - self._asked_at < KEPT_SECONDS:
            return self._read[1]
        self._asked_at = self._clock()
        try:
            return self._keys(self._secrets.get(self._name) if self._read is None else self._secrets.refresh(self._name))
        except OutsideError as error:
            if self._read is None:
                raise
            _log.exception("The heartbeat keys could not be read again (%s); those known before hold on", error.reason)
            return self._read[1]

    def read_again(self) -> Keys:
        return self._keys(self._secrets.refresh(self._name))

    def forget(self) -> None:
        """They were changed by us."""
        self._secrets.forget(self._name)
        self._asked_at = float("-inf")

    def _keys(self, secret: str) -> Keys:
        if self._read is None or self._read[0] != secret:
            try:
                self._read = secret, read_keys(secret)
            except ValueError as error:
                raise Refused("unreadable", f"the secret {self._name}: {error}") from None
        return self._read[1]


class KeyVault:
    """Implements `Vault`: a new value is put beside the one in force, and takes its place if that is still the one in force."""

    def __init__(self, client: "SecretsManagerClient", *, name: str) -> None:
        self._client = client
        self._name = name

    def read(self) -> Stored:
        with translated():
            answer = self._client.get_secret_value(SecretId=self._name, VersionStage=CURRENT)
        return Stored(text=answer["SecretString"], version=answer["VersionId"])

    def replace(self, text: str, *, version: str) -> None:
        """The version's id is made of what it holds and what it follows: the same exchange again is the same version."""
        token = hashlib.sha256(f"{version} {text}".encode()).hexdigest()
        with translated():
            self._client.put_secret_value(SecretId=self._name, SecretString=text, ClientRequestToken=token, VersionStages=[NEXT])
            try:
                self._client.update_secret_version_stage(
                    SecretId=self._name, VersionStage=CURRENT, MoveToVersionId=token, RemoveFromVersionId=version
                )
            except ClientError as error:
                if code_of(error) != "InvalidParameterException":
                    raise
                raise Conflict(f"the secret {self._name} was written by others") from error
