"""What the writer of the sheet remembers from run to run: what it mirrored, what is wrong, and what it has begun to write."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

from workflows.kernel.ports import AuditEntry, Event, Json
from workflows.kernel.sheet import Fault

SETTLED_AFTER = timedelta(minutes=3)
"""Google gives up on a request after so long: what is not in the sheet by then was not written, and never will be."""

KEY = "key "
"""So begins the name of a key that is written; a proposal's id has no space."""

SILENT_TOLD_AFTER = timedelta(hours=1)
"""Google not answering is told when it lasts; four runs in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was mirrored last of one document.

    Attributes:
        version: Drive's, read before the export. digest: of the text.
        silent_since: ISO; since when Google has not answered about it; "" while it does.
    """

    version: str = ""
    digest: str = ""
    silent_since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What the admin must hear about one document. `since` (ISO) stays while it stays the same, so that it is told once."""

    document: str
    problem: str
    fix: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A write that was begun: enough to audit it by whoever finds it done.

    Attributes:
        at: ISO. before, after: column -> text.
    """

    subject: str
    at: str
    action: str
    by: str
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    why: str = ""

    def unsettled(self, now: datetime) -> bool:
        return now - datetime.fromisoformat(self.at) < SETTLED_AFTER

    def entry(self) -> AuditEntry:
        return AuditEntry(
            subject=self.subject,
            at=datetime.fromisoformat(self.at),
            action=self.action,
            by=self.by,
            before=dict(self.before),
            after=dict(self.after),
            why=self.why,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """All of it.

    Attributes:
        seen: by object key. troubles: by object key, or what else they are about. begun: by what asked for it.
        keyed: digest of the sheet in which every sound row was seen to have its key written down.
    """

    seen: Mapping[str, Seen] = field(default_factory=dict)
    troubles: Mapping[str, Trouble] = field(default_factory=dict)
    begun: Mapping[str, Begun] = field(default_factory=dict)
    keyed: str = ""

    def saw(self, key: str, seen: Seen) -> "Book":
        return replace(self, seen={**self.seen, key: seen})

    def heard(self, about: str, document: str, fault: Fault | None, now: datetime) -> "Book":
        """The book with this trouble, or without any: one that is the same as before keeps its `since`."""
        others = {name: trouble for name, trouble in self.troubles.items() if name != about}
        if fault is None:
            return replace(self, troubles=others)
        known = self.troubles.get(about)
        same = known is not None and (known.problem, known.fix) == fault
        since = known.since if known is not None and same else now.isoformat()
        trouble = Trouble(document=document, problem=fault.problem, fix=fault.fix, since=since)
        return replace(self, troubles={**others, about: trouble})

    def begin(self, new: Mapping[str, Begun]) -> "Book":
        return replace(self, begun={**self.begun, **new})

    def end(self, *names: str) -> "Book":
        return replace(self, begun={name: begun for name, begun in self.begun.items() if name not in names})

    def keys_begun(self) -> dict[str, Begun]:
        return {name: begun for name, begun in self.begun.items() if name.startswith(KEY)}

    def proposals_begun(self) -> list[str]:
        """Ids of the proposals whose row was begun, and not seen to the end."""
        return [name for name in self.begun if not name.startswith(KEY)]

    def notices(self) -> list[Event]:
        """Every trouble there is; the ledger knows which of them were told."""
        details = [{"about": "sheet", **asdict(trouble)} for trouble in self.troubles.values()]
        return [Event(kind="bk.notice", detail={"v": 1, **detail}) for detail in details]


def book_of(notes: Json) -> Book:
    """As `notes_of` wrote it."""
    return Book(
        seen={key: Seen(**one) for key, one in notes.get("seen", {}).items()},
        troubles={key: Trouble(**one) for key, one in notes.get("troubles", {}).items()},
        begun={key: Begun(**one) for key, one in notes.get("begun", {}).items()},
        keyed=notes.get("keyed", ""),
    )


def notes_of(book: Book) -> Json:
    return asdict(book)


def digest_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]
