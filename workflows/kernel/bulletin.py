"""Something told once an edition to one place: a message with a thread behind it, and the same by mail.

What was written is noted before it is told, so that whoever comes after a crash goes on with the very same pages.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from workflows.kernel.delivery import message_id
from workflows.kernel.errors import OutsideError, Refused
from workflows.kernel.ports import Delivery, Json, Ledger, Letter, Mailer, Message, Messenger
from workflows.kernel.posting import GONE, Later, only_writer, post_once
from workflows.kernel.sending import SHUT, send_once
from workflows.kernel.sheet import Notebook

LEASE_SECONDS = 75
"""Longer than its function lives, so that no lease runs out under a writer that is still at work."""

_THREAD_GONE = GONE | {"thread_not_found"}
_UNDER_WAY = frozenset({"sending", "delivered"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """What is to be told.

    Attributes:
        name, edition: of what it is, and which one: "summary", "2026-11-22". Each edition is told once.
        write: writes its messages, the first one for the channel and the others for its thread; may raise OutsideError.
    """

    name: str
    edition: str
    write: Callable[[], Sequence[Message]]


class Ports(Protocol):
    """What telling needs.

    `channel`: where it goes; "" for the conversation with the admin, which also takes what the channel refuses.
    `addresses`: who gets it by mail, if there is a mailer. `letter`: draws the letter from the messages. `noted`: the first
    message as the admin gets it, with the reason why. `notes`: of this place. `holder`: this invocation.
    """

    @property
    def ledger(self) -> Ledger: ...
    @property
    def messenger(self) -> Messenger: ...
    @property
    def mailer(self) -> Mailer | None: ...
    @property
    def notes(self) -> Notebook: ...
    @property
    def channel(self) -> str: ...
    @property
    def addresses(self) -> Sequence[str]: ...
    @property
    def admin(self) -> str: ...
    @property
    def letter(self) -> Callable[[Sequence[Message]], Letter]: ...
    @property
    def noted(self) -> Callable[[Message, str], Message]: ...
    @property
    def holder(self) -> str: ...


def tell(bulletin: Bulletin, ports: Ports, now: datetime) -> bool:
    """Tells it wherever it was not told yet; False when there was nothing left to do. Safe to repeat at any time.

    One place that fails does not keep back the others; then what it raised is raised: Later, or an OutsideError.
    """
    row = _row(bulletin, ports.channel or ports.admin, "", now)
    written = _kept(bulletin, row, ports)
    if written is not None and _all_told(bulletin, row, written, ports, now):
        return False
    fresh = bulletin.write() if written is None else written  # takes seconds, in which nobody else is kept waiting

    with only_writer(row.recipient, ports, now, seconds=LEASE_SECONDS):
        messages = _kept(bulletin, row, ports)
        if messages is None:  # nobody was quicker
            messages = fresh
            ports.notes.save({"bulletin": row.id, "messages": [_as_json(message) for message in messages]})
        _tell_everywhere(bulletin, row, messages, ports, now)
    return True


def _tell_everywhere(bulletin: Bulletin, row: Delivery, messages: Sequence[Message], ports: Ports, now: datetime) -> None:
    failed: list[OutsideError | Later] = []
    try:
        _post(bulletin, row, messages, ports, now)
    except (OutsideError, Later) as error:
        failed.append(error)
    for address in ports.addresses if ports.mailer is not None else ():
        try:
            send_once(_row(bulletin, address, "mail", now), address, ports.letter(messages), ports, now, thread="")
        except (OutsideError, Later) as error:
            if not (isinstance(error, Refused) and error.reason == SHUT):  # it stays so, and the admin knows
                failed.append(error)
    if failed:
        raise failed[0]


def _post(bulletin: Bulletin, row: Delivery, messages: Sequence[Message], ports: Ports, now: datetime) -> None:
    """The first message, then its thread. Where somebody deleted it meanwhile, nothing more is said."""
    first, *pages = messages
    ts = _post_first(row, first, ports, now)
    known = ports.ledger.get(row.recipient, row.id)
    channel = known.channel if known is not None else ports.channel
    for number, page in enumerate(pages, start=1):
        try:
            post_once(_page(bulletin, row, number, now), channel, page, ports, now, thread_ts=ts, broadcast=False)
        except Refused as refusal:
            if refusal.reason not in _THREAD_GONE:
                raise
            return


def _post_first(row: Delivery, message: Message, ports: Ports, now: datetime) -> str:
    if not ports.channel:
        return post_once(row, _admins(ports), message, ports, now)
    try:
        return post_once(row, ports.channel, message, ports, now)
    except Refused as refusal:
        why = str(refusal)
        return post_once(replace(row, why=why), _admins(ports), ports.noted(message, refusal.reason), ports, now)


def _admins(ports: Ports) -> str:
    admin = ports.messenger.member_by_email(ports.admin)
    if admin is None:
        raise Refused("users_not_found", f"neither the channel nor the admin {ports.admin} can be written to")
    return ports.messenger.open_dm(admin.user_id)


# --- what was told, and what was written ---------------------------------------------------------


def _all_told(bulletin: Bulletin, row: Delivery, messages: Sequence[Message], ports: Ports, now: datetime) -> bool:
    rows = [row, *(_page(bulletin, row, number, now) for number in range(1, len(messages)))]
    if ports.mailer is not None:
        rows += [_row(bulletin, address, "mail", now) for address in ports.addresses]
    known = [ports.ledger.get(one.recipient, one.id) for one in rows]
    return all(one is not None and one.outcome == "delivered" for one in known)


def _kept(bulletin: Bulletin, row: Delivery, ports: Ports) -> Sequence[Message] | None:
    """What was written for this edition, if telling it was begun; what nobody may have seen yet is rather written anew."""
    known = ports.ledger.get(row.recipient, row.id)
    mailed = [ports.ledger.get(address, _row(bulletin, address, "mail", row.started).id) for address in ports.addresses]
    notes = ports.notes.read()
    begun = any(one is not None and one.outcome in _UNDER_WAY for one in (known, *mailed))
    if not begun or notes.get("bulletin") != row.id:
        return None
    return [Message(text=one["text"], blocks=tuple(one["blocks"])) for one in notes["messages"]]


def _as_json(message: Message) -> Json:
    return {"text": message.text, "blocks": list(message.blocks)}


def _row(bulletin: Bulletin, recipient: str, kind: str, now: datetime) -> Delivery:
    return Delivery(
        recipient=recipient,
        id=message_id(bulletin.name, bulletin.edition, kind, recipient if kind else ""),
        subject="",
        break_id="",
        say=0,
        kind=bulletin.name,
        outcome="sending",
        started=now,
    )


def _page(bulletin: Bulletin, row: Delivery, number: int, now: datetime) -> Delivery:
    return replace(row, id=message_id(bulletin.name, bulletin.edition, "page", number), started=now)
