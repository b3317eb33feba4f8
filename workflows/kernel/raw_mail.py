"""The mails as they arrived, kept in a bucket; and a count of those that nobody is to be told of one by one."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

MAIL_BYTES_MAX = 40 * 1024 * 1024
"""What SES takes in at most, MIME and all: nothing longer can be a mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMail:
    """One stored mail.

    Attributes:
        raw: the MIME message; empty where it is longer than MAIL_BYTES_MAX.
        received: when it was stored. size: in bytes.
    """

    key: str
    raw: bytes
    received: datetime
    size: int

    @property
    def too_large(self) -> bool:
        return self.size > MAIL_BYTES_MAX


class RawMails(Protocol):
    """The raw mail bucket, read only."""

    def read(self, key: str) -> RawMail | None:
        """The mail, or None when there is none under this key. Raises CannotLook."""
        ...

    def link(self, key: str) -> str:
        """Where a person who may can open it."""
        ...


class Tallied(NamedTuple):
    """`number` were counted on one day; `first` is what was said of the first of them."""

    number: int
    first: str


class Tally(Protocol):
    """Counts what comes in floods: mails of strangers."""

    def add(self, of: str, said: str, *, now: datetime) -> Tallied:
        """One more of these on this day (UTC). Where the answer is lost it may be counted twice; `said` of the first stays."""
        ...
