"""What samconfig.toml says of one stack, and whether the template would take it."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = "samconfig.example.toml"
CORE = "infra/template.yaml"
COPY = f"cp {EXAMPLE} samconfig.toml, fill it in, and commit it"


class Unusable(Exception):
    """Nothing can be deployed so; one line for each thing that is wrong, with what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One environment of samconfig.toml.

    Attributes:
        profile: of the AWS configuration; "" for the one in force.
        template: of the stack, from the root of the project.
        parameters: as CloudFormation gets them.
    """

    env: str
    stack: str
    region: str
    profile: str = ""
    template: str = CORE
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        return self.parameters.get("Prefix") or "bk"

    @property
    def is_core(self) -> bool:
        return self.template == CORE


def read(env: str, root: Path = ROOT) -> Chosen:
    """Raises Unusable."""
    path = root / "samconfig.toml"
    if not path.exists():
        raise Unusable(f"There is no samconfig.toml yet: {COPY}.")
    known = _parse(path)
    if env not in known:
        raise Unusable(f"samconfig.toml has no environment [{env}]; it has {_listed(known)}. Name one: ENV=...")
    try:
        return _chosen(env, known[env])
    except Unusable as wrong:
        raise Unusable(_placed(env, str(wrong))) from None


def environments(root: Path = ROOT, name: str = "samconfig.toml") -> dict[str, Chosen]:
    """All of them, by name. Raises Unusable, and OSError where the file cannot be read."""
    return {env: _chosen(env, tables) for env, tables in _parse(root / name).items()}


def example(root: Path = ROOT) -> dict[str, Chosen]:
    """The environments of the example, by name."""
    return environments(root, EXAMPLE)


def mistakes(chosen: Chosen, template: Mapping[str, Any], shown: Chosen | None) -> list[str]:
    """What of it the template would not take, and what was not changed since the example (`shown`, where it has this one)."""
    declared: Mapping[str, Any] = template["Parameters"]
    unknown = [
        f"{name} is no parameter of {chosen.template}; it has {_listed(declared)}"
        for name in chosen.parameters
        if name not in declared
    ]
    missing = [
        f"{name} is missing. {parameter['Description']}"
        for name, parameter in declared.items()
        if "Default" not in parameter and not chosen.parameters.get(name)
    ]
    wrong = [
        line
        for name, value in chosen.parameters.items()
        if name in declared and value and (line := _mistake(name, value, declared[name]))
    ]
    same = [] if shown is None else _unchanged(chosen, shown)
    return [_placed(chosen.env, line) for line in (*same, *unknown, *missing, *wrong)]


def _unchanged(chosen: Chosen, shown: Chosen) -> list[str]:
    """Whatever the example sets is a stand-in: what may stay as it is, is a comment there."""
    own = {"region": chosen.region, **chosen.parameters}
    stand_ins = {"region": shown.region, **shown.parameters}
    return [
        f"{name} is still what {EXAMPLE} shows, {value!r}; give your own"
        for name, value in stand_ins.items()
        if own.get(name) == value
    ]


def _mistake(name: str, value: str, parameter: Mapping[str, Any]) -> str:
    members = [one.strip() for one in value.split(",")] if parameter["Type"] == "CommaDelimitedList" else [value]
    number = parameter["Type"] == "Number"
    pattern, allowed = r"\d+(\.\d+)?" if number else parameter.get("AllowedPattern", ".*"), parameter.get("AllowedValues")
    fits = all(re.fullmatch(pattern, one, re.DOTALL) for one in members) and (allowed is None or value in allowed)
    if fits and (name != "Timezone" or _is_zone(value)):
        return ""
    otherwise = "a number" if number else f"one of {_listed(allowed)}" if allowed else f"what fits {pattern}"
    return f"{name} is {value!r}; it wants {parameter.get('ConstraintDescription', otherwise).removeprefix('must be ')}"


def _is_zone(text: str) -> bool:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _parse(path: Path) -> dict[str, dict[str, Any]]:
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unusable(f"{path.name} is no TOML: {error}. {EXAMPLE} shows how it looks.") from None
    return {env: tables for env, tables in told.items() if isinstance(tables, dict)}


def _chosen(env: str, tables: Mapping[str, Any]) -> Chosen:
    """As the SAM CLI reads it: what is global, and what is deploy's own over it."""
    said: dict[str, Any] = {}
    for command in ("global", "deploy"):
        said |= tables.get(command, {}).get("parameters", {})
    absent = [name for name in ("stack_name", "region") if not said.get(name)]
    if absent:
        raise Unusable("\n".join(f"{name} is missing; {EXAMPLE} shows where it stands" for name in absent))
    overrides = said.get("parameter_overrides", {})
    if not isinstance(overrides, dict):
        raise Unusable(f"parameter_overrides wants to be a table of its own, [{env}.deploy.parameters.parameter_overrides]")
    return Chosen(
        env=env,
        stack=str(said["stack_name"]),
        region=str(said["region"]),
        profile=str(said.get("profile", "")),
        template=str(said.get("template_file") or CORE),
        parameters={name: _text(value) for name, value in overrides.items()},
    )


def _text(value: Any) -> str:  # noqa: ANN401 - whatever TOML holds
    """As the SAM CLI hands it on."""
    return ",".join(str(one).strip() for one in value if one not in (None, "")) if isinstance(value, list) else str(value)


def _placed(env: str, lines: str) -> str:
    return "\n".join(f"samconfig.toml [{env}]: {line}" for line in lines.splitlines())


def _listed(names: Any) -> str:  # noqa: ANN401 - names of any kind of collection
    return ", ".join(names) or "none"
