"""`python -m infra.artefacts`: builds what AWS gets into .aws-sam/build, and prints each function with its sizes.

The SAM CLI is what the environment's SAM names (the Makefile does), else `sam`.
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path

from infra.artefacts.check import WrongArtefact, check
from infra.artefacts.python314 import NoPython, python314
from infra.artefacts.seal import Sealed, seal
from infra.artefacts.sets import ArtefactSet, functions, set_of
from infra.artefacts.stage import stage_all
from infra.artefacts.trim import trim
from infra.local.stack import ROOT, TEMPLATE, read_template
from infra.stopped import unless_stopped

BUILT = ROOT / ".aws-sam" / "build"
BETA = "--beta-features"
"""Building by uv; and one folder for the functions of a set, where there would be a copy each."""


class NotBuilt(Exception):
    """The SAM CLI failed; the message is what it said."""


def main() -> int:
    print("Building what AWS gets: under a minute, and some the first time.", file=sys.stderr, flush=True)
    stage_all()
    python = _python()
    try:
        _sam_build()
        print(_table(_sealed(python)))
    except (NotBuilt, WrongArtefact) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _python() -> str:
    try:
        return python314()
    except NoPython as missing:
        print(f"Without .pyc files, so that functions start more slowly. {missing}", file=sys.stderr)
        return ""


def _sam_build() -> None:
    command = [*shlex.split(os.environ.get("SAM", "sam")), "build", BETA, "-t", str(TEMPLATE), "-b", str(BUILT)]
    environment = {
        **os.environ,
        "SAM_CLI_TELEMETRY": "0",
        "UV_REQUIRE_HASHES": "1",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",  # where uv lies
    }
    try:
        ran = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
    except OSError as error:
        raise NotBuilt(f"The SAM CLI cannot be started, {error}; `make build` brings it along") from error
    if ran.returncode:
        raise NotBuilt(f"{shlex.join(command)} failed:\n{ran.stdout}")


Built = dict[str, tuple[ArtefactSet, Sealed]]


def _sealed(python: str) -> Built:
    """Each function with what it was made into. Functions of a set share a folder, which is trimmed and sealed once."""
    resources = read_template(BUILT / "template.yaml")["Resources"]
    folders = {name: BUILT / resources[name]["Properties"]["CodeUri"] for name in functions()}
    built: Built = {}
    done: dict[Path, Sealed] = {}
    for name, function in functions().items():
        folder, its_set = folders[name], set_of(function)
        if folder not in done:
            trim(folder)
            check(folder, its_set)
            done[folder] = seal(folder, python=python)
        built[name] = (its_set, done[folder])
    return built


def _table(built: Built) -> str:
    rows = [
        f"{name:<20} {its_set.name:<8} {sealed.zipped / 1e6:>9.1f} {sealed.unzipped / 1e6:>9.1f}"
        for name, (its_set, sealed) in sorted(built.items(), key=lambda item: (item[1][0].name, item[0]))
    ]
    digests = sorted({f"{its_set.name:<8} sha256 {sealed.digest}" for its_set, sealed in built.values()})
    head = f"{'function':<20} {'set':<8} {'zipped MB':>9} {'MB':>9}"
    return "\n".join([head, *rows, "", *digests])


if __name__ == "__main__":
    sys.exit(unless_stopped(main))
