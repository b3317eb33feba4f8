"""Finds a Python 3.14, which Lambda runs, or brings one: `python -m infra.artefacts.python314` prints where it lies.

First what is installed. Where nothing is, Debian's own packages are unpacked into a folder of the cache, which takes some seconds
and no rights; it runs by its own loader, beside the libraries of this machine. Elsewhere uv fetches one.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

VERSION: Final = "3.14"
CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "backup-sentinel"
DEBIAN: Final = CACHE / f"python{VERSION}"
SOURCE: Final = "deb http://deb.debian.org/debian sid main"
PACKAGES: Final = (f"python{VERSION}", "libstdc++6")
"""The second is asked for by wheels."""

UV: Final = Path(sys.executable).with_name("uv")
PATIENCE_SECONDS: Final = 120


class NoPython(Exception):
    """None is here, and none could be brought; the message says what was tried."""


def python314() -> str:
    """The path of one that runs. Raises NoPython."""
    for path in _installed():
        if _runs(path):
            return path
    reasons = []
    for bring in (_from_debian, _by_uv):
        try:
            bring()
        except (OSError, subprocess.SubprocessError) as error:
            reasons.append(_said(error))
        else:
            if path := next(filter(_runs, _installed()), ""):
                return path
    raise NoPython(f"No Python {VERSION} is installed, and none could be brought: {'; '.join(reasons)}")


def _installed() -> Iterator[str]:
    yield shutil.which(f"python{VERSION}") or ""
    yield str(DEBIAN / "usr" / "bin" / f"python{VERSION}")
    yield _answer([str(UV), "python", "find", "-q", "--no-python-downloads", VERSION])


def _runs(path: str) -> bool:
    if not path or not Path(path).exists():
        return False
    return _answer([path, "-I", "-S", "-c", "import sys; print(*sys.version_info[:2], sep='.')"]) == VERSION


def _answer(command: Sequence[str]) -> str:
    """What it printed; a failure prints nothing, and so does what is not there."""
    try:
        ran = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ran.stdout.strip()


def _environment() -> dict[str, str]:
    return {**os.environ, "UV_PYTHON_INSTALL_DIR": str(CACHE / "uv-python")}


def _by_uv() -> None:
    _run([str(UV), "python", "install", VERSION], env=_environment())


def _from_debian() -> None:
    """Unpacks what a bare Debian would install, then puts the folder into its place at once: a half one is never found."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        work, root = Path(folder), Path(folder) / "root"
        root.mkdir()
        for package in _downloaded(work):
            _run(["dpkg-deb", "-x", str(package), str(root)])
        _by_its_own_loader(root / "usr", DEBIAN / "usr")
        shutil.rmtree(DEBIAN, ignore_errors=True)
        root.rename(DEBIAN)


def _downloaded(work: Path) -> list[Path]:
    """The packages and all they need, checked by this Debian's keys. apt is told of a machine where nothing is installed yet."""
    for name in ("state/lists/partial", "cache/archives/partial"):
        (work / name).mkdir(parents=True)
    (work / "status").touch()
    (work / "sources").write_text(f"{SOURCE}\n", encoding="utf-8")
    told = {
        "Dir::State": work / "state",
        "Dir::State::status": work / "status",
        "Dir::Cache": work / "cache",
        "Dir::Etc::SourceList": work / "sources",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::Etc::PreferencesParts": "/dev/null",
        "APT::Sandbox::User": "",
        "APT::Install-Recommends": "false",
        "Acquire::Languages": "none",
        "Acquire::Check-Valid-Until": "false",  # a mirror that lags will do
    }
    options = [part for key, value in told.items() for part in ("-o", f"{key}={value}")]
    _run(["apt-get", "update", "-qq", *options])
    _run(["apt-get", "install", "-qq", "-y", "--download-only", *options, *PACKAGES])
    return sorted((work / "cache" / "archives").glob("*.deb"))


def _by_its_own_loader(usr: Path, final: Path) -> None:
    """A script takes the program's place: its loader, its libraries, and the name that it was called by."""
    program, loader = usr / "bin" / f"python{VERSION}", next(usr.glob("lib/*/ld-linux*.so*"))
    program.rename(usr / "lib" / f"python{VERSION}" / "program")
    libraries = final / loader.parent.relative_to(usr)
    program.write_text(
        f'#!/bin/sh\nexec "{libraries / loader.name}" --argv0 "$0" --library-path "{libraries}" '
        f'"{final}/lib/python{VERSION}/program" "$@"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)


def _run(command: Sequence[str], env: dict[str, str] | None = None) -> None:
    subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=PATIENCE_SECONDS)


def _said(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        return f"{error.cmd[0]} said: {(error.stderr or error.stdout).strip()[-300:]}"
    return str(error)


def main() -> int:
    try:
        print(python314())
    except NoPython as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
