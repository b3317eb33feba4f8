"""The programs that `make up` starts, and how they end with it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError

START_SECONDS = 30
STOP_SECONDS = 15


class StartError(Exception):
    """Something cannot run here; the message says what, and what to do."""


def check_port(port: int, what: str, setting: str) -> None:
    """Raises StartError when somebody else already listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise StartError(
                f"Port {port}, meant for {what}, cannot be had ({error.strerror}). Is another `make up` or `make demo` running? "
                f"Stop that, or choose another port: set {setting}={port + 10}"
            ) from error


class Child:
    """One program of ours, in the background, with its output in a file. It ends when we do, even when we are killed."""

    def __init__(
        self, what: str, module: str, arguments: list[str], *, environ: Mapping[str, str], log: Path, root: Path
    ) -> None:
        self.what = what
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "infra.local.tied", module, *arguments],
                cwd=root,
                env=dict(environ),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C is ours to hand on, in order
            )

    def wait_until_ready(self, address: str) -> None:
        """Raises StartError when it ends or stays silent."""
        for _ in range(START_SECONDS * 20):
            self.check()
            try:
                with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own address
                    if answer.status == 200:
                        return
            except (URLError, OSError):
                time.sleep(0.05)
        raise StartError(f"{self.what} did not answer at {address} within {START_SECONDS} s.{self._last_words()}")

    def check(self) -> None:
        """Raises StartError when it is not running any more."""
        if (code := self._process.poll()) is not None:
            raise StartError(f"{self.what} ended by itself with code {code}.{self._last_words()}")

    def stop(self) -> None:
        """Asks it to end, and after a while ends it, with all that it started."""
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            print(f"{self.what} does not stop; ending it. What it had not saved is lost.", file=sys.stderr)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)  # what it left behind
        self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()

    def _last_words(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
        return f" The end of {self.log}:\n" + "\n".join(f"    {line}" for line in lines)
