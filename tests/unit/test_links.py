from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.kernel.links import ACTIONS, Link, read_link, signed
from workflows.kernel.ports import Member
from workflows.kernel.rights import Authority, Owners, refusal

NEW, OLD = "a key that is long enough, the new one", "a key that is long enough, the old one"
EXPIRES = datetime(2026, 11, 28, 6, 11, tzinfo=UTC)
LINK = Link(subject="orders-db", break_id="20261120T0800-1", action="mute", person="pat@example.com", expires=EXPIRES)
LINKS = st.builds(
    Link,
    subject=st.text(max_size=80),
    break_id=st.text(max_size=30),
    action=st.sampled_from(ACTIONS),
    person=st.text(max_size=60),
    expires=st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
)


@settings(max_examples=50, deadline=None)
@given(LINKS)
def test_a_link_is_read_as_it_was_signed_and_fits_into_an_address(link: Link) -> None:
    token = signed(link, [NEW])

    assert read_link(token, [NEW]) == link
    assert all(character.isascii() and (character.isalnum() or character in "-_.") for character in token)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_nothing_that_nobody_signed_is_a_link(token: str) -> None:
    assert read_link(token, [NEW]) is None


def test_one_changed_character_anywhere_spoils_it() -> None:
    token = signed(LINK, [NEW])
    for at, character in enumerate(token):
        changed = token[:at] + ("A" if character != "A" else "B") + token[at + 1 :]
        read = read_link(changed, [NEW])
        assert read is None or (at == len(token) - 1 and read == LINK)  # the last one carries two bits that mean nothing


def test_keys_can_be_exchanged_while_links_are_out() -> None:
    before = signed(LINK, [OLD])

    assert read_link(before, [NEW, OLD]) == LINK
    assert read_link(signed(LINK, [NEW, OLD]), [NEW]) == LINK
    assert read_link(before, [NEW]) is None


class Nobody:
    """Whoever asks it finds out."""

    def member(self, user_id: str) -> Member | None:
        raise AssertionError(f"asked for {user_id!r}")

    def group(self, group_id: str) -> frozenset[str]:
        raise AssertionError(f"asked for {group_id}")


@pytest.mark.parametrize(
    ("person", "allowed"),
    [
        ("pat@example.com", True),
        ("ana@example.com", True),
        ("app@example.com", True),
        ("kim@example.com", False),
        ("", False),
        ("U1", False),
    ],
)
def test_a_person_known_by_a_link_has_the_rights_of_the_address_and_slack_is_not_asked(person: str, allowed: bool) -> None:
    why = refusal(
        person,
        "",
        owners=Owners(emails=("pat@example.com",), user_ids=frozenset({"U1"})),
        authority=Authority(team_id="T1", admin="ana@example.com", approvers=("S1", "app@example.com")),
        directory=Nobody(),
        by_link=True,
    )

    assert (why == "") is allowed


def test_an_expired_link_is_still_known() -> None:
    link = Link(subject="a", break_id="b", action="fixed", person="p@example.com", expires=EXPIRES - timedelta(days=999))

    assert read_link(signed(link, [NEW]), [NEW]) == link
