"""What DynamoDB charges: sizes of items as it counts them, and the units of reads and writes of on-demand tables.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

READ_BYTES, WRITE_BYTES = 4096, 1024
NESTED_BYTES = 3
Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """`keys`: the attributes of its own key. `whole`: it holds the whole item, else only keys."""

    name: str
    keys: tuple[str, ...]
    whole: bool = False


def size_of(item: Item) -> int:
    """Bytes, names of attributes included."""
    return sum(len(name.encode()) + _value(value) for name, value in item.items())


def entry_of(item: Item, index: Index, table_keys: tuple[str, ...]) -> dict[str, Any] | None:
    """What the index holds of this item; None where it is not in it."""
    if not all(name in item for name in index.keys):
        return None
    return dict(item) if index.whole else {name: item[name] for name in (*table_keys, *index.keys) if name in item}


def read_units(sizes: Iterable[int], *, consistent: bool) -> float:
    """Of single reads, each rounded up by itself: GetItem and BatchGetItem. What is not there costs as the smallest."""
    return sum(max(1, ceil(size / READ_BYTES)) for size in sizes) * (1 if consistent else 0.5)


def page_units(sizes: Iterable[int], *, consistent: bool) -> float:
    """Of a page of a query or a scan, rounded up as a whole."""
    return max(1, ceil(sum(sizes) / READ_BYTES)) * (1 if consistent else 0.5)


def write_units(
    before: Item | None, after: Item | None, *, indexes: Iterable[Index], table_keys: tuple[str, ...], transaction: bool
) -> float:
    """Of one write, its indexes included. A write that its condition refused has the same item before and after."""
    larger = max(size_of(before) if before else 0, size_of(after) if after else 0)
    units = max(1, ceil(larger / WRITE_BYTES)) * (2 if transaction else 1)
    return units + sum(_index_units(before, after, index, table_keys) for index in indexes)


def _index_units(before: Item | None, after: Item | None, index: Index, table_keys: tuple[str, ...]) -> int:
    """Nothing where its entry stays as it was; one write to put, change or remove it; two where its key changes."""
    old = entry_of(before, index, table_keys) if before else None
    new = entry_of(after, index, table_keys) if after else None
    if old == new:
        return 0
    if old and new and any(old[name] != new[name] for name in index.keys):
        return _entry_units(old) + _entry_units(new)
    return max(_entry_units(one) for one in (old, new) if one)


def _entry_units(entry: Item) -> int:
    return max(1, ceil(size_of(entry) / WRITE_BYTES))


def _value(value: Mapping[str, Any]) -> int:
    (kind, held), *_ = value.items()
    match kind:
        case "S":
            return len(held.encode())
        case "N":
            return ceil(len(held.lstrip("-").replace(".", "")) / 2) + 1
        case "M":
            return NESTED_BYTES + sum(len(name.encode()) + _value(one) + 1 for name, one in held.items())
        case "L":
            return NESTED_BYTES + sum(_value(one) + 1 for one in held)
        case "BOOL" | "NULL":
            return 1
        case _:
            raise ValueError(f"no size is known for a value of kind {kind!r}")
