"""Explanation: why a job is judged as it is, as facts that a surface draws."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from workflows.backup.evidence import Run
from workflows.backup.findings import Finding, Test
from workflows.backup.standing import Standing

PointLevel = Literal["ok", "warn", "alert", "unknown", "idle"]
"""What one rule says: "unknown" where its evidence cannot be read, "idle" where there is nothing that it could be asked of."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One number that a rule goes by: what it is, as a person reads it, and where it was set."""

    what: str
    value: str
    set_in: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One rule, asked of one target.

    Attributes:
        rule: the rule's stable name, as in `Finding.rule`.
        asks: what should be, as a sentence.
        finding: what is wrong; None where nothing is.
        run: the evidence, where it is one run.
        holds_until: when it would turn bad if nothing came; None where it would not, or has.
        note: for "idle" why it is not asked, for "unknown" what stands in the way; a remark otherwise.
        target: which of several targets it is about; "" where the job has one.
    """

    test: Test
    rule: str
    level: PointLevel
    asks: str
    finding: Finding | None = None
    limits: tuple[Limit, ...] = ()
    run: Run | None = None
    holds_until: datetime | None = None
    note: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The last run that was as it should be, beside what came after it.

    Attributes:
        sound: the last run that no finding is about; None where there is none.
        since: the run that is not as it should be; None where nothing came since.
        differences: how `since` differs, each a few words; moments are left to the surface.
    """

    sound: Run | None = None
    since: Run | None = None
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything that a verdict rests on.

    Attributes:
        points: in the order of the tests; of one test the worst first.
        remedies: what would put right what is wrong, each once, the worst finding's first; () where nothing is.
        expected: when the next run is due by its schedule; latest: until when it may take. None without a schedule.
        changes_at: when, if nothing comes, the verdict could next become worse.
        trouble: why its numbers cannot be told, where its row or the rules cannot be read; then there are only findings.
    """

    standing: Standing
    points: tuple[Point, ...]
    remedies: tuple[str, ...] = ()
    expected: datetime | None = None
    latest: datetime | None = None
    changes_at: datetime | None = None
    compared: Compared = Compared()
    trouble: str = ""
