"""The last touch of an artefact: compiled for Lambda's Python, and nothing in it that tells when or where it was made."""

import hashlib
import io
import os
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TIME: Final = 315532800
"""1980-01-01, the first moment that a zip file can tell."""

IN_LAMBDA: Final = "/var/task"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """Sizes in bytes. `digest` covers names, modes, times and contents."""

    unzipped: int
    zipped: int
    digest: str


def seal(folder: Path, *, python: str = "") -> Sealed:
    """Compiles with the Python 3.14 given, if there is one, then settles times and modes."""
    if python:
        _compile(folder, python)
    for path in (folder, *folder.rglob("*")):
        if path.is_file() and path.stat().st_nlink > 1:
            _part_from_cache(path)
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, (TIME, TIME))
    return _measured(folder)


def _compile(folder: Path, python: str) -> None:
    """Unchecked: in Lambda no source changes, and no new .pyc could be kept."""
    compileall = [python, "-I", "-S", "-W", "ignore", "-m", "compileall", "-qq", "-f", "-j", "0"]
    how = ["--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", IN_LAMBDA]
    subprocess.run([*compileall, *how, str(folder)], env={**os.environ, "PYTHONHASHSEED": "0"}, check=True)


def _part_from_cache(path: Path) -> None:
    """A file may be a link into uv's cache, whose times and modes are not ours to settle."""
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content)


def _measured(folder: Path) -> Sealed:
    digest, packed, unzipped = hashlib.sha256(), io.BytesIO(), 0
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in _files(folder):
            content, name, fact = path.read_bytes(), path.relative_to(folder).as_posix(), path.stat()
            unzipped += len(content)
            digest.update(f"{name}\0{fact.st_mode:o}\0{fact.st_mtime:.0f}\0{len(content)}\0".encode() + content)
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return Sealed(unzipped=unzipped, zipped=packed.tell(), digest=digest.hexdigest())


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(
        (path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.relative_to(folder).as_posix()
    )
