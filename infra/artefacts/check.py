"""What an artefact holds against what its set may hold: a library that strayed in is an error, not a megabyte."""

from email.parser import HeaderParser
from pathlib import Path
from typing import Final

from infra.artefacts.sets import ArtefactSet, pinned

OURS: Final = ("bench", "bolt_app", "infra", "listeners", "tests", "workflows")


class WrongArtefact(Exception):
    """The message says what is missing, or too much."""


def check(folder: Path, one: ArtefactSet) -> None:
    """Raises WrongArtefact unless the folder holds our packages and the locked libraries, and nothing else."""
    found = set(installed(folder).items())
    strayed = found - set(pinned(one.lock).items())
    missing = set(pinned(one.lock, always=True).items()) - found
    if strayed or missing:
        wrong = [f"{name} {version}" for name, version in sorted(strayed | missing)]
        raise WrongArtefact(f"{folder}: {one.lock.name} and what is installed differ in {', '.join(wrong)}")
    ours = sorted(path.name for path in folder.iterdir() if path.name in OURS)
    if ours != sorted(one.packages):
        raise WrongArtefact(
            f"{folder} holds {', '.join(ours)} of ours; the functions of {one.name} need {', '.join(one.packages)}"
        )


def installed(folder: Path) -> dict[str, str]:
    """The version of each library in a folder, by what it says of itself."""
    told = [HeaderParser().parsestr(path.read_text(encoding="utf-8")) for path in folder.glob("*.dist-info/METADATA")]
    return {str(one["Name"]).lower().replace("_", "-").replace(".", "-"): str(one["Version"]) for one in told}
