"""What somebody without an account answers: by a link that was sent to them, with the rights and rules of the buttons."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from workflows.backup.acknowledgement import form_of, mark_fixed, mute, owners_of, snooze
from workflows.backup.ports import Standings
from workflows.backup.press import Press, Reply, SnoozeChoice, SnoozeForm
from workflows.backup.saying import broken
from workflows.backup.standing import Standing
from workflows.kernel.links import Link
from workflows.kernel.ports import Bus, Directory
from workflows.kernel.rights import Authority, refusal

Answer = Literal["ask", "expired", "gone", "refused", "over", "fine", "in_place"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a link leads to now.

    Attributes:
        answer: "ask" where it can act; else why not: it has expired, its job is gone, its person may not (any more), its
            break is over (and the job is broken again, or fine), or what it would do is done.
        standing: the job as it is; None unless its person may see it.
        why: of a refusal. form: what a snooze must say first.
    """

    answer: Answer
    standing: Standing | None = None
    why: str = ""
    form: SnoozeForm | None = None


def look(link: Link, *, standings: Standings, directory: Directory, authority: Authority, now: datetime) -> Seen:
    """Changes nothing, and leaves no trace: programs that look through mail follow its links."""
    if link.expires <= now:
        return Seen(answer="expired")
    standing = standings.get(link.subject)
    if standing is None or standing.state == "off_list":
        return Seen(answer="gone")
    why = refusal(link.person, "", owners=owners_of(standing), authority=authority, directory=directory, by_link=True)
    if why:
        return Seen(answer="refused", why=why)
    answer = _answer(link, standing, now)
    return Seen(answer=answer, standing=standing, form=form_of(standing, now) if answer == "ask" else None)


def _answer(link: Link, standing: Standing, now: datetime) -> Answer:
    if not broken(standing):
        return "fine"
    if standing.break_id != link.break_id:
        return "over"
    return "in_place" if _in_place(link, standing, now) else "ask"


def act(
    link: Link,
    chosen: SnoozeChoice,
    *,
    standings: Standings,
    bus: Bus,
    directory: Directory,
    authority: Authority,
    now: datetime,
) -> Reply | None:
    """Does what the link is for; None where `look` tells why it cannot. `chosen`: for a snooze."""
    seen = look(link, standings=standings, directory=directory, authority=authority, now=now)
    if seen.answer not in {"ask", "refused"}:
        return None
    press = Press(job_id=link.subject, user_id=link.person, team_id="", break_id=link.break_id, by_link=True)
    if link.action == "snooze":
        return snooze(press, chosen, standings=standings, bus=bus, directory=directory, authority=authority, now=now)
    use_case = mark_fixed if link.action == "fixed" else mute
    return use_case(press, standings=standings, bus=bus, directory=directory, authority=authority, now=now)


def _in_place(link: Link, standing: Standing, now: datetime) -> bool:
    match link.action:
        case "fixed":
            return standing.state == "pending_fixed"
        case "snooze":
            return standing.snooze_until is not None and standing.snooze_until > now
        case "mute":
            return standing.muted
