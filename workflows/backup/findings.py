"""What a check can find, and what it concludes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Level = Literal["warn", "alert"]
Test = Literal["finished", "recent", "right_size", "look"]
VerdictLevel = Literal["green", "warn", "alert", "waiting", "unseen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, so that it can be explained.

    Attributes:
        rule: its stable name, such as "slot_missed" or "shrank".
        says: one sentence for a person; moments in it are left to the surface, which knows the reader's zone.
        threshold: the number it was measured against, as a person reads it: "26 h", "500 MB".
        set_in: where that number was set: "row", "[group database]", "[defaults]", "/bk/config" or "built in".
        evidence: what it rests on: the run's ref.
        target: the target it is about, as the row names it; "" where it is about the job as a whole.
        at: the moment the finding is about: of the newest good run, of the failed run.
    """

    test: Test
    level: Level
    rule: str
    says: str
    threshold: str = ""
    set_in: str = ""
    evidence: str = ""
    at: datetime | None = None
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one check concludes.

    Attributes:
        level: the worst finding's, "green" without any, "waiting" before the first run is due, "unseen" when a source
            cannot be read and nothing known says that the job is late.
        changes_at: when, with no new evidence, it could next become worse; None when it cannot.
        newest_good: the id of the newest good run.
        missed: how many expected runs have not come since the newest good one.
    """

    level: VerdictLevel
    findings: tuple[Finding, ...] = ()
    changes_at: datetime | None = None
    newest_good: str = ""
    missed: int = 0
