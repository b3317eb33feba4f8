"""Watched buckets of the sentinel's own account are found among all that are watched."""

from collections.abc import Iterator
from typing import Any

from infra.watching import own_account_buckets, warnings


class Account:
    """A session, its client and their paginator in one: an account that has these buckets, told page by page."""

    def __init__(self, *pages: list[str]) -> None:
        self._pages = pages

    def client(self, service: str) -> "Account":
        assert service == "s3"
        return self

    def get_paginator(self, call: str) -> "Account":
        assert call == "list_buckets"
        return self

    def paginate(self) -> Iterator[dict[str, Any]]:
        assert self._pages, "nothing is asked where nothing is watched"
        return iter([{"Buckets": [{"Name": name} for name in names]} for names in self._pages])


def own(names: list[str], *pages: list[str]) -> list[str]:
    session: Any = Account(*pages)
    return own_account_buckets(session, names)


def test_only_the_accounts_own_are_told_however_many_pages_it_has() -> None:
    names = ["elsewhere", "ours-2", "ours-1"]

    assert own(names, ["ours-1", "not-watched"], ["ours-2"]) == ["ours-2", "ours-1"]
    assert own(names, ["not-watched"]) == []


def test_where_nothing_is_watched_nothing_is_asked() -> None:
    assert own([]) == own([""]) == []


def test_the_warning_names_the_bucket_and_what_to_do() -> None:
    session: Any = Account(["ours"])
    [line] = warnings(session, ["ours", "elsewhere"])

    assert line.startswith("The bucket ours lies in the sentinel's own account")
    assert "infra/watched.yaml" in line
