"""Takes from an artefact what nothing loads: two thirds of what the wheels bring."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bolt_app.adapters.aws import SERVICES
from infra.artefacts.stage import MANIFEST

GOOGLE_APIS: Final = ("drive.v3.json", "sheets.v4.json")
SAID_OF_A_LIBRARY: Final = ("METADATA", "entry_points.txt", "licenses")
"""Scanners read versions from the first, libraries find each other by the second, and the third is owed to their authors."""

LICENCES: Final = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS")
UNUSED: Final = ("bin", MANIFEST, ".lock", "boto3/examples", "holidays/locale")
"""Of holidays we read the dates alone."""


def trim(folder: Path) -> None:
    """What is kept loads as before. Trimming twice changes nothing."""
    for path in _unwanted(folder):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _unwanted(folder: Path) -> Iterator[Path]:
    yield from (folder / name for name in UNUSED)
    yield from _other_apis(folder / "googleapiclient" / "discovery_cache" / "documents")
    yield from _other_services(folder / "botocore" / "data")
    for installed in folder.glob("*.dist-info"):
        yield from (path for path in installed.iterdir() if not path.name.startswith((*SAID_OF_A_LIBRARY, *LICENCES)))
    yield from [path for path in folder.rglob("*") if path.name in ("__pycache__", "tests") and path.is_dir()]


def _other_apis(documents: Path) -> Iterator[Path]:
    yield from (path for path in documents.glob("*") if path.name not in GOOGLE_APIS)


def _other_services(data: Path) -> Iterator[Path]:
    """The models of services that no function calls; files beside them are botocore's own."""
    yield from (path for path in data.glob("*") if path.is_dir() and path.name not in SERVICES)
    yield from data.glob("*/*/examples-1.json*")
