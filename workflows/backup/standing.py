"""Standing: what we last concluded of a job, what its owner answered, and what is still to be said."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from workflows.backup.evidence import Run, Unseen
from workflows.backup.findings import Finding
from workflows.kernel.ports import Json

State = Literal["waiting", "all_green", "warn", "alert", "escalate", "pending_fixed", "not_observed", "off_list"]
SayKind = Literal["opened", "worse", "better", "not_fixed", "reminder", "recovered", "answered", ""]
AnswerKind = Literal["fixed", "snooze", "mute", "unmute"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The newest thing a person said about the present break.

    Attributes:
        by: Slack member id (or an e-mail address, for a mailed link).
        until: until when it holds: end of the snooze, of the mute, or when a "fixed" is decided.
    """

    kind: AnswerKind
    by: str
    at: datetime
    until: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one recipient was last told: the `say`, and the living message that says it."""

    say: int
    break_id: str
    channel: str
    ts: str
    at: datetime
    user_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One item of `bk-state`.

    Attributes:
        rev: the stored revision this was read at; 0 when it was never stored.
        state: as in the design; "not_observed" where its evidence cannot be read, "off_list" once its row has left the list.
        level: the worst finding's level, whatever was answered: "green", "warn", "alert", "waiting" or "unseen".
        break_id: the present break, or the last one once it is over; broke_at: when it began; ended_at: when it ended.
        missed: how many expected runs the present (or last) break missed so far.
        fixes, snoozes: how often each was pressed in this break.
        snooze_until: quiet until then; muted: quiet until unmuted (or `answer.until`).
        recipients: e-mail addresses, the owner first; owner_user: the owner's Slack id where the voice document names it.
        ended_say: the `say` that told of the last recovery; whoever was told less holds a message that is not true any more.
        fixed_until: when the "fixed" that is pending is decided; None until the first look after it.
        escalation, critical, zone, timezone, snoozes_max: as the list and the rules last said, so that a click never parses
            them: who is told beside the owner once it escalates, the owner's and the job's IANA zones, the snoozes allowed.
        say: grows by one whenever something must be said or shown; loud, loud_kind: the newest `say` that notifies.
        held: what would have been said aloud, had the job not been quiet; said once the quiet time is over.
        pending: since when someone must be told now; None when nobody must.
        due: when this job must next be looked at; None only before the first save.
        clock_left_seconds, clock_from: what is left of the time to escalate, and since when it runs (None: stands still).
        remind_from: when it was last said aloud.
        escalated: this break was escalated, whatever its state is now.
        baseline_from: "this size is right": older runs are not compared with.
        paced_from: since when the present schedule is in force, where it was changed on a job that was not late.
        let_go: its row vanished with too many others, and the admin said that this was meant.
        listed_at: when the list was read that gave it its row (or its owner, its zone), or took it off, or when it was let go. A
            check that read the list before knows less.
    """

    job_id: str
    first_seen: datetime
    since: datetime
    rev: int = 0
    state: State = "waiting"
    level: str = "waiting"
    break_id: str = ""
    broke_at: datetime | None = None
    ended_at: datetime | None = None
    missed: int = 0
    findings: tuple[Finding, ...] = ()
    runs: tuple[Run, ...] = ()
    cursors: dict[str, Json] = field(default_factory=dict)
    unseen: tuple[Unseen, ...] = ()
    answer: Answer | None = None
    ended_say: int = 0
    fixes: int = 0
    fixed_until: datetime | None = None
    snoozes: int = 0
    snooze_until: datetime | None = None
    muted: bool = False
    row: dict[str, str] = field(default_factory=dict)
    owner_user: str = ""
    recipients: tuple[str, ...] = ()
    escalation: tuple[str, ...] = ()
    critical: bool = False
    zone: str = "UTC"
    timezone: str = "UTC"
    snoozes_max: int = 3
    say: int = 0
    loud: int = 0
    loud_kind: SayKind = ""
    held: SayKind = ""
    told: dict[str, Told] = field(default_factory=dict)
    pending: datetime | None = None
    due: datetime | None = None
    clock_left_seconds: float | None = None
    clock_from: datetime | None = None
    remind_from: datetime | None = None
    escalated: bool = False
    baseline_from: datetime | None = None
    paced_from: datetime | None = None
    let_go: bool = False
    listed_at: datetime | None = None
    last_dispatched_state: str = ""
