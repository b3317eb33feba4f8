"""Dispatch: the one writer of living messages. A nudge says where to look; what is said is what is true when it is written.

Under the recipient's lease it writes everything that this recipient is not yet told. It never sleeps: whatever has to wait
becomes a later nudge, so that no queue try is spent on it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol

from workflows.kernel.delivery import Saying, decide, message_id
from workflows.kernel.errors import Refused
from workflows.kernel.ports import Deferrals, Delivery, Event, Ledger, Message, Messenger, Nudges
from workflows.kernel.posting import Later, edit_if_there, post_once, under_lease
from workflows.kernel.storm import Drawing, brewing, keep_true, tell_together

_NO_CONVERSATION = frozenset(
    {"user_not_found", "users_not_found", "user_disabled", "account_inactive", "cannot_dm_bot", "user_not_visible"}
)
SUBJECTS_MAX = 500
ALONE_MAX = 25
"""So many subjects are read under one lease, and so many written in messages of their own; more wait for the next nudge."""


class Subjects(Drawing, Protocol):
    """What the product answers: what is not yet told, and is it still true?"""

    def recipients(self, subject: str) -> tuple[str, ...]:
        """Whom this subject is told to; empty for a subject that is gone."""
        ...

    def pending_for(self, recipient: str) -> list[str]:
        """The subjects about which this recipient must be told now, the oldest first."""
        ...

    def saying(self, subject: str, recipient: str) -> Saying | None:
        """What this recipient is not yet told, by a consistent read."""
        ...

    def told(self, saying: Saying, recipient: str, *, channel: str, ts: str, user_id: str, at: datetime) -> None: ...

    def settle(self, subject: str) -> None:
        """Takes the subject off the list of those that someone must be told about, if everybody is told, or has to wait."""
        ...

    def alone_until(self, recipient: str) -> datetime | None:
        """Until when this recipient must not be disturbed; None where they may be."""
        ...

    def came_and_went(self, recipient: str, waited: Sequence[Delivery]) -> Message | None:
        """One line about what of this began and ended while the recipient was left alone; None where nothing did."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What delivering needs. `admin`: the e-mail address that gets what cannot reach its recipient. `holder`: this invocation."""

    subjects: Subjects
    ledger: Ledger
    messenger: Messenger
    nudges: Nudges
    deferrals: Deferrals
    admin: str
    holder: str


def dispatch(nudge: Event, subject: str, *, ports: Ports, now: datetime) -> None:
    """Tells every recipient of `subject` all that they are not yet told. Safe to repeat at any time."""
    refusals: list[Refused] = []
    for recipient in ports.subjects.recipients(subject):
        saying = ports.subjects.saying(subject, recipient)
        if saying is not None and decide(saying) != "nothing":
            refusals += under_lease(recipient, nudge, partial(_tell_all, recipient, subject, ports, now), ports, now)
    ports.subjects.settle(subject)
    if refusals:  # whoever could be told has been; now let the queue, its tries and its alarm see it
        raise refusals[0]


def open_up(nudge: Event, recipient: str, *, ports: Ports, now: datetime) -> None:
    """An appointment has come: what waited for this recipient is told, as far as it is still true."""
    waiting = ports.ledger.waiting(recipient)
    if waiting:
        refusals = under_lease(recipient, nudge, partial(_tell_all, recipient, waiting[0].subject, ports, now), ports, now)
        for subject in dict.fromkeys(row.subject for row in waiting):
            ports.subjects.settle(subject)
        if refusals:
            raise refusals[0]


def notice(nudge: Event, message: Message, identity: tuple[object, ...], *, ports: Ports, now: datetime) -> None:
    """Tells the admin something about the sentinel itself, once for each `identity`."""
    delivery_id = message_id("notice", *identity)
    row = Delivery(
        recipient=ports.admin,
        id=delivery_id,
        subject="",
        break_id="",
        say=0,
        kind="notice",
        outcome="sending",
        started=now,
    )

    def tell() -> list[Refused]:
        channel, _ = _channel(ports.admin, "", ports)
        post_once(row, channel, message, ports, now)
        return []

    known = ports.ledger.get(ports.admin, delivery_id)
    if known is None or known.outcome != "delivered":  # one that was refused for its rate is still to be told
        under_lease(ports.admin, nudge, tell, ports, now)


