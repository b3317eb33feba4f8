"""Every job of the summary on one line: what is wrong first and with its story, what is fine as short as can be. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from listeners import faces, stories, texts
from listeners.letters import names_in
from workflows.backup.summary_facts import TROUBLED, Facts, Mood, Watched
from workflows.backup.summary_paragraph import age_of
from workflows.kernel.quantities import age_text, size_text

NAME_MAX, OWNER_MAX = 60, 40


class Group(NamedTuple):
    """Lines that belong together, under one heading; mrkdwn. `calm`: nothing of it is urgent."""

    heading: str
    lines: Sequence[str]
    calm: bool = False


def groups_of(facts: Facts) -> Iterator[Group]:
    """The troubled first, the fine last; empty groups are left out."""
    wrong = facts.of(*TROUBLED, "unseen")
    quiet = facts.of("pending", "snoozed", "muted")
    waiting, fine = facts.of("waiting"), facts.of("fine")
    found = (
        Group(f"*Needs attention* ({len(wrong)})", [_wrong(job, facts) for job in wrong]),
        Group(f"*Not fine, and kept quiet* ({len(quiet)})", [_quiet(job, facts) for job in quiet]),
        Group(f"*Waiting for a first run* ({len(waiting)})", [_waiting(job, facts) for job in waiting]),
        Group(f":large_green_circle:  *Fine* ({len(fine)})", [_fine(job, facts) for job in fine], calm=True),
    )
    return (group for group in found if group.lines)


def _wrong(job: Watched, facts: Facts) -> str:
    escalated = "escalated" if job.mood == "escalated" else ""
    return _line(job, job.trouble, _for(job, facts), escalated, _last_good(job, facts), _owner(job))


def _quiet(job: Watched, facts: Facts) -> str:
    answer = job.standing.answer
    by = _by(answer.by, job) if answer is not None else ""
    said: dict[Mood, str] = {
        "pending": f"said to be fixed{by}; its next run decides",
        "snoozed": f"snoozed{by}{_until(job.standing.snooze_until, facts)}",
        "muted": f"muted{by}{_until(answer.until if answer is not None and answer.kind == 'mute' else None, facts)}",
    }
    return _line(job, job.trouble, _for(job, facts), said[job.mood], _owner(job))


def _waiting(job: Watched, facts: Facts) -> str:
    first, _ = stories.story(job.standing, "waiting", now=facts.at, zone=facts.zone)
    return _line(job, first.strip(), _owner(job))


def _fine(job: Watched, facts: Facts) -> str:
    good = faces.newest_good(job.standing)
    parts = (
        f"{age_text(facts.at - good.at)} ago" if good and facts.at >= good.at else "",
        size_text(good.size) if good and good.size else "",
        "muted" if job.standing.muted else "",
    )
    return f"• {' · '.join((texts.name(job.name, NAME_MAX), *filter(None, parts)))}"


def _line(job: Watched, first: str, *parts: str) -> str:
    told = " · ".join((first, *filter(None, parts)))
    return f"{faces.EMOJI[job.mood]}  *{texts.name(job.name, NAME_MAX)}* {told}"


def _for(job: Watched, facts: Facts) -> str:
    age = age_of(job, facts)
    return f"for {age}" if age else ""


def _last_good(job: Watched, facts: Facts) -> str:
    good = faces.newest_good(job.standing)
    return f"last good run {age_text(facts.at - good.at)} ago" if good and facts.at >= good.at else "no good run yet"


def _owner(job: Watched) -> str:
    """By address: whoever is named in a channel every morning soon reads nothing there any more."""
    return texts.name(job.standing.recipients[0], OWNER_MAX) if job.standing.recipients else ""


def _by(who: str, job: Watched) -> str:
    """Whoever answered, by their address, where that is known."""
    address = who if "@" in who else names_in(job.standing).get(who, "")
    return f" by {texts.name(address, OWNER_MAX)}" if address else ""


def _until(moment: datetime | None, facts: Facts) -> str:
    """By the company's clock: a time that Slack turns to the reader's own takes as much room as the rest of the line."""
    return f" until {texts.plain_moment(moment, now=facts.at, zone=facts.zone)}" if moment is not None else ""
