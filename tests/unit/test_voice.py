"""The voice document: people, and first lines in the company's own words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.backup.voice import FIELDS, TEMPLATES, Voice, parse_voice

TEXT = """
# who is who
[people]
• Sam@Acme.example: U012AB3CD, Asia/Singapore
• ana@acme.example: <@U9XYZ>
• kim@acme.example: europe/berlin

[alert]
line: “{job}” hat seit {age} keine Sicherung —
    erlaubt sind {limit}

[pending fixed]
line: {by} says fixed
"""


def voice(text: str) -> Voice:
    read = parse_voice(text)
    assert read.mistakes == ()
    return read


def test_people_have_a_member_id_a_zone_or_both() -> None:
    read = voice(TEXT)

    assert (read.user_id("sam@acme.example"), read.zone("SAM@acme.example")) == ("U012AB3CD", "Asia/Singapore")
    assert (read.user_id("ana@acme.example"), read.zone("ana@acme.example")) == ("U9XYZ", "")
    assert (read.user_id("kim@acme.example"), read.zone("kim@acme.example")) == ("", "Europe/Berlin")
    assert (read.user_id("stranger@acme.example"), read.zone("stranger@acme.example")) == ("", "")


def test_a_first_line_is_filled_in_and_kept_to_one_line() -> None:
    fields = {"job": "Orders", "age": "52 h", "limit": "26 h"}

    assert voice(TEXT).line("alert", fields) == "“Orders” hat seit 52 h keine Sicherung — erlaubt sind 26 h"


def test_a_message_without_a_template_has_no_line_of_its_own() -> None:
    assert voice(TEXT).line("warn", {"job": "Orders"}) is None
    assert Voice().line("alert", {}) is None


@pytest.mark.parametrize(
    "fields", [{}, {"job": "Orders", "age": "", "limit": "26 h"}, {"job": " ", "age": "1 h", "limit": "26 h"}]
)
def test_a_line_with_a_field_that_is_empty_is_not_said(fields: dict[str, str]) -> None:
    assert voice(TEXT).line("alert", fields) is None


def test_what_a_field_holds_is_never_read_as_a_template() -> None:
    read = voice("[warn]\nline: {job} by {owner}")

    assert (
        read.line("warn", {"job": "{owner.__class__} {0} {owner}", "owner": "a\nb\\1"})
        == "{owner.__class__} {0} {owner} by a b\\1"
    )


@pytest.mark.parametrize(
    ("text", "line", "problem", "fix"),
    [
        ("[people]\nsam: U012AB3CD", 2, "sam cannot be read", "an e-mail address"),
        ("[people]\nsam@acme.example: U012AB3CD, U9XYZ", 2, "cannot be “U012AB3CD, U9XYZ”", "a Slack member id"),
        ("[people]\nsam@acme.example: Mars/Base", 2, "cannot be “Mars/Base”", "an IANA name"),
        ("[people]\nsam@acme.example: UTC\nSAM@acme.example: UTC", 3, "stands already in line 2", "one line of each"),
        ("[alert]\nline: {jbo} is late", 2, "cannot be “{jbo}”", "fields are {job}, {what}"),
        ("[alert]\nline: {job.name} is late", 2, "cannot be “{job.name} is late”", "braces stand only around a field"),
        ("[alert]\nline: " + "x" * 301, 2, "cannot be", "at most 300 characters"),
        ("[alert]\nlien: {job} is late", 2, "[alert] knows no “lien”", "perhaps line"),
        ("[alarm]\nline: {job} is late", 1, "there is no such section", "perhaps alert"),
    ],
)
def test_a_mistake_names_its_line_its_reason_and_what_would_be_right(text: str, line: int, problem: str, fix: str) -> None:
    (mistake,) = parse_voice(text).mistakes

    assert mistake.line == line
    assert problem in mistake.problem
    assert fix in mistake.fix


pieces = st.one_of(
    st.sampled_from(["[people]\n", "[alert]\n", "line: ", "{job}", "{", "}", "a@b.example: ", "U012", ", ", "UTC", "\n"]),
    st.text(max_size=6),
)


@given(st.lists(pieces, max_size=16).map("".join), st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=8)))
@settings(max_examples=150, deadline=None)
def test_any_document_gives_lines_that_stay_on_one_line(text: str, fields: dict[str, str]) -> None:
    read = parse_voice(text)
    lines = [line for name in TEMPLATES if (line := read.line(name, fields)) is not None]

    assert all(len(line.splitlines()) == 1 for line in lines)
