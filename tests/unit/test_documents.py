"""Documents that people edit in a word processor."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.kernel.documents import LINE_MAX, MISTAKES_MAX, TEXT_MAX, Document, Field, Mistake, Schema, folded, read_document
from workflows.kernel.quantities import parse_size, parse_window

SCHEMAS = {
    "defaults": Schema(
        fields={"window": Field(read=parse_window), "min_size": Field(read=parse_size)}, aliases={"max age": "window"}
    ),
    "group": Schema(fields={"owner": Field(read=str)}, named=True),
    "quiet hours": Schema(fields={"hours": Field(read=str)}),
    "people": Schema(other=lambda key, value: (key.lower(), value)),
    "alert": Schema(fields={"line": Field(read=str, prose=True), "footer": Field(read=str, prose=True)}),
}


def read(text: str) -> Document:
    return read_document(text, SCHEMAS)


def values(text: str) -> dict[str, Any]:
    document = read(text)
    assert document.mistakes == ()
    return {section.title: section.values | section.others for section in document.sections}


def mistakes(text: str) -> list[Mistake]:
    return list(read(text).mistakes)


def test_sections_hold_keys_and_values() -> None:
    text = """
    # who says how old
    [defaults]
    window: 26h      # a day and a bit
    min size: 5MB

    [group database]
    owner: ana@acme.example
    """

    read_values = values(text)

    assert {key: str(value) for key, value in read_values["[defaults]"].items()} == {
        "window": "1 day, 2:00:00",
        "min_size": "5000000",
    }
    assert read_values["[group database]"] == {"owner": "ana@acme.example"}


@pytest.mark.parametrize(
    "text",
    [
        "[quiet hours]\nhours: 18:00-08:00",
        "\ufeff[Quiet Hours]\r\nHours : 18:00–08:00\r\n",
        "[quiet\u00a0hours]:\n•\u00a0hours:\u00a0“18:00—08:00”  ",
        "* [quiet-hours]\x0b* hours: '18:00−08:00'",
        "- [ QUIET HOURS ]  # at night\n- HOURS：18:00‐08:00 # local",
        "［quiet hours］\n◦ ‘hours’: 18:00-08:00",
    ],
)
def test_what_a_word_processor_puts_in_changes_nothing(text: str) -> None:
    assert values(text) == {"[quiet hours]": {"hours": "18:00-08:00"}}


def test_a_key_has_other_words_and_any_spelling() -> None:
    assert values("[defaults]\nMax Age: 2d\nMIN-SIZE: 1 kB") == {"[defaults]": {"window": parse_window("2d"), "min_size": 1000}}


def test_a_hash_inside_a_value_is_no_comment() -> None:
    assert values("[quiet hours]\nhours: #ops # the channel") == {"[quiet hours]": {"hours": "#ops"}}


@pytest.mark.parametrize("heading", ['[group "Data base"]', "[group: data  base]", "[Group “DATA BASE”]"])
def test_one_section_may_be_written_in_two_places(heading: str) -> None:
    document = read(f"[group data base]\n[defaults]\nwindow: 2d\n{heading}\nowner: ana")

    assert document.mistakes == ()
    assert [folded(section.name) for section in document.of_kind("group")] == ["data base"]
    assert document.of_kind("group")[0].values == {"owner": "ana"}


def test_a_name_may_hold_brackets_and_dashes() -> None:
    section = read("[group Orders – [old]]\nowner: ana").of_kind("group")[0]

    assert folded(section.name) == folded("orders - [OLD]")


def test_lines_with_keys_of_their_own_go_to_the_reader_of_others() -> None:
    assert values("[people]\nSam@Acme.example: U012, UTC") == {"[people]": {"sam@acme.example": "U012, UTC"}}


def test_prose_is_kept_as_typed_and_goes_on_over_lines() -> None:
    text = "[alert]\nline: “{job}” — late #1\n  see https://acme.example # really\n\nfooter: bye"

    assert values(text) == {"[alert]": {"line": "“{job}” — late #1\nsee https://acme.example # really", "footer": "bye"}}


def test_prose_never_swallows_a_mistyped_key() -> None:
    text = "[alert]\nline: late\nfoter: bye"

    assert mistakes(text) == [Mistake(3, "foter: bye", "[alert] knows no “foter”", "perhaps footer; known are line, footer")]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("window: 2d\nmin size: 5", (1, "window: 2d", "stands before the first [section]")),
        ("[defaults]\nwindow 2d", (2, "window 2d", "is no “key: value” line")),
        ("[defaults]\nwindow:", (2, "window:", "window has no value")),
        ("[defaults]\nwindow: # soon", (2, "window: # soon", "window has no value")),
        ("[defaults]\nwindow: 2x", (2, "window: 2x", "window cannot be “2x”")),
        ("[defaults]\nwindow: 2d\n\nmax age: 3d", (4, "max age: 3d", "window stands already in line 2")),
        ("[defaults]\ncolour: red", (2, "colour: red", "[defaults] knows no “colour”")),
        ("[group]\nowner: ana", (1, "[group]", "[group] needs a name")),
        ("[defualts]\nwindow: 2x", (1, "[defualts]", "there is no such section")),
        ("[defaults database]\nwindow: 2d", (1, "[defaults database]", "there is no such section")),
        ("[defaults]\n" + "x" * (LINE_MAX + 1), (2, "x" * 59 + "…", f"the line is {LINE_MAX + 1:,} characters long")),
        ("x" * (TEXT_MAX + 1), (0, "", f"the document is {TEXT_MAX + 1:,} characters long")),
    ],
)
def test_a_mistake_names_its_line_and_its_reason(text: str, mistake: tuple[int, str, str]) -> None:
    assert [found[:3] for found in mistakes(text)] == [mistake]


def test_a_mistake_says_what_would_be_right() -> None:
    assert mistakes("[defaults]\nwindow: 26hours?")[0].fix == "26h, 2d or 1w"
    assert (
        mistakes("[defualts]")[0].fix == "perhaps defaults; known are [defaults], [group NAME], [quiet hours], [people], [alert]"
    )


def test_a_mistake_spoils_no_other_line() -> None:
    document = read("[defaults]\nwindow: soon\nmin size: 5\n[colours]\nx: y\n[group a]\nowner: ana")

    assert [mistake.line for mistake in document.mistakes] == [2, 4]
    assert document.of_kind("defaults")[0].values == {"min_size": 5}
    assert document.of_kind("group")[0].values == {"owner": "ana"}


def test_a_document_full_of_mistakes_lists_the_first() -> None:
    found = mistakes("[defaults]\n" + "what\n" * 100)

    assert [mistake.line for mistake in found[:MISTAKES_MAX]] == list(range(2, MISTAKES_MAX + 2))
    assert found[-1].problem == "50 more mistakes are not listed"
    assert len(found) == MISTAKES_MAX + 1


pieces = st.one_of(
    st.sampled_from(
        ["[", "]", ":", "#", "\n", "[defaults]\n", "[group ", "[alert]\n", "window: ", "line: ", "[people]\n", '"', "• ", "\x0b"]
    ),
    st.text(max_size=8),
)


@given(st.lists(pieces, max_size=30).map("".join))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_or_explained(text: str) -> None:
    document = read(text)

    assert all(mistake.problem and mistake.fix and mistake.text.isprintable() for mistake in document.mistakes)
    assert all(section.kind in SCHEMAS for section in document.sections)
