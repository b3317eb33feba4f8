"""Backup tools at work in a folder of their own."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pytest

PASSWORD = "not a secret: these repositories live for a minute"
WRONG = "another one"
COMMAND_SECONDS_MAX = 60
PACKAGES = {
    "restic": "restic",
    "borg": "borgbackup",
    "rclone": "rclone",
    "duplicity": "duplicity python3-boto3",
    "gpg": "gnupg",
    "pgbackrest": "pgbackrest",
    "pg_ctl": "postgresql",
}


def need(*programs: str, path: str | None = None) -> None:
    """Fails, never skips: a layout that was not tried against its tool is not known to be right."""
    missing = [name for name in programs if shutil.which(name, path=path) is None]
    if missing:
        lacking, packages = ", ".join(missing), " ".join(PACKAGES[name] for name in missing)
        pytest.fail(f"This tries real backup tools, and {lacking} cannot be found: apt-get install {packages}", pytrace=False)


@dataclass(frozen=True, slots=True)
class Workbench:
    """A folder with a source to back up and whatever the tool keeps beside it. Nothing of the caller's environment is seen.

    Attributes:
        user: whom to run as; needed only where a tool refuses to be root.
    """

    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    user: str = ""

    @property
    def source(self) -> Path:
        return self.root / "source"

    def write(self, name: str, size: int) -> None:
        self.source.mkdir(parents=True, exist_ok=True)
        (self.source / name).write_bytes(os.urandom(size))

    def fork(self, root: Path) -> "Workbench":
        """The same, as it is now, elsewhere."""
        shutil.copytree(self.root, root)
        return Workbench(root, dict(self.environment), self.user)

    def run(self, *command: str, **environment: str) -> str:
        """Runs to its end, which must be a good one."""
        done = self._finish(command, environment)
        assert done.returncode == 0, f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def refused(self, *command: str, **environment: str) -> str:
        """Runs to its end, which must not be a good one; hands back what it said."""
        done = self._finish(command, environment)
        assert done.returncode != 0, f"{' '.join(command)} should have failed:\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def killed(self, *command: str, when: Callable[[], bool], fed_by: Sequence[str] = (), **environment: str) -> None:
        """Starts it, and kills it without warning as soon as `when` holds."""
        with self.meanwhile(*command, fed_by=fed_by, **environment) as running:
            self.until(lambda: running.poll() is not None or when())
            assert running.poll() is None, f"{' '.join(command)} was done before it could be killed"

    def until(self, holds: Callable[[], bool]) -> None:
        last = time.monotonic() + COMMAND_SECONDS_MAX
        while not holds():
            assert time.monotonic() < last, "the moment that was waited for never came"
            time.sleep(0.005)

    @contextmanager
    def meanwhile(self, *command: str, fed_by: Sequence[str] = (), **environment: str) -> "Iterator[subprocess.Popen[bytes]]":
        """Has it running for a while, with what `fed_by` prints as its input; in the end kills both without warning.

        Both are our own children, so that they are gone when they are killed: a dead process that nobody has waited for
        keeps its number, and a tool that finds its lock takes it for alive.
        """
        with ExitStack() as ends:
            source = ends.enter_context(self._running(fed_by, environment, subprocess.DEVNULL)).stdout if fed_by else None
            yield ends.enter_context(self._running(command, environment, source or subprocess.DEVNULL))

    @contextmanager
    def _running(
        self, command: Sequence[str], environment: dict[str, str], source: "IO[bytes] | int"
    ) -> "Iterator[subprocess.Popen[bytes]]":
        running = subprocess.Popen(
            command,
            env=self._environ(environment),
            cwd=self.root,
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **self._identity(),
        )
        with running:
            try:
                yield running
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(running.pid, signal.SIGKILL)

    def _finish(self, command: Sequence[str], environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command,
            env=self._environ(environment),
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",  # what was decrypted with a wrong password
            timeout=COMMAND_SECONDS_MAX,
            check=False,
            **self._identity(),
        )

    def _identity(self) -> dict[str, Any]:
        if not self.user:
            return {}
        return {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []}

    def _environ(self, more: dict[str, str]) -> dict[str, str]:
        basic = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(self.root), "TMPDIR": str(self.root)}
        return basic | self.environment | more
