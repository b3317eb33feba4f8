"""What is told by mail: the same facts as in Slack, readable on a phone, without images, and as plain text. Pure.

A letter is drawn from the message that Slack would get; in the place of its buttons stand links that are its reader's alone.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from listeners import cards, faces, letter_html, outside_slack, storm_cards, texts
from listeners.letter_html import Section
from workflows.backup.job_id import is_reserved
from workflows.backup.standing import Standing
from workflows.backup.telling import StormMember
from workflows.kernel.links import VALID_FOR, Action, Link
from workflows.kernel.ports import Letter, Message

SUBJECT_LENGTH_MAX = 150
LINKED_MAX, LISTED_MAX = 25, 100
"""So many breaks of a storm have links of their own, and so many a line: mail programs cut long letters short."""

LABELS: dict[Action, str] = {"fixed": "Mark fixed", "snooze": "Snooze…", "mute": "Mute"}
_NAMES_NONE: dict[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """How letters are drawn.

    Attributes:
        url: the address at which a link acts; may raise what reading the key raises.
        zone: IANA name for what has no zone of its own. admin: whom to ask; e-mail.
    """

    url: Callable[[Link], str]
    zone: str
    admin: str

    def of_job(self, standing: Standing, address: str, at: datetime) -> Letter:
        """What is now true of one break."""
        message = cards.living_message(standing, now=at, zone=standing.zone)
        still = "Still: " if standing.loud_kind == "reminder" and actions_of(standing, at) else ""
        links = self._links(standing, address, at)
        section = Section(parts=tuple(outside_slack.parts_of(message.blocks)), links=links)
        names = names_in(standing)
        foot = self._foot(address, at, standing.zone, links=bool(links))
        return _letter(still + _subject(message.text, names), [section], foot, names)

    def of_storm(self, members: Sequence[StormMember], news: Sequence[StormMember], address: str, at: datetime) -> Letter:
        """Many breaks: the whole story, those that are news, then each that is still broken with its links."""
        zone = next((member.standing.zone for member in members if member.standing), self.zone)
        card = storm_cards.storm_card(members, recipient=address, now=at, zone=zone)
        first = storm_cards.storm_news(news) if news else card
        whole = next(outside_slack.parts_of(card.blocks))
        told = [next(outside_slack.parts_of(first.blocks))] if news else []
        sections = [Section(parts=(*told, whole))]
        names: dict[str, str] = {}
        for number, member in enumerate(storm_cards.worst_first(members)[:LISTED_MAX]):
            line = storm_cards.storm_line(member, now=at, zone=zone)
            standing = member.standing
            linked = number < LINKED_MAX and standing is not None and not member.over
            links = self._links(standing, address, at) if linked and standing is not None else ()
            names |= names_in(standing) if standing is not None else {}
            sections.append(Section(parts=(outside_slack.Part(lines=[line]),), links=links, minor=True))
        if len(members) > LISTED_MAX:
            more = outside_slack.Part(lines=[f"and {len(members) - LISTED_MAX} more"])
            sections.append(Section(parts=(more,), minor=True))
        foot = self._foot(address, at, zone, links=any(section.links for section in sections))
        return _letter(_subject(first.text, names), sections, foot, names)

    def of_message(self, message: Message) -> Letter:
        """Something that stands by itself, such as a notice."""
        section = Section(parts=tuple(outside_slack.parts_of(message.blocks)))
        foot = ["You get this by mail because you have no account in our Slack.", f"Times are those of {self.zone}."]
        return _letter(_subject(message.text, _NAMES_NONE), [section], foot, _NAMES_NONE)

    def _links(self, standing: Standing, address: str, at: datetime) -> tuple[tuple[str, str], ...]:
        return tuple((LABELS[action], self.url(_link(standing, action, address, at))) for action in actions_of(standing, at))

    def _foot(self, address: str, at: datetime, zone: str, *, links: bool) -> list[str]:
        until = texts.plain_moment(at + VALID_FOR, now=at, zone=zone)
        about = f"The buttons are yours alone, so do not pass this mail on. Each asks once more, and works until {until}."
        return [
            f"You get this by mail because {address} has no account in our Slack.",
            *([about] if links else []),
            f"Times are those of {zone}.",
            f"Nobody reads answers to this address; ask {self.admin}.",
        ]


def actions_of(standing: Standing, at: datetime) -> tuple[Action, ...]:
    """What a reader can do about it now, the most likely first; as the buttons in Slack."""
    shown = faces.face(standing, now=at)
    nothing = standing.muted or shown in {"fine", "waiting", "off_list", "unseen"} or not standing.break_id
    if nothing or is_reserved(standing.job_id):
        return ()
    return ("snooze", "mute") if shown == "pending" else ("fixed", "snooze", "mute")


def names_in(standing: Standing) -> dict[str, str]:
    """The addresses of those Slack ids that this job knows."""
    known = {told.user_id: recipient for recipient, told in standing.told.items() if told.user_id}
    return known | ({standing.owner_user: standing.recipients[0]} if standing.owner_user and standing.recipients else {})


def _link(standing: Standing, action: Action, address: str, at: datetime) -> Link:
    return Link(subject=standing.job_id, break_id=standing.break_id, action=action, person=address, expires=at + VALID_FOR)


def _subject(text: str, names: dict[str, str]) -> str:
    """One line, which no mail program has to guess the end of."""
    line = re.sub(r"\s+", " ", texts.tidy(outside_slack.in_plain_text(text, names)))
    return line if len(line) <= SUBJECT_LENGTH_MAX else line[: SUBJECT_LENGTH_MAX - 1] + texts.ELLIPSIS


def _letter(subject: str, sections: Sequence[Section], foot: Sequence[str], names: dict[str, str]) -> Letter:
    return Letter(
        subject=subject,
        text=letter_html.as_text(sections, foot, names),
        html=letter_html.as_html(subject, sections, foot, names),
    )
