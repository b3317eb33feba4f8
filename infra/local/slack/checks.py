"""Small checks, put together to the rules of Block Kit. Each adds what it finds, in Slack's words, with a JSON pointer."""

from collections.abc import Callable, Mapping
from typing import Any

Problems = list[str]
Check = Callable[[Any, str, Problems], None]


def found(problems: Problems, pointer: str, what: str) -> None:
    problems.append(f"{what} [json-pointer:{pointer}]")


def anything(_value: Any, _pointer: str, _problems: Problems) -> None:  # noqa: ANN401 - checked values are parsed JSON
    """Accepts whatever is there: a part of Block Kit that has no limits we know of."""


def string(most: int, least: int = 1) -> Check:
    def check(value: Any, pointer: str, problems: Problems) -> None:  # noqa: ANN401 - JSON of any shape
        if not isinstance(value, str):
            found(problems, pointer, "must provide a string")
        elif len(value) > most:
            found(problems, pointer, f"must be less than {most + 1} characters")
        elif len(value) < least:
            found(problems, pointer, f"must be more than {least - 1} characters")

    return check


def boolean(value: Any, pointer: str, problems: Problems) -> None:  # noqa: ANN401 - JSON of any shape
    if not isinstance(value, bool):
        found(problems, pointer, "must provide a boolean")


def integer(least: int, most: int) -> Check:
    def check(value: Any, pointer: str, problems: Problems) -> None:  # noqa: ANN401 - JSON of any shape
        if not isinstance(value, int) or isinstance(value, bool):
            found(problems, pointer, "must provide an integer")
        elif not least <= value <= most:
            found(problems, pointer, f"must be between {least} and {most}")

    return check


def one_of(*values: str) -> Check:
    def check(value: Any, pointer: str, problems: Problems) -> None:  # noqa: ANN401 - JSON of any shape
        if value not in values:
            found(problems, pointer, f"value must be one of: {', '.join(values)}")

    return check


def many(item: Check, most: int, least: int = 1) -> Check:
    def check(value: Any, pointer: str, problems: Problems) -> None:  # noqa: ANN401 - JSON of any shape
        if not isinstance(value, list):
            found(problems, pointer, "must provide an array")
            return
        if len(value) > most:
            found(problems, pointer, f"no more than {most} items allowed")
        if len(value) < least:
            found(problems, pointer, f"no less than {least} items required")
        for index, entry in enumerate(value):
            item(entry, f"{pointer}/{index}", problems)

    return check


def record(required: Mapping[str, Check] | None = None, /, **optional: Check) -> Check:
    """An object with these fields and no others. `type` is left to `tagged`."""
    return _record(required or {}, optional, closed=True)


def loose(required: Mapping[str, Check] | None = None, /, **optional: Check) -> Check:
    """An object with these fields, and others we have no limits for."""
    return _record(required or {}, optional, closed=False)


def _record(needed: Mapping[str, Check], optional: Mapping[str, Check], *, closed: bool) -> Check:
    known = {**needed, **optional}

    def check(value: Any, pointer: str, problems: Problems) -> None:  # noqa: ANN401 - JSON of any shape
        if not isinstance(value, dict):
            found(problems, pointer, "must provide an object")
            return
        for name in needed:
            if name not in value:
                found(problems, pointer, f"missing required field: {name}")
        for name, entry in value.items():
            if name in known:
                known[name](entry, f"{pointer}/{name}", problems)
            elif name != "type" and closed:
                found(problems, pointer, f"invalid additional property: {name}")

    return check


def tagged(table: Mapping[str, Check]) -> Check:
    """An object whose `type` says which check holds; a type that is not in the table is not allowed here."""

    def check(value: Any, pointer: str, problems: Problems) -> None:  # noqa: ANN401 - JSON of any shape
        if not isinstance(value, dict):
            found(problems, pointer, "must provide an object")
        elif "type" not in value:
            found(problems, pointer, "missing required field: type")
        elif not isinstance(value["type"], str) or value["type"] not in table:
            found(problems, f"{pointer}/type", f"unsupported type: {value['type']}")
        else:
            table[value["type"]](value, pointer, problems)

    return check
