"""The answer to a check that somebody waits for.

It takes the way of everything that is told: bk-checker looks and says so on the bus, bk-dispatch reads what is then true and
tells it to whoever asked, and to nobody else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from workflows.backup.ports import Standings
from workflows.backup.standing import Standing
from workflows.kernel.delivery import message_id
from workflows.kernel.ports import Delivery, Event, Json, Ledger, Message

CHECKED = "bk.checked"
FAILED_MAX = 200

GOOD_FOR = timedelta(minutes=29)
"""For half an hour Slack takes an answer to whoever asked."""


def done_event(job_ids: Sequence[str], reply: Json, *, by: str, failed: Mapping[str, str]) -> Event:
    """What bk-checker says once it has looked. `reply`: as it came with the request."""
    why = {job_id: text[:FAILED_MAX] for job_id, text in failed.items()}
    return Event(kind=CHECKED, detail={"v": 1, "job_ids": list(job_ids), "by": by, "reply": reply, "failed": why})


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What `bk.checked` says. `failed`: job_id -> why it could not be looked at."""

    job_ids: tuple[str, ...]
    by: str
    response_url: str
    id: str
    at: datetime
    instead: bool = False
    failed: Mapping[str, str] = field(default_factory=dict)


def read_checked(detail: Json) -> Checked:
    """Raises ValueError that says what is wrong."""
    try:
        reply = dict(detail["reply"])
        at = datetime.fromisoformat(reply["at"])
        if at.tzinfo is None:
            raise ValueError("its time has no zone")
        return Checked(
            job_ids=tuple(str(job_id) for job_id in detail["job_ids"]),
            by=str(detail["by"]),
            response_url=str(reply["url"]),
            id=str(reply["id"]),
            at=at,
            instead=reply.get("instead") is True,
            failed={str(job_id): str(why) for job_id, why in dict(detail.get("failed") or {}).items()},
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"bk.checked lacks {error}") from error


class Whispers(Protocol):
    def to(self, response_url: str, *, instead: bool = False) -> Callable[[Message], None]:
        """Tells something to whoever asked, and to nobody else. Raises Refused at once for an address that is not Slack's."""
        ...


def answer_check(
    checked: Checked,
    *,
    standings: Standings,
    ledger: Ledger,
    whispers: Whispers,
    say: Callable[[Sequence[Standing], Mapping[str, str]], Message],
    now: datetime,
) -> bool:
    """Tells the asker what is now true of the jobs; False where it was told already, or nobody can be told any more.

    Told first and noted then: dying in between tells it twice to the one who asked, never not at all.
    """
    if now - checked.at > GOOD_FOR:
        return False
    note = Delivery(
        recipient=checked.by,
        id=message_id("checked", checked.id),
        subject=checked.job_ids[0] if checked.job_ids else "",
        break_id="",
        say=0,
        kind="checked",
        outcome="delivered",
        started=now,
    )
    if ledger.get(note.recipient, note.id) is not None:
        return False
    whisper = whispers.to(checked.response_url, instead=checked.instead)
    found = standings.get_many(checked.job_ids, consistent=True)
    whisper(say([found[job_id] for job_id in checked.job_ids if job_id in found], checked.failed))
    ledger.put(note)
    return True
