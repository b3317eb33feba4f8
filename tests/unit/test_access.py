"""Which places can be looked into, and which hold nothing yet."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import pytest

from bolt_app.adapters.memory.objects import MemoryObjects
from workflows.backup.access import PLACES_MAX, try_access


def one_by_one(work: Callable[[str], tuple[str, bool]], items: Iterable[str]) -> list[tuple[str, bool]]:
    return [work(item) for item in items]


def test_each_place_is_told_with_the_reason_of_its_own() -> None:
    objects = MemoryObjects("full", "new", "shut")
    objects.put("full", "orders/one.dump", 7, datetime.now(UTC))
    objects.errors["shut"] = "AccessDenied"

    found = try_access(["full", "full/orders/", "full/letters/", "new", "shut", "gone"], objects=objects, concurrently=one_by_one)

    assert found.reasons == {
        "full": "",
        "full/orders/": "",
        "full/letters/": "",
        "new": "",
        "shut": "AccessDenied",
        "gone": "NoSuchBucket",
    }
    assert found.empty == ("full/letters/", "new")


def test_a_place_named_twice_is_tried_once() -> None:
    objects = MemoryObjects("full")

    assert try_access(["full", "full"], objects=objects, concurrently=one_by_one).reasons == {"full": ""}
    assert objects.calls == 1


@pytest.mark.parametrize("places", [[""], ["/prefix"], [7], [f"b{number}" for number in range(PLACES_MAX + 1)]])
def test_what_is_no_list_of_places_is_refused(places: list[str]) -> None:
    with pytest.raises(ValueError, match="access"):
        try_access(places, objects=MemoryObjects(), concurrently=one_by_one)
