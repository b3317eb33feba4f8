"""Verdict: what one check concludes about one job. The three tests, in plain code."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Level = Literal["warn", "alert"]
Test = Literal["finished", "recent", "right_size", "look"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, so that it can be explained.

    Attributes:
        rule: its stable name, such as "slot_missed" or "shrank".
        says: one sentence for a person.
        threshold: the number it was measured against, as a person reads it: "26 h", "500 MB".
        set_in: where that number was set: "row", "[group database]", "[defaults]", "/bk/config" or "built in".
        evidence: what it rests on: the run's ref, with time and bytes.
    """

    test: Test
    level: Level
    rule: str
    says: str
    threshold: str = ""
    set_in: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Attributes:
    level: the worst finding's, "green" without any, "waiting" before the first run is due, "unseen" when a source cannot be
        read and nothing known says it is late.
    changes_at: when, with no new evidence, the verdict could next become worse.
    newest_good: id of the newest good run.
    missed: slots (or windows) not covered since the newest good run.
    """

    level: Literal["green", "warn", "alert", "waiting", "unseen"]
    findings: tuple[Finding, ...] = ()
    changes_at: datetime | None = None
    newest_good: str = ""
    missed: int = 0