def _tell_all(recipient: str, first: str, ports: Ports, now: datetime) -> list[Refused]:
    """Writes what is not yet told, the nudged subject first. One that is refused does not keep back the others."""
    waiting = ports.ledger.waiting(recipient)
    subjects = list(dict.fromkeys((first, *ports.subjects.pending_for(recipient), *(row.subject for row in waiting))))
    found = (ports.subjects.saying(subject, recipient) for subject in subjects[:SUBJECTS_MAX])
    behind = [saying for saying in found if saying is not None and decide(saying) != "nothing"]
    storms = {row.ts: row for row in ports.ledger.storms(recipient) if row.ts}
    fresh = [saying for saying in behind if decide(saying) == "post"]
    together = fresh if brewing(fresh, recipient, ports.ledger, now) else []
    of_storms = [saying for saying in behind if saying.living is not None and saying.living.ts in storms]
    alone = [saying for saying in behind if saying not in together and saying not in of_storms]

    refusals = _each(([saying] for saying in alone[:ALONE_MAX]), lambda one: _tell(one[0], recipient, ports, now), ports)
    if together:
        refusals += _each([together], lambda these: _tell_together(these, recipient, ports, now), ports)
    for ts, storm in storms.items():
        its = [saying for saying in of_storms if saying.living is not None and saying.living.ts == ts]
        if its:
            refusals += _each([its], partial(_keep_true, storm, ports=ports, now=now), ports)
    told = len(behind) > len(refusals)
    if (
        len(subjects) > SUBJECTS_MAX or len(alone) > ALONE_MAX
    ) and told:  # where nobody can be told, another turn ends like this one
        raise Later(0)
    if not refusals:
        _end_waiting(recipient, waiting, ports, now)
    return refusals


def _each(groups: Iterable[list[Saying]], tell: Callable[[list[Saying]], None], ports: Ports) -> list[Refused]:
    """Tells of each group (often one saying alone), and ticks off what was told."""
    refusals = []
    for group in groups:
        try:
            tell(group)
        except Refused as refusal:
            refusals.append(refusal)
            continue
        for saying in group:
            ports.subjects.settle(saying.subject)
    return refusals


def _tell_together(fresh: list[Saying], recipient: str, ports: Ports, now: datetime) -> None:
    for saying in fresh:
        _close_former(saying, ports)
    channel, user_id = _channel(recipient, next((saying.user_id for saying in fresh if saying.user_id), ""), ports)
    storm = tell_together(fresh, recipient, channel, drawing=ports.subjects, writing=ports, now=now)
    for saying in fresh:
        ports.subjects.told(saying, recipient, channel=storm.channel, ts=storm.ts, user_id=user_id, at=now)


def _keep_true(storm: Delivery, sayings: list[Saying], *, ports: Ports, now: datetime) -> None:
    """The card of a storm, and those of its members of which there is something new."""
    louder = [saying for saying in sayings if decide(saying) == "edit_and_reply"]
    if not keep_true(storm, louder, drawing=ports.subjects, writing=ports, now=now):
        for saying in sayings:  # someone deleted the card: each has a message of its own from now on, if it still speaks
            _tell(replace(saying, living=None), storm.recipient, ports, now, instead_of=storm.ts)
        return
    for saying in sayings:
        if saying.alone_until is not None and decide(saying) == "edit_and_defer":
            _defer(saying, storm.recipient, saying.alone_until, ports, now)
        else:
            ports.subjects.told(saying, storm.recipient, channel=storm.channel, ts=storm.ts, user_id=saying.user_id, at=now)


def _end_waiting(recipient: str, waiting: Sequence[Delivery], ports: Ports, now: datetime) -> None:
    """Once they may be disturbed: one line for what came and went meanwhile, and nothing waits any more."""
    if not waiting or ports.subjects.alone_until(recipient) is not None:
        return
    message = ports.subjects.came_and_went(recipient, waiting)
    if message is not None:
        channel, _ = _channel(recipient, "", ports)
        identity = message_id(recipient, "came_and_went", *sorted(row.id for row in waiting))
        post_once(
            replace(waiting[0], id=identity, kind="came_and_went", outcome="sending", started=now), channel, message, ports, now
        )
    for row in waiting:
        ports.ledger.done_waiting(recipient, row.id)


