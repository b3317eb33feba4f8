"""What the sample world asks of a backup script, and the ways in which one can break."""

from dataclasses import dataclass
from typing import Literal, Protocol

Manner = Literal["good", "empty", "shrunk", "failed"]
"""How one run goes."""

Ill = Literal["", "stop", "empty", "shrink", "hang", "fail", "deny"]
"""What is wrong with a backup; "" when nothing is."""

MANNERS: dict[Ill, Manner] = {"": "good", "deny": "good", "empty": "empty", "shrink": "shrunk", "fail": "failed"}
"""How runs go meanwhile. A stopped script does not run at all; one that hangs begins a run and never ends it."""

GOOD_RUNS_BEFORE_SHRINKING = 4
"""The sentinel compares with the median of what came before, and wants three runs for that."""


class ScriptError(Exception):
    """A run went wrong though nobody broke it; the message says how."""


class Script(Protocol):
    """One backup script. All methods raise ScriptError, or what boto3 and the file system raise."""

    def run(self, manner: Manner) -> int:
        """One whole run; returns the bytes of what it made."""
        ...

    def hang(self) -> None:
        """Begins a run that never ends. Beginning a second one leaves it at one."""
        ...

    def let_go(self) -> None:
        """Ends what hangs, and clears up after it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One backup of the sample world.

    Attributes:
        row: its row of the job list. every: seconds between two runs.
        ills: the ways in which it can be broken, in the order in which a person finds them.
        prefix: where its objects land, as (bucket, prefix); None when it only checks in.
    """

    row: dict[str, str]
    every: float
    ills: tuple[Ill, ...]
    prefix: tuple[str, str] | None = None

    @property
    def id(self) -> str:
        return self.row["job_id"]

    @property
    def name(self) -> str:
        return self.row["name"]
