"""Ana's laptop: a restic repository in the bucket, made and filled by the real restic."""

import os
import random
import shutil
import signal
import subprocess
from pathlib import Path

from infra.local.demo.script import Manner, ScriptError

KEPT = 12
"""Snapshots; more are forgotten, and what only they held is pruned."""

FORGET_EVERY = 10
FILE_BYTES = 30_000
STUCK_AFTER_BYTES = 12_000_000
"""Enough that packs are written before the run hangs."""

PATIENCE_SECONDS = 60


def restic_here() -> str:
    """The path of restic, or "" where there is none."""
    return shutil.which("restic") or ""


class LaptopRestic:
    def __init__(self, folder: Path, *, restic: str, repository: str, region: str) -> None:
        self._home = folder / "home"
        self._home.mkdir(parents=True, exist_ok=True)
        self._restic = restic
        self._runs = 0
        self._stuck: subprocess.Popen[bytes] | None = None
        self._environ = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | {
            "RESTIC_REPOSITORY": repository,
            "RESTIC_PASSWORD": "correct horse battery staple",
            "RESTIC_CACHE_DIR": str(folder / "cache"),
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": region,
        }

    def run(self, manner: Manner) -> int:  # noqa: ARG002 - restic itself sees to it that no run is empty or cut short
        self._use()
        if self._runs == 0:
            self._do("unlock") if self._ended_with("cat", "config") == 0 else self._do("init")
        self._do("backup", "--quiet", "--host", "laptop", str(self._home))
        self._runs += 1
        if self._runs % FORGET_EVERY == 0:
            self._do("forget", "--quiet", "--prune", "--keep-last", str(KEPT))
        return sum(file.stat().st_size for file in self._home.iterdir())

    def hang(self) -> None:
        """A run that takes from a pipe into which nobody writes any more."""
        if self._stuck is not None:
            return
        command = [self._restic, "backup", "--quiet", "--pack-size", "4", "--host", "laptop", "--stdin"]
        self._stuck = subprocess.Popen(command, env=self._environ, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if self._stuck.stdin:
            self._stuck.stdin.write(os.urandom(STUCK_AFTER_BYTES))
            self._stuck.stdin.flush()

    def let_go(self) -> None:
        if self._stuck is None:
            return
        stuck, self._stuck = self._stuck, None
        stuck.send_signal(signal.SIGINT)  # it takes its lock away
        try:
            stuck.wait(10)
        except subprocess.TimeoutExpired:
            stuck.kill()
            stuck.wait()
        if stuck.stdin:
            stuck.stdin.close()
        self._do("unlock", "--remove-all")

    def _use(self) -> None:
        """Somebody works on it: a new file, or one that is written over."""
        file = self._home / f"notes-{random.randint(1, 20):02}.bin"  # noqa: S311 - which one is no secret
        file.write_bytes(os.urandom(FILE_BYTES))

    def _do(self, *words: str) -> None:
        done = self._called(*words)
        if done.returncode != 0:
            raise ScriptError(
                f"restic {words[0]} ended with {done.returncode}: {done.stderr.decode(errors='replace').strip()[-200:]}"
            )

    def _ended_with(self, *words: str) -> int:
        return self._called(*words).returncode

    def _called(self, *words: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [self._restic, *words],
            env=self._environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
