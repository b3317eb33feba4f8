"""Hypothesis strategies that make whole facts, every field of them, from their annotations."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from types import UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin

from hypothesis import strategies as st

F = TypeVar("F")

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2150, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | words,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=3,
)
PLAIN: Mapping[object, st.SearchStrategy[Any]] = {
    str: words,
    int: st.integers(0, 2**50),
    float: st.floats(0, 1e9),
    bool: st.booleans(),
    datetime: moments,
    type(None): st.none(),
    Any: json_values,
}


def facts(kind: type[F], **special: st.SearchStrategy[Any]) -> st.SearchStrategy[F]:
    """Any fact of this class. `special`: what a field may hold beyond what its annotation says."""
    made: Any = kind
    return st.builds(kind, **{field.name: special.get(field.name, _of(field.type)) for field in fields(made)})


def _of(annotation: Any) -> st.SearchStrategy[Any]:
    if annotation in PLAIN:
        return PLAIN[annotation]
    inner = get_args(annotation)
    origin = get_origin(annotation)
    if origin is Literal:
        return st.sampled_from(inner)
    if origin is tuple:
        return st.lists(_of(inner[0]), max_size=3).map(tuple)
    if origin in {dict, Mapping}:
        return st.dictionaries(_of(inner[0]), _of(inner[1]), max_size=2)
    if isinstance(annotation, UnionType):
        return st.one_of([_of(one) for one in inner])
    if is_dataclass(annotation) and isinstance(annotation, type):
        return facts(annotation)
    raise TypeError(f"no strategy for {annotation!r}; add one to PLAIN")
