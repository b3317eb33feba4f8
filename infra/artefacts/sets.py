"""Which of our packages, and which libraries, the functions of a set are made of."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from infra.local.stack import ROOT, read_template

STAGED: Final = ROOT / "build" / "lambda"
"""Where the template's CodeUri point to."""

PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^\s;\\]+)(?P<when> ; )?", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactSet:
    """`packages`: ours. The libraries stand in the set's lock file."""

    name: str
    packages: tuple[str, ...]

    @property
    def lock(self) -> Path:
        return ROOT / f"requirements-{self.name}.lock"

    @property
    def staged(self) -> Path:
        return STAGED / self.name


SETS: Final = {
    one.name: one
    for one in (
        ArtefactSet(name="plain", packages=("bolt_app", "workflows")),
        ArtefactSet(name="slack", packages=("bolt_app", "listeners", "workflows")),
        ArtefactSet(name="google", packages=("bolt_app", "workflows")),
    )
}


def pinned(lock: Path, *, always: bool = False) -> dict[str, str]:
    """The version of each library that a lock file names; with `always`, without those that only some machines need."""
    pins = PIN.finditer(lock.read_text(encoding="utf-8"))
    return {pin["name"]: pin["version"] for pin in pins if not (always and pin["when"])}


def functions() -> dict[str, dict[str, Any]]:
    """The template's functions by logical id."""
    resources = read_template()["Resources"]
    return {name: one["Properties"] for name, one in resources.items() if one["Type"] == "AWS::Serverless::Function"}


def set_of(function: dict[str, Any]) -> ArtefactSet:
    return SETS[Path(function["CodeUri"]).name]
