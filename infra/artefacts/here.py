"""A set built for this machine and one of its Pythons, by the same lock and the same steps: what Lambda gets cannot run here."""

import subprocess
import tempfile
from pathlib import Path

from infra.artefacts.check import check
from infra.artefacts.python314 import UV
from infra.artefacts.sets import ArtefactSet
from infra.artefacts.stage import MANIFEST, stage
from infra.artefacts.trim import trim


def build_here(one: ArtefactSet, folder: Path, *, python: str) -> None:
    """All but sealed. Raises WrongArtefact, or CalledProcessError with what uv said."""
    stage(one, folder)
    with tempfile.TemporaryDirectory() as elsewhere:
        manifest = (folder / MANIFEST).rename(Path(elsewhere) / MANIFEST)
        subprocess.run(
            [
                UV,
                "pip",
                "install",
                "-q",
                "-r",
                manifest,
                "--target",
                folder,
                "--python",
                python,
                "--require-hashes",
            ],
            capture_output=True,
            text=True,
            check=True,
        )
    trim(folder)
    check(folder, one)
