"""What people can do, as the listeners call it; bound to its ports elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from workflows.backup.press import Press, Reply, SnoozeChoice, SnoozeForm
from workflows.backup.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    """Each may raise `OutsideError`.

    Attributes:
        board: takes a user id and a team id.
        now: the moment, aware and in UTC; taken once a request.
        zone: IANA name in which times are written where Slack cannot show the reader's own.
    """

    mark_fixed: Callable[[Press], Reply]
    mute: Callable[[Press], Reply]
    unmute: Callable[[Press], Reply]
    check_now: Callable[[Press], Reply]
    snooze_form: Callable[[Press], SnoozeForm | Reply]
    snooze: Callable[[Press, SnoozeChoice], Reply]
    board: Callable[[str, str], tuple[Standing, ...] | Reply]
    now: Callable[[], datetime]
    zone: str
