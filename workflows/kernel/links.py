"""Links that act: signed for one person, one action, one subject and one break of it, and for a few days. Pure.

What is signed can be read by whoever holds the link, and changed by nobody. Nothing is stored: whether a link was used already
is seen by what it would change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal, get_args

from itsdangerous import BadData, URLSafeSerializer

Action = Literal["fixed", "snooze", "mute"]
ACTIONS: tuple[Action, ...] = get_args(Action)
VALID_FOR = timedelta(days=7)
TOKEN_LENGTH_MAX = 2000
SALT = "act.v1"
"""A new shape of links gets a new salt, so that old ones are never taken for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What one link is good for. `person`: the e-mail address it was sent to."""

    subject: str
    break_id: str
    action: Action
    person: str
    expires: datetime


def signed(link: Link, keys: Sequence[str]) -> str:
    """The token, of characters that may stand in an address. The first key signs."""
    return _signer(keys).dumps([link.subject, link.break_id, link.action, link.person, int(link.expires.timestamp())])


def read_link(token: str, keys: Sequence[str]) -> Link | None:
    """What was signed with one of these keys, expired or not; None for anything else."""
    if len(token) > TOKEN_LENGTH_MAX:
        return None
    try:
        subject, break_id, action, person, expires = _signer(keys).loads(token)
    except (BadData, ValueError, TypeError):  # not ours; or ours, and of another shape
        return None
    if action not in ACTIONS:
        return None
    return Link(subject=subject, break_id=break_id, action=action, person=person, expires=datetime.fromtimestamp(expires, UTC))


def _signer(keys: Sequence[str]) -> URLSafeSerializer:
    """The library signs with the last key, and tries all."""
    return URLSafeSerializer(list(reversed(keys)), salt=SALT, signer_kwargs={"digest_method": sha256})
