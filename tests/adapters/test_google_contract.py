"""What every adapter of `Sheet` and `Drive` does alike, in memory and by Google's own client against the local stand-in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from bolt_app.adapters.google_account import GoogleAccount
from bolt_app.adapters.google_drive import GoogleDrive
from bolt_app.adapters.google_sheet import GoogleSheet
from bolt_app.adapters.memory.google import MemoryGoogle
from infra.local.google.files import RULES_ID, SHEET_ID
from infra.local.google.server import LocalGoogle
from workflows.kernel.errors import Refused
from workflows.kernel.sheet import Cell, Drive, Grid, Sheet, Source
from workflows.kernel.sheet_trouble import NOT_FOUND

TABLE = Source(id=SHEET_ID, key="jobs.csv", name="job list", kind="sheet")
RULES = Source(id=RULES_ID, key="rules.txt", name="rules document", kind="text")
ROWS = (("job_id", "name", "notes"), ("orders-db", "Orders – täglich", ""), ("nas", "NAS", 'x,"y"\nz'))


class OneSecret:
    """What `GoogleAccount` asks of `Secrets`."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.read = 0

    def get(self, _name: str) -> str:
        self.read += 1
        return self.key

    refresh = get


def account_of(secret: OneSecret, url: str = "") -> GoogleAccount:
    secrets: Any = secret
    return GoogleAccount(secrets, secret="the-secret", api_url=url)  # noqa: S106 - a name


@dataclass
class Place:
    sheet: Sheet
    drive: Drive
    memory: MemoryGoogle | None = None
    google: LocalGoogle | None = None

    def fill(self, rows: Sequence[Sequence[str]]) -> None:
        if self.memory is not None:
            self.memory.grid = [list(row) for row in rows]
        if self.google is not None:
            self.google.service.folder.keep(SHEET_ID, [list(row) for row in rows])

    def write_rules(self, text: str) -> None:
        if self.memory is not None:
            self.memory.texts[RULES_ID] = text
        if self.google is not None:
            (self.google.service.folder.path / "rules.txt").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalGoogle]:
    with LocalGoogle(tmp_path_factory.mktemp("google")) as local:
        yield local


@pytest.fixture(scope="module")
def by_google(google: LocalGoogle) -> Place:
    account = account_of(OneSecret(google.service.key), google.url)
    return Place(GoogleSheet(account, sheet_id=SHEET_ID), GoogleDrive(account), google=google)


@pytest.fixture(params=["memory", "google"])
def place(request: pytest.FixtureRequest, by_google: Place) -> Place:
    if request.param == "memory":
        memory = MemoryGoogle(SHEET_ID)
        there = Place(memory, memory, memory=memory)
    else:
        there = by_google
    there.fill(ROWS)
    there.write_rules("[defaults]\n")
    return there


def filled(grid: Grid) -> list[list[str]]:
    """Without the blank cells at the ends, which mean nothing."""
    rows = [list(row) for row in grid]
    for row in rows:
        while row and not row[-1]:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def test_a_sheet_is_read_as_people_see_it_blank_rows_included(place: Place) -> None:
    place.fill((*ROWS, (), ("b", "B")))
    assert filled(place.sheet.read()) == [
        ["job_id", "name", "notes"],
        ["orders-db", "Orders – täglich"],
        ["nas", "NAS", 'x,"y"\nz'],
        [],
        ["b", "B"],
    ]


def test_an_empty_sheet_has_no_rows(place: Place) -> None:
    place.fill(())
    assert filled(place.sheet.read()) == []


def test_a_row_is_added_below_the_last_that_holds_anything(place: Place) -> None:
    place.fill((*ROWS, (), ("", "", "a note")))
    place.sheet.append(("new", "", "=1+1"))
    assert filled(place.sheet.read())[3:] == [[], ["", "", "a note"], ["new", "", "=1+1"]]


def test_cells_are_written_where_they_are_told_and_nowhere_else(place: Place) -> None:
    place.sheet.write({Cell(2, 2): "=HYPERLINK(1)", Cell(3, 0): "nas-2", Cell(3, 2): ""})
    assert filled(place.sheet.read()) == [
        ["job_id", "name", "notes"],
        ["orders-db", "Orders – täglich", "=HYPERLINK(1)"],
        ["nas-2", "NAS"],
    ]


def test_an_export_holds_what_was_just_written(place: Place) -> None:
    place.sheet.append(("new", "New – ü", ""))
    assert "new,New – ü," in place.drive.export(TABLE)


def test_a_document_is_text_without_the_mark_of_its_encoding(place: Place) -> None:
    place.write_rules("# wörter\n[defaults]\nwindow: 1d")
    assert place.drive.export(RULES).splitlines() == ["# wörter", "[defaults]", "window: 1d"]


def test_the_version_changes_with_the_document_and_not_by_looking(place: Place) -> None:
    first = place.drive.version(TABLE)
    place.sheet.read()
    assert place.drive.version(TABLE) == first
    place.sheet.append(("new",))
    assert place.drive.version(TABLE) != first
    place.write_rules("[defaults]\nwindow: 2d\n")
    rules = place.drive.version(RULES)
    place.write_rules("[defaults]\nwindow: 3d\n")
    assert place.drive.version(RULES) != rules


def test_a_document_that_is_not_there_is_refused_by_name(place: Place) -> None:
    for source in (Source(id="no-such-document", key="x", name="x", kind=kind) for kind in ("sheet", "text")):
        with pytest.raises(Refused) as raised:
            place.drive.version(source)
        assert raised.value.reason == NOT_FOUND


def test_documents_are_to_be_shared_with_the_account(place: Place) -> None:
    assert place.drive.account.endswith(".iam.gserviceaccount.com")
