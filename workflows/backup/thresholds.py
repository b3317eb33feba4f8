"""The numbers that a job is judged by, each with the place where it was set."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

BUILT_IN = "built in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Every number that a verdict or a standing needs.

    Attributes:
        window: how old the newest good run may be; min_size: bytes. Both from the row, else from the rules.
        shrink_warn, shrink_alert: shares of the median (0.3 = 30 % smaller).
        baseline_runs, baseline_runs_min: the median is of the last so many good runs, and needs at least so many.
        same_size_runs: so many runs with identical bytes and etag are odd where sizes used to differ.
        running_factor: longer than so many times the usual time is too long; one usual time later it must have ended.
        claim_slack: a claim and an object this close belong together. claim_warn_min, claim_warn_share: said done, nothing
            landed is a warning after max(claim_warn_min, share of the window).
        late_alert_max: without a second slot, half a window more is an alert, but never more than this.
        escalate_after: business time from the first delivery; escalate_after_critical: plain time from the alert.
        set_in: field name -> where it was set; a name that is missing is built in.
    """

    window: timedelta | None = None
    min_size: int | None = None
    shrink_warn: float = 0.30
    shrink_alert: float = 0.60
    baseline_runs: int = 7
    baseline_runs_min: int = 3
    same_size_runs: int = 3
    running_factor: float = 3.0
    claim_slack: timedelta = timedelta(minutes=30)
    claim_warn_min: timedelta = timedelta(minutes=10)
    claim_warn_share: float = 0.1
    late_alert_max: timedelta = timedelta(hours=24)
    escalate_after: timedelta = timedelta(hours=24)
    escalate_after_critical: timedelta = timedelta(hours=4)
    remind_every: timedelta = timedelta(hours=24)
    max_snoozes_per_break: int = 3
    set_in: Mapping[str, str] = field(default_factory=dict)

    def where(self, name: str) -> str:
        return self.set_in.get(name, BUILT_IN)
