"""The findings as text for a person, or as JSON for a program."""

import json
from collections.abc import Iterable
from typing import Literal

from infra.doctor.finding import Finding, State

Signs = dict[State, str]
BRIGHT: Signs = {"ok": "✓", "wrong": "✗", "unsure": "?"}
PLAIN: Signs = {"ok": "ok    ", "wrong": "WRONG ", "unsure": "unsure"}
ARROW: dict[Literal[True, False], str] = {True: "→", False: "->"}


def group_text(title: str, found: Iterable[Finding], *, bright: bool) -> str:
    """One group. `bright`: for a terminal that shows more than ASCII."""
    signs = BRIGHT if bright else PLAIN
    lines = [title]
    for finding in found:
        lines.append(f"  {signs[finding.state]} {plain(finding.line)}")
        if finding.todo:
            lines.append(f"  {' ' * len(signs['ok'])}   {ARROW[bright]} {plain(finding.todo)}")
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """One line that steers no terminal: headers of a sheet, names in Slack and answers of servers are whatever others wrote."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def counted(found: Iterable[Finding]) -> str:
    states = [finding.state for finding in found]
    return f"{states.count('ok')} ok, {states.count('wrong')} wrong, {states.count('unsure')} unsure"


def as_json(groups: Iterable[tuple[str, list[Finding]]]) -> str:
    rows = [
        {"group": title, "state": finding.state, "line": finding.line, "todo": finding.todo}
        for title, found in groups
        for finding in found
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"


def verdict(found: Iterable[Finding]) -> int:
    """The exit status: what could not be seen is no failure."""
    return 1 if any(finding.state == "wrong" for finding in found) else 0
