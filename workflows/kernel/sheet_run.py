"""One run of the writer of the sheet. There is one at a time: a lease sees to it, and guards what is remembered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from workflows.kernel.ports import Audit, Bus, Ledger
from workflows.kernel.proposal import Proposals
from workflows.kernel.sheet import Drive, Fault, Mirror, Notebook, Rows, Sheet, Source
from workflows.kernel.sheet_book import Book, Seen, book_of, notes_of
from workflows.kernel.sheet_mirror import Mirrored, Wanted, mirror

LEASE = "#sheet"
"""The recipient under whose lease the sheet is written. No e-mail address is like it."""

LEASE_SECONDS = 45
"""Longer than any invocation lives, so that no lease runs out under a writer that is still at work."""

ENOUGH = timedelta(seconds=12)
"""So much time must be left to begin something: a few calls of Google's, each as slow as we let it be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What a run needs.

    Attributes:
        table: the source that is the sheet. time_left: of this invocation. holder: its name.
    """

    table: Source
    sheet: Sheet
    drive: Drive
    mirror: Mirror
    rows: Rows
    notebook: Notebook
    ledger: Ledger
    proposals: Proposals
    audit: Audit
    bus: Bus
    holder: str
    time_left: Callable[[], timedelta]
    now: datetime


class Run:
    """A run at work: its ports and its book, which is written down before anything that must not be forgotten."""

    def __init__(self, ports: Ports) -> None:
        self.ports = ports
        self.book = book_of(ports.notebook.read())
        self._written = self.book

    def write_down(self, book: Book) -> None:
        """Remembers this from now on. A book that says what it said costs no write."""
        self.book = book
        if book != self._written:
            self.ports.notebook.save(notes_of(book))
            self._written = book

    def mirror(self, source: Source, wanted: Wanted | None = None) -> Mirrored:
        """Brings one mirrored document up to date, and remembers what came of it."""
        ports = self.ports
        seen = self.book.seen.get(source.key, Seen())
        done = mirror(source, seen, drive=ports.drive, mirror=ports.mirror, rows=ports.rows, now=ports.now, wanted=wanted)
        book = self.book.saw(source.key, done.seen)
        if done.fault or not done.waits:  # while Google is silent nobody knows whether what was wrong still is
            book = book.heard(source.key, source.name, done.fault, ports.now)
        self.write_down(book)
        return done

    def trouble(self, about: str, fault: Fault | None) -> None:
        self.write_down(self.book.heard(about, self.ports.table.name, fault, self.ports.now))

    def has_time(self) -> bool:
        return self.ports.time_left() > ENOUGH
