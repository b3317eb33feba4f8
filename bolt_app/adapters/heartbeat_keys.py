"""The keys of check-ins, in one secret."""

from bolt_app.adapters.secrets import Secrets
from workflows.backup.heartbeat import Keys, read_keys
from workflows.kernel.errors import Refused


class HeartbeatKeys:
    """Implements `SigningKeys`. Raises Refused too when the secret holds something else than keys."""

    def __init__(self, secrets: Secrets, *, name: str) -> None:
        self._secrets = secrets
        self._name = name
        self._read: tuple[str, Keys] | None = None

    def known(self) -> Keys:
        return self._keys(self._secrets.get(self._name))

    def read_again(self) -> Keys:
        return self._keys(self._secrets.refresh(self._name))

    def _keys(self, secret: str) -> Keys:
        if self._read is None or self._read[0] != secret:
            try:
                self._read = secret, read_keys(secret)
            except ValueError as error:
                raise Refused("unreadable", f"the secret {self._name}: {error}") from None
        return self._read[1]
