"""The choices under /<prefix>/config: accepted by the program itself, and none of them misspelt."""

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches

from infra.doctor.finding import Finding, few, ok, unsure, wrong

_PARAMETER = re.compile(r"parameter (/\S+/)([a-z_]+) ")


def judge_settings(mistakes: str, stack_parameters: Collection[str]) -> Iterator[Finding]:
    """`mistakes`: what the program says, a line each. `stack_parameters`: which ones the stack has."""
    for line in mistakes.splitlines():
        found = _PARAMETER.match(line)
        yield wrong(line, how_to_set(found[1], found[2], stack_parameters) if found else "make deploy, which sets it")


def how_to_set(path: str, name: str, stack_parameters: Collection[str]) -> str:
    of_stack = "".join(word.capitalize() for word in name.split("_"))
    if of_stack in stack_parameters:
        return f"set {of_stack} in samconfig.toml, then make deploy"
    return f"aws ssm put-parameter --name {path}{name} --type String --overwrite --value VALUE"


def judge_names(path: str, count: int, ignored: Collection[str], known: Collection[str]) -> Iterator[Finding]:
    """`ignored`: parameters that this version does not know. `known`: the names that it does."""
    for name in ignored:
        near = get_close_matches(name, known, n=1, cutoff=0.7)
        remove = f"aws ssm delete-parameter --name {path}/{name}"
        yield unsure(f"{path}/{name} is not known, and ignored", f"{remove}{f'; perhaps {near[0]} was meant' if near else ''}")
    yield ok(f"{count - len(ignored)} parameters under {path} are accepted")


def judge_empty(unset: list[str]) -> Iterator[Finding]:
    """`unset`: choices without which a part of the sentinel is off."""
    if unset:
        yield unsure(
            f"not chosen: {few(unset, 9)}",
            "set what you want in samconfig.toml, then make deploy; README.md says what each one is for",
        )
