"""Lays out a set for the SAM CLI: our source, and a requirements.txt that takes nothing but wheels with the locked hashes."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from infra.artefacts.sets import SETS, STAGED, ArtefactSet
from infra.local.stack import ROOT

MANIFEST: Final = "requirements.txt"
NOT_SHIPPED: Final = ("bolt_app/adapters/memory",)
"""The adapters that tests run on."""


def stage_all(into: Path = STAGED) -> None:
    """Every set, laid out anew; what an earlier commit left there is gone."""
    shutil.rmtree(into, ignore_errors=True)
    for one in SETS.values():
        stage(one, into / one.name)


def stage(one: ArtefactSet, into: Path) -> None:
    for file in source(one):
        target = into / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / file, target)
    (into / MANIFEST).write_text(manifest(one), encoding="utf-8")


def manifest(one: ArtefactSet) -> str:
    """Wheels alone: a library without one for Lambda would be built for this machine, and fail there."""
    return f"--only-binary :all:\n{one.lock.read_text(encoding='utf-8')}"


def source(one: ArtefactSet) -> Iterator[Path]:
    """Paths below the project's folder."""
    for package in one.packages:
        for file in sorted((ROOT / package).rglob("*.py")):
            path = file.relative_to(ROOT)
            if not path.as_posix().startswith(NOT_SHIPPED):
                yield path
