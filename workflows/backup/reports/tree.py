"""Runs from a tree of objects, lists and values, as JSON and XML hold it, whatever its keys are called."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from workflows.backup.reports.report import Report
from workflows.backup.reports.rows import Around, report_of
from workflows.backup.reports.statuses import WORST, worst

DEPTH_MAX = 12
RUNS_MAX = 500
LISTED_MAX = 20

Tree = Mapping[str, Any]


def from_tree(value: object, around: Around) -> tuple[Report, ...]:
    """A run for each object that says how something ended; objects inside a list come before the one that holds the list."""
    return tuple(islice(_runs(value, around, 0), RUNS_MAX))


def _runs(value: object, around: Around, depth: int) -> Iterator[Report]:
    if depth > DEPTH_MAX:
        return
    if isinstance(value, Sequence) and not isinstance(value, str):
        for one in value[:RUNS_MAX]:
            yield from _runs(one, around, depth + 1)
        return
    if not isinstance(value, Mapping):
        return
    inner = [report for one in _lists(value, depth) for report in _runs(one, around, depth + 1)]
    if inner:
        yield from _within(value, inner, around)
        return
    report = report_of(_scalars(value, 0), around)
    if report is not None:
        yield report if report.job else replace(report, job=report.host)


def _within(value: Tree, inner: list[Report], around: Around) -> Iterator[Report]:
    """The runs of a list, on the machine that the object around it names. Where that alone says it went wrong, none is good."""
    around_them = {"job": "all", **_without_lists(value)}
    outer = report_of(_scalars(around_them, 0), around) or report_of(_scalars({**around_them, "status": "ok"}, 0), around)
    bad = outer is not None and outer.status in WORST[:2] and worst(report.status for report in inner) not in WORST[:2]
    for report in inner:
        told = replace(report, host=report.host or (outer.host if outer else ""))
        yield replace(told, status="unknown", said=outer.said) if bad and outer else told


def _lists(value: Tree, depth: int) -> Iterator[object]:
    """Lists of objects, wherever in the object they are."""
    for one in value.values():
        if isinstance(one, Sequence) and not isinstance(one, str) and any(isinstance(item, Mapping) for item in one):
            yield one
        elif isinstance(one, Mapping) and depth < DEPTH_MAX:
            yield from _lists(one, depth + 1)


def _without_lists(value: Tree) -> Tree:
    return {key: one for key, one in value.items() if not isinstance(one, Sequence) or isinstance(one, str)}


def _scalars(value: Tree, depth: int) -> Iterator[tuple[str, str]]:
    """Keys and values as text, those of inner objects too."""
    for key, one in value.items():
        if isinstance(one, Mapping) and depth < DEPTH_MAX:
            yield from _scalars(one, depth + 1)
        elif isinstance(one, bool):
            yield str(key), "true" if one else "false"
        elif isinstance(one, str | int | float):
            yield str(key), str(one)[:2000]
        elif isinstance(one, Sequence) and one and all(isinstance(item, str | int | float) for item in one[:LISTED_MAX]):
            yield str(key), "; ".join(str(item)[:200] for item in one[:LISTED_MAX])
