"""Zone names as people type them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.kernel.quantities import UnreadableError
from workflows.kernel.zones import zone_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Asia/Singapore", "Asia/Singapore"),
        (" europe/berlin ", "Europe/Berlin"),
        ("America/New York", "America/New_York"),
        ("utc", "UTC"),
        ("Etc/GMT+8", "Etc/GMT+8"),
    ],
)
def test_a_zone_is_known_in_any_spelling(text: str, name: str) -> None:
    assert zone_name(text) == name


@pytest.mark.parametrize(
    "text", ["", "America", "Mars/Base", "../../etc/passwd", "localtime", "posix/UTC", "right/UTC", "UTC\x00", "GMT+25", "x" * 99]
)
def test_what_is_no_zone_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError, match="IANA"):
        zone_name(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [("Asia/Singapur", "Asia/Singapore"), ("Berlin", "Europe/Berlin"), ("Europe/Munchen/Berlin", "Europe/Berlin")],
)
def test_the_nearest_zone_is_named(text: str, name: str) -> None:
    with pytest.raises(UnreadableError, match=f"^{name}"):
        zone_name(text)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=70))
@settings(max_examples=60, deadline=None)
def test_any_text_is_a_zone_or_refused(text: str) -> None:
    known = ""
    try:
        known = zone_name(text)
    except UnreadableError:
        return
    assert zone_name(known) == known
