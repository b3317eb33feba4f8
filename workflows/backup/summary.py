"""The summary of a day: facts gathered and counted in code, one paragraph about them, written and sent once."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from workflows.backup.fleet import Sources
from workflows.backup.job import Job
from workflows.backup.job_id import CANARY
from workflows.backup.joblist import job_from_cells
from workflows.backup.ports import Standings
from workflows.backup.standing import Standing
from workflows.backup.summary_answer import written_by
from workflows.backup.summary_facts import DAY, Facts, See, facts_of
from workflows.backup.summary_paragraph import Paragraph, plain_paragraph
from workflows.backup.summary_truth import Untrue
from workflows.backup.words import Words, read_words
from workflows.kernel.bulletin import Bulletin
from workflows.kernel.errors import OutsideError
from workflows.kernel.journal import Journal
from workflows.kernel.model import Model
from workflows.kernel.ports import Documents, Message, Messenger
from workflows.kernel.proposal import Proposals

T = TypeVar("T")

ENTRIES_MAX = 5000
"""So much of the audit is looked through: five hundred jobs that each break and recover five times a day."""

STRANGERS_MAX = 50
"""So many owners are looked up in Slack; the others are looked up another day, when their jobs are in trouble."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What a summary is made of.

    Attributes:
        see: how the board shows a job. draw: the messages, the first one for the channel, the others for its thread.
    """

    standings: Standings
    journal: Journal
    proposals: Proposals
    documents: Documents
    messenger: Messenger
    model: Model
    sources: Sources
    see: See
    draw: Callable[[Facts, Paragraph], Sequence[Message]]


def todays_bulletin(ports: Ports, now: datetime) -> Bulletin:
    """What is to be told once today, by the company's clock. Nothing is gathered before somebody asks for its messages."""
    day = now.astimezone(ZoneInfo(ports.sources.timezone)).date()
    return Bulletin(name="summary", edition=day.isoformat(), write=lambda: summary(ports, now))


def summary(ports: Ports, now: datetime) -> Sequence[Message]:
    """The messages. Raises OutsideError where the standings cannot be read; whatever else is missing is named instead."""
    facts = gather(ports, now)
    return ports.draw(facts, paragraph_of(facts, ports.model))


def paragraph_of(facts: Facts, model: Model) -> Paragraph:
    """The model's, if it says what the facts say; else the same facts in plain code."""
    if not facts.jobs:
        return plain_paragraph(facts)
    try:
        return written_by(model, facts)
    except (OutsideError, Untrue) as error:
        return plain_paragraph(facts, why=str(error))


def gather(ports: Ports, now: datetime) -> Facts:
    """All facts of this moment."""
    canary, fleet = ports.standings.get(CANARY), ports.standings.fleet()
    standings = [*ports.standings.every(), *([canary] if canary is not None else [])]
    missing: list[str] = []
    entries = _or_missing(lambda: ports.journal.entries(now - DAY, now, entries_max=ENTRIES_MAX), "what was done", missing)
    proposals = _or_missing(ports.proposals.open, "proposals", missing)
    unowned = _or_missing(lambda: list(_unowned(standings, _words(ports), ports.sources)), "who owns what", missing)
    strangers = _or_missing(lambda: list(_strangers(standings, ports)), "who has an account", missing)
    return facts_of(
        standings,
        entries=entries,
        fleet=fleet,
        proposals=proposals,
        unowned=unowned,
        strangers=strangers,
        missing=missing,
        see=ports.see,
        now=now,
        zone=ports.sources.timezone,
    )


def _or_missing(read: Callable[[], Sequence[T]], what: str, missing: list[str]) -> Sequence[T]:
    """What is good to have must not keep back the rest; that it is missing is said."""
    try:
        return read()
    except OutsideError:
        missing.append(what)
        return ()


def _words(ports: Ports) -> Words:
    return read_words(ports.documents, ports.sources, last_good=lambda: ports.standings.fleet().get("texts", {}))


def _unowned(standings: Collection[Standing], words: Words, sources: Sources) -> Iterator[str]:
    """Jobs that fell to the admin: neither their rows nor their groups name an owner."""
    for standing in standings:
        if standing.state == "off_list" or standing.job_id == CANARY or standing.recipients[:1] != (sources.admin,):
            continue
        job = job_from_cells(standing.row, timezone=sources.timezone, rules=words.rules)
        if isinstance(job, Job) and words.rules.owner(job, sources.admin)[1] == "admin":
            yield standing.job_id


def _strangers(standings: Collection[Standing], ports: Ports) -> Iterator[str]:
    """Owners of whom Slack knows nothing, or nothing but a guest."""
    listed = [
        one for one in standings if one.state != "off_list" and one.recipients and not one.owner_user and one.job_id != CANARY
    ]
    unknown = {one.recipients[0] for one in listed if not any(told.user_id for told in one.told.values())}
    for email in sorted(unknown - {ports.sources.admin})[:STRANGERS_MAX]:
        member = ports.messenger.member_by_email(email)
        if member is None or member.guest:
            yield email
