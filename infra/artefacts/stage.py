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
    copy_source(one, into)
    # A library without a wheel for Lambda would be built for this machine, and fail there.
    (into / MANIFEST).write_text(f"--only-binary :all:\n{one.lock.read_text(encoding='utf-8')}", encoding="utf-8")


def copy_source(one: ArtefactSet, into: Path) -> None:
    for file in _source(one):
        target = into / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / file, target)


def _source(one: ArtefactSet) -> Iterator[Path]:
    """Paths below the project's folder."""
    for package in one.packages:
        for file in sorted((ROOT / package).rglob("*.py")):
            path = file.relative_to(ROOT)
            if not path.as_posix().startswith(NOT_SHIPPED):
                yield path
