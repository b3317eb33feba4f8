"""One backup that goes on by itself, until someone breaks it: it runs, waits, and runs again."""

import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.demo.lock import allow, deny
from infra.local.demo.script import MANNERS, Ill, Sample, Script, ScriptError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FIRST_RUNS = 5
FIRST_RUNS_EVERY = 2.0
"""At first a few runs follow one another quickly, so that there is something to compare with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How it went so far; kept over a restart.

    Attributes:
        ill: what is wrong with it, since `changed` (seconds since 1970).
        good_runs: so many ended well. ended, size: the last of them. broken_ever: someone has broken it once.
        trouble: why the last run went wrong though nobody broke it; "" when it did not.
    """

    ill: Ill = ""
    changed: float = 0.0
    good_runs: int = 0
    ended: float = 0.0
    size: int = 0
    broken_ever: bool = False
    trouble: str = ""


class Runner:
    """Runs one script in a thread of its own. `changed` is called after every change of the record."""

    def __init__(
        self,
        sample: Sample,
        script: Script,
        record: Record,
        *,
        s3: "S3Client",
        account: str,
        changed: Callable[[], None],
    ) -> None:
        self.sample = sample
        self._record = record
        self._script = script
        self._s3 = s3
        self._account = account
        self._changed = changed
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopping = False
        self._hangs = False
        self._thread = threading.Thread(target=self._go_on, name=sample.id, daemon=True)

    @property
    def record(self) -> Record:
        with self._lock:
            return self._record

    def start(self) -> None:
        self._thread.start()

    def set_ill(self, ill: Ill) -> None:
        """Breaks it in this way, or heals it. The next run follows at once."""
        with self._lock:
            if ill == "deny":
                deny(self._s3, self.sample, account=self._account)
            else:
                allow(self._s3, self.sample)
            broken_ever = self._record.broken_ever or ill != ""
            self._record = replace(self._record, ill=ill, changed=time.time(), broken_ever=broken_ever)
        self._changed()
        self._wake.set()

    def stop(self) -> None:
        """Lets the run that goes on end, and lets go of one that hangs."""
        self._stopping = True
        self._wake.set()

    def join(self, seconds: float) -> None:
        self._thread.join(seconds)

    def _go_on(self) -> None:
        while not self._stopping:
            self._wake.clear()
            self._once()
            self._wake.wait(self._pause())
        self._tried(self._end_hanging)

    def _pause(self) -> float:
        record = self.record
        return FIRST_RUNS_EVERY if record.ill == "" and record.good_runs < FIRST_RUNS else self.sample.every

    def _once(self) -> None:
        ill = self.record.ill
        if ill == "hang":
            self._tried(self._begin_hanging)
            return
        self._tried(self._end_hanging)
        if ill != "stop":
            self._tried(lambda: self._run(ill))

    def _begin_hanging(self) -> None:
        if not self._hangs:
            self._script.hang()
            self._hangs = True

    def _end_hanging(self) -> None:
        if self._hangs:
            self._hangs = False
            self._script.let_go()

    def _run(self, ill: Ill) -> None:
        manner = MANNERS[ill]
        size = self._script.run(manner)
        if manner == "good":
            self._note(lambda record: replace(record, good_runs=record.good_runs + 1, ended=time.time(), size=size))

    def _tried(self, what: Callable[[], None]) -> None:
        """Carries it out. What goes wrong is shown on the panel, and the next run tries again."""
        trouble = ""
        try:
            what()
        except (ScriptError, ClientError, BotoCoreError, OSError, subprocess.SubprocessError) as error:
            trouble = str(error) or type(error).__name__
        if trouble != self.record.trouble:
            self._note(lambda record: replace(record, trouble=trouble))

    def _note(self, change: Callable[[Record], Record]) -> None:
        with self._lock:
            self._record = change(self._record)
        self._changed()
