"""What an artefact holds against what its set may hold: a library that strayed in is an error, not a megabyte."""

from email.parser import HeaderParser
from pathlib import Path

from infra.artefacts.sets import ArtefactSet, pinned


class WrongArtefact(Exception):
    """The message says what is missing, or too much."""


def check(folder: Path, one: ArtefactSet) -> None:
    """Raises WrongArtefact unless the folder holds our packages and the locked libraries, and nothing else."""
    wanted, found = pinned(one.lock), installed(folder)
    if found != wanted:
        wrong = [f"{name} {version}" for name, version in sorted(found.items() ^ wanted.items())]
        raise WrongArtefact(f"{folder}: the lock file of {one.name} and what is installed differ in {', '.join(wrong)}")
    ours = {path.name for path in folder.iterdir() if path.name in ("bolt_app", "listeners", "workflows", "tests", "infra", "bench")}
    if ours != set(one.packages):
        raise WrongArtefact(f"{folder}: of our packages, {one.name} has {sorted(ours)} and should have {sorted(one.packages)}")


def installed(folder: Path) -> dict[str, str]:
    """The version of each library in a folder, by what it says of itself."""
    told = [HeaderParser().parsestr(path.read_text(encoding="utf-8")) for path in folder.glob("*.dist-info/METADATA")]
    return {str(one["Name"]).lower().replace("_", "-").replace(".", "-"): str(one["Version"]) for one in told}
