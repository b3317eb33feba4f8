"""The raw mail bucket, and the count of strangers' mails, in memory."""

from datetime import datetime

from workflows.kernel.errors import CannotLook
from workflows.kernel.raw_mail import MAIL_BYTES_MAX, RawMail, Tallied


class MemoryRawMails:
    """Implements `RawMails`. `error`: why the bucket cannot be read just now."""

    def __init__(self) -> None:
        self._kept: dict[str, RawMail] = {}
        self.error = ""

    def put(self, key: str, raw: bytes, received: datetime) -> None:
        kept = raw if len(raw) <= MAIL_BYTES_MAX else b""
        self._kept[key] = RawMail(key=key, raw=kept, received=received.replace(microsecond=0), size=len(raw))

    def delete(self, key: str) -> None:
        del self._kept[key]

    def read(self, key: str) -> RawMail | None:
        if self.error:
            raise CannotLook(self.error, key)
        return self._kept.get(key)

    def link(self, key: str) -> str:
        return f"https://console.example.com/{key}"


class MemoryTally:
    """Implements `Tally`."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], Tallied] = {}

    def add(self, of: str, said: str, *, now: datetime) -> Tallied:
        day = of, f"{now:%Y-%m-%d}"
        known = self._counts.get(day, Tallied(0, said))
        self._counts[day] = Tallied(known.number + 1, known.first)
        return self._counts[day]
