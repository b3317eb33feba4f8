"""Small facts as JSON values: only what differs from its default, moments as epoch seconds.

What a fact's class gains later is stored without a change here; what an older writer left out is read as its default.
"""

from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_args, get_origin

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Fact = TypeVar("Fact", bound="DataclassInstance")
Value = Any  # of a field, or as JSON holds it


def packed(fact: "DataclassInstance", *, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The fields of `fact`, by name, as JSON values; those in `without` are left to the caller."""
    values = ((field, getattr(fact, field.name)) for field in fields(fact) if field.name not in without)
    return {field.name: _plain(value) for field, value in values if field.default is MISSING or value != field.default}


def unpacked(kind: type[Fact], values: dict[str, Any]) -> Fact:
    """The fact that `packed` made into `values`."""
    return kind(**arguments(kind, values))


def arguments(kind: type["DataclassInstance"], values: dict[str, Any]) -> dict[str, Any]:
    """The keyword arguments of `kind` that `values` hold; names it does not know are left out."""
    readers = _readers(kind)
    return {name: readers[name](value) for name, value in values.items() if name in readers}


def epoch(moment: datetime) -> float:
    """Seconds since 1970, whole where they are whole."""
    seconds = moment.timestamp()
    return int(seconds) if seconds.is_integer() else seconds


def moment_of(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _plain(value: Value) -> Value:
    if isinstance(value, datetime):
        return epoch(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return packed(value)
    return value


@cache
def _readers(kind: type["DataclassInstance"]) -> dict[str, Callable[[Value], Value]]:
    return {field.name: _reader(field.type) for field in fields(kind)}


def _reader(annotation: object) -> Callable[[Value], Value]:
    if annotation is datetime or datetime in get_args(annotation):
        return _moment_or_none
    if get_origin(annotation) is tuple:
        inner = get_args(annotation)[0]
        if is_dataclass(inner):
            return lambda values: tuple(unpacked(cast("type[DataclassInstance]", inner), value) for value in values)
        return tuple
    return _as_it_is


def _moment_or_none(value: float | None) -> datetime | None:
    return None if value is None else moment_of(value)


def _as_it_is(value: Value) -> Value:
    return value
