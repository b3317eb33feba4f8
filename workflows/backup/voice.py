"""The voice document: who is who in Slack, and first lines of messages in the company's own words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from workflows.kernel.addresses import read_email
from workflows.kernel.documents import Field, Mistake, Schema, read_document
from workflows.kernel.quantities import UnreadableError
from workflows.kernel.zones import zone_name

TEMPLATES = ("alert", "warn", "escalate", "reminder", "pending_fixed", "recovered")
FIELDS = ("job", "what", "group", "owner", "finding", "age", "limit", "size", "missed", "last_good", "next_look", "lasted", "by")
LINE_MAX = 300
PERSON_RIGHT = "a Slack member id such as U012AB3CD, a zone such as Asia/Singapore, or both with a comma between"
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_MEMBER_ID = re.compile(r"<?@?([UW][A-Z0-9]{2,20})>?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What the document says of one person; "" where it says nothing."""

    user_id: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What the voice document says; `Voice()` is all built in.

    Attributes:
        people: by e-mail address in lower case. templates: first lines with `{field}` marks, by kind of message.
        mistakes: lines that cannot be used. A document that has any should not replace one that has none.
    """

    people: Mapping[str, Person] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()

    def user_id(self, email: str) -> str:
        """The Slack member id, or "" where the document names none."""
        return self.people.get(email.lower(), Person()).user_id

    def zone(self, email: str) -> str:
        """The person's IANA zone, or "" where the document names none."""
        return self.people.get(email.lower(), Person()).zone

    def line(self, name: str, fields: Mapping[str, str]) -> str | None:
        """The first line of this kind of message; None when the document has none, or a field that it needs is empty now.

        What a field holds is put in as it is, once: a `{job}` within it stays as it stands.
        """
        template = self.templates.get(name)
        if template is None or not all(fields.get(wanted, "").strip() for wanted in _PLACEHOLDER.findall(template)):
            return None
        return _PLACEHOLDER.sub(lambda mark: " ".join(fields[mark[1]].split()), template)


def parse_voice(text: str) -> Voice:
    """Reads the document. Never raises: a line that cannot be used is one of the mistakes."""
    document = read_document(text, SCHEMAS)
    people = {email: person for section in document.of_kind("people") for email, person in section.others.items()}
    templates = {name: section.values["line"] for name in TEMPLATES for section in document.of_kind(name) if section.values}
    return Voice(people=people, templates=templates, mistakes=document.mistakes)


def _person(key: str, value: str) -> tuple[str, Person]:
    user_id = zone = ""
    for part in re.split(r"\s*[,;]\s*", value):
        member = _MEMBER_ID.fullmatch(part)
        if (user_id if member else zone) or not part:
            raise UnreadableError(value, PERSON_RIGHT)
        if member:
            user_id = member[1]
        else:
            zone = zone_name(part)
    return read_email(key), Person(user_id=user_id, zone=zone)


def _first_line(text: str) -> str:
    line = " ".join(text.split())
    if len(line) > LINE_MAX:
        raise UnreadableError(text, f"a line of at most {LINE_MAX} characters")
    known = ", ".join(f"{{{name}}}" for name in FIELDS)
    unknown = next((mark for mark in _PLACEHOLDER.finditer(line) if mark[1] not in FIELDS), None)
    if unknown:
        raise UnreadableError(unknown[0], f"fields are {known}")
    if re.search(r"[{}]", _PLACEHOLDER.sub("", line)):
        raise UnreadableError(text, f"braces stand only around a field: {known}")
    return line


SCHEMAS = {
    "people": Schema(other=_person),
    **{name: Schema(fields={"line": Field(read=_first_line, prose=True)}) for name in TEMPLATES},
}
