"""What `make build` leaves for `sam deploy`, and each function loaded from it with nothing beside it, on two Pythons."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from infra.artefacts.here import build_here
from infra.artefacts.python314 import VERSION
from infra.artefacts.seal import seal
from infra.artefacts.sets import SETS, functions, set_of
from infra.local.stack import ROOT, read_template
from tests.artefacts.needs import libraries, needs

LOAD: Final = Path(__file__).with_name("load.py")
BUILT: Final = ROOT / ".aws-sam" / "build"
MOST_MB: Final = {"plain": 25, "slack": 35, "google": 70}
AARCH64: Final = 183
"""What an ELF file says of its machine, in the two bytes at 18."""

BARE: Final = {
    "PATH": os.environ["PATH"],
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "ap-southeast-1",
}


@pytest.fixture(scope="module")
def said() -> str:
    """What `make build` prints."""
    ran = subprocess.run(["make", "-s", "build"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.parametrize("function", functions())
def test_a_function_is_built_for_lambda_and_its_size_is_told(function: str, said: str) -> None:
    which = set_of(functions()[function]).name
    told = next(line.split() for line in said.splitlines() if line.startswith(f"{function} "))
    folder = of_lambda(function)

    assert told[1] == which
    assert float(told[-1]) < MOST_MB[which]
    assert {machine(file) for file in folder.rglob("*.so")} == ({AARCH64} if which == "google" else set())


@pytest.mark.parametrize("function", functions())
def test_a_function_loads_from_its_artefact_alone(function: str, said: str, tmp_path: Path) -> None:
    assert said
    folder = made_for(sys.executable, function, tmp_path)

    assert loaded(function, folder, sys.executable)["outside"] == []


@pytest.mark.parametrize("function", functions())
def test_a_function_finds_all_of_it_compiled_on_lambdas_python(
    function: str, said: str, lambdas_python: str, tmp_path: Path
) -> None:
    assert said
    folder = made_for(lambdas_python, function, tmp_path)
    told = loaded(function, folder, lambdas_python)

    assert told["python"].startswith(f"{VERSION}.")
    assert (told["outside"], told["not_compiled"]) == ([], [])


def test_the_same_source_makes_the_same_bytes_wherever_it_is_built(said: str, lambdas_python: str, tmp_path: Path) -> None:
    """Here for this machine, without the SAM CLI: what is compiled nowhere is the same everywhere."""
    build_here(SETS["plain"], tmp_path, python=lambdas_python)

    assert f"plain    sha256 {seal(tmp_path, python=lambdas_python).digest}" in said.splitlines()


@pytest.mark.parametrize("function", functions())
def test_a_function_is_in_the_smallest_set_that_has_its_libraries(function: str) -> None:
    properties = functions()[function]
    needed = libraries(properties["Handler"])
    right = "google" if "google" in needed else "slack" if needed & {"slack_sdk", "slack_bolt", "itsdangerous"} else "plain"

    assert set_of(properties).name == right


def of_lambda(function: str) -> Path:
    return BUILT / str(read_template(BUILT / "template.yaml")["Resources"][function]["Properties"]["CodeUri"])


def made_for(python: str, function: str, folder: Path) -> Path:
    """The very artefact that Lambda gets; where it holds machine code, one for this machine in its place."""
    if not any(of_lambda(function).rglob("*.so")):
        return of_lambda(function)
    build_here(set_of(functions()[function]), folder, python=python)
    seal(folder, python="" if python == sys.executable else python)
    return folder


def loaded(function: str, folder: Path, python: str) -> dict[str, Any]:
    """What load.py tells of it."""
    handler = functions()[function]["Handler"]
    command = [python, "-I", "-S", "-B", "-W", "ignore", str(LOAD), str(folder), handler, *sorted(needs(handler))]
    ran = subprocess.run(command, env=BARE, capture_output=True, text=True, check=False, timeout=300)
    assert ran.returncode == 0, ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


def machine(file: Path) -> int:
    return int.from_bytes(file.read_bytes()[18:20], "little")