def _tell(saying: Saying, recipient: str, ports: Ports, now: datetime, *, instead_of: str = "") -> None:
    step = decide(saying)
    if step == "nothing":
        return
    _close_former(saying, ports)
    if saying.alone_until is not None and step in {"defer", "edit_and_defer"}:
        _defer(saying, recipient, saying.alone_until, ports, now)
        return
    if step == "suppress":
        _suppress(saying, recipient, ports, now)
        return
    if step != "post" and saying.living is not None:
        if not edit_if_there(saying.living.channel, saying.living.ts, saying.message, ports.messenger):
            lost = saying.living.ts  # someone deleted it: a new one takes its place, if there is still something to say
            if not saying.speaks:
                _suppress(saying, recipient, ports, now)
                return
            _post_living(replace(saying, living=None), recipient, ports, now, instead_of=lost)
            return
        if step == "edit_and_reply":
            row = _row(saying, recipient, message_id(saying.subject, saying.break_id, recipient, "line", saying.loud), now)
            post_once(row, saying.living.channel, saying.line, ports, now, thread_ts=saying.living.ts)
        ports.subjects.told(saying, recipient, channel=saying.living.channel, ts=saying.living.ts, user_id=saying.user_id, at=now)
        return
    _post_living(saying, recipient, ports, now, instead_of=instead_of)


def _defer(saying: Saying, recipient: str, until: datetime, ports: Ports, now: datetime) -> None:
    """Notes what waits, and makes an appointment; a message that is there already is kept true meanwhile, without a sound.

    Order: the note, then the appointment. Where the appointment is lost, the subject's own `due` brings it back.
    """
    if saying.living is not None:
        edit_if_there(saying.living.channel, saying.living.ts, saying.message, ports.messenger)
    row = _row(saying, recipient, message_id(saying.subject, saying.break_id, recipient, "waiting"), now)
    if not any(known.id == row.id for known in ports.ledger.waiting(recipient)):  # since when it waits stays as it was
        ports.ledger.keep_waiting(replace(row, outcome="waiting", why=saying.message.text))
    ports.deferrals.defer(recipient, until)


def _close_former(saying: Saying, ports: Ports) -> None:
    """The message of an earlier break must not go on claiming what is over; repeating the edit does no harm."""
    if saying.former is not None and saying.former_message is not None:
        edit_if_there(saying.former.channel, saying.former.ts, saying.former_message, ports.messenger)


def _suppress(saying: Saying, recipient: str, ports: Ports, now: datetime) -> None:
    """It is over, or quiet, before it was said: nothing untrue is sent, and the ledger says why."""
    row = _row(saying, recipient, message_id(saying.subject, saying.break_id, recipient, "suppressed", saying.say), now)
    ports.ledger.put(replace(row, outcome="suppressed", why=f"{saying.state} before it was said"))
    ports.subjects.told(saying, recipient, channel="", ts="", user_id=saying.user_id, at=now)


def _post_living(saying: Saying, recipient: str, ports: Ports, now: datetime, *, instead_of: str = "") -> None:
    channel, user_id = _channel(recipient, saying.user_id, ports)
    row = _row(saying, recipient, message_id(saying.subject, saying.break_id, recipient, "living", instead_of), now)
    if not user_id:
        row = replace(row, why=f"{recipient} has no account here; the admin was told")
    ts = post_once(row, channel, saying.message, ports, now)
    ports.subjects.told(saying, recipient, channel=channel, ts=ts, user_id=user_id, at=now)


def _channel(recipient: str, user_id: str, ports: Ports) -> tuple[str, str]:
    """The conversation with the recipient, or with the admin where the recipient cannot be found (then without a user id)."""
    for known in (user_id, ""):  # an id that was written down may be mistyped or outdated: the address decides then
        found = known or _user_id_of(recipient, ports)
        try:
            if found:
                return ports.messenger.open_dm(found), found
        except Refused as refusal:
            if refusal.reason not in _NO_CONVERSATION:
                raise
    admin = ports.messenger.member_by_email(ports.admin)
    if admin is None:
        raise Refused("users_not_found", f"neither {recipient} nor the admin {ports.admin} has an account")
    return ports.messenger.open_dm(admin.user_id), ""


def _user_id_of(email: str, ports: Ports) -> str:
    member = ports.messenger.member_by_email(email)
    return member.user_id if member is not None and not member.guest else ""


def _row(saying: Saying, recipient: str, delivery_id: str, now: datetime) -> Delivery:
    return Delivery(
        recipient=recipient,
        id=delivery_id,
        subject=saying.subject,
        break_id=saying.break_id,
        say=saying.say,
        kind=saying.kind,
        outcome="sending",
        started=now,
    )
