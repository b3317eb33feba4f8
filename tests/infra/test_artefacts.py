"""What each set may hold, by its lock file and by what is laid out for the SAM CLI; tests/artefacts tries what comes of it."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from infra.artefacts.check import WrongArtefact, check
from infra.artefacts.seal import seal
from infra.artefacts.sets import SETS, pinned
from infra.artefacts.stage import MANIFEST, manifest, source
from infra.artefacts.trim import trim
from infra.local.stack import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
STRAY = {
    "plain": r"slack|itsdangerous|google|httplib2|cryptography|protobuf|requests",
    "slack": r"google|httplib2|cryptography|protobuf|requests",
    "google": r"slack|itsdangerous",
}
FOR_TESTS = r"pytest|moto|ministack|hypothesis|playwright|mypy|ruff|stubs|types-|cfn-lint|pip$|setuptools|uv$"


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[><=]", one)[0] for one in requirements}


@pytest.mark.parametrize("name", SETS)
def test_a_set_is_locked_to_the_versions_that_tests_run_on(name: str) -> None:
    tested = pinned(ROOT / "requirements-dev.lock")
    locked = pinned(SETS[name].lock)

    assert {library: tested[library] for library in locked} == locked


@pytest.mark.parametrize("name", SETS)
def test_every_library_of_a_set_is_locked_by_its_hashes(name: str) -> None:
    lock = SETS[name].lock.read_text(encoding="utf-8")
    hashed = re.findall(r"^(\S+?)==.*\\\n    --hash=sha256:", lock, re.MULTILINE)

    assert hashed == re.findall(r"^([^\s#]+?)(?:==|[^\w.-])", lock, re.MULTILINE) == list(pinned(SETS[name].lock))


@pytest.mark.parametrize("name", SETS)
def test_a_set_holds_what_it_asks_for_and_nothing_of_another_or_of_tests(name: str) -> None:
    held = set(pinned(SETS[name].lock))

    assert names(PROJECT["dependencies"] + EXTRAS.get(name, [])) <= held
    assert [library for library in held if re.search(f"{STRAY[name]}|{FOR_TESTS}", library)] == []


@pytest.mark.parametrize("name", SETS)
def test_a_set_is_laid_out_with_its_packages_and_takes_only_wheels(name: str) -> None:
    files = [path.as_posix() for path in source(SETS[name])]

    assert {path.split("/")[0] for path in files} == set(SETS[name].packages)
    assert [path for path in files if not path.endswith(".py") or re.search(r"test|adapters/memory", path)] == []
    assert manifest(SETS[name]).splitlines()[0] == "--only-binary :all:"


def test_what_nothing_loads_is_taken_away_and_licences_stay(tmp_path: Path) -> None:
    kept = [
        "a/code.py",
        "a-1.dist-info/METADATA",
        "a-1.dist-info/licenses/LICENSE.txt",
        "botocore/data/endpoints.json",
        "botocore/data/s3/2006-03-01/service-2.json.gz",
        "googleapiclient/discovery_cache/documents/drive.v3.json",
    ]
    taken = [
        "a/__pycache__/code.cpython-311.pyc",
        "a/tests/test_code.py",
        "a-1.dist-info/RECORD",
        "bin/a",
        "botocore/data/ec2/2016-11-15/service-2.json.gz",
        "botocore/data/s3/2006-03-01/examples-1.json",
        "googleapiclient/discovery_cache/documents/youtube.v3.json",
        MANIFEST,
    ]
    for name in kept + taken:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    trim(tmp_path)

    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()) == sorted(kept)


def made(folder: Path, packages: Sequence[str], libraries: Mapping[str, str]) -> None:
    for package in packages:
        (folder / package).mkdir()
    for library, version in libraries.items():
        told = folder / f"{library}.dist-info" / "METADATA"
        told.parent.mkdir()
        told.write_text(f"Name: {library}\nVersion: {version}\n", encoding="utf-8")


def test_a_library_that_strayed_in_is_told(tmp_path: Path) -> None:
    made(tmp_path, SETS["plain"].packages, pinned(SETS["plain"].lock) | {"pytest": "9.0"})

    with pytest.raises(WrongArtefact, match=r"requirements-plain\.lock and what is installed differ in pytest 9\.0$"):
        check(tmp_path, SETS["plain"])


def test_a_package_of_ours_that_strayed_in_is_told(tmp_path: Path) -> None:
    made(tmp_path, SETS["slack"].packages, pinned(SETS["plain"].lock))

    with pytest.raises(WrongArtefact, match=r"bolt_app, listeners, workflows of ours; .* plain need bolt_app, workflows$"):
        check(tmp_path, SETS["plain"])


def test_times_and_modes_leave_no_trace_and_a_name_does(tmp_path: Path) -> None:
    digests = []
    for folder, name, mode in (("a", "one.py", 0o600), ("b", "one.py", 0o755), ("c", "two.py", 0o600)):
        file = tmp_path / folder / name
        file.parent.mkdir()
        file.write_text("same", encoding="utf-8")
        file.chmod(mode)
        digests.append(seal(file.parent).digest)

    assert digests[0] == digests[1] != digests[2]


def test_sealing_leaves_what_is_linked_from_a_cache_alone(tmp_path: Path) -> None:
    cached = tmp_path / "cached"
    cached.write_text("content", encoding="utf-8")
    cached.chmod(0o600)
    (tmp_path / "artefact").mkdir()
    (tmp_path / "artefact" / "file").hardlink_to(cached)
    seal(tmp_path / "artefact")

    assert (cached.stat().st_mode & 0o777, cached.stat().st_nlink) == (0o600, 1)
