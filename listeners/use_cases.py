"""What people can do, as the listeners call it; bound to its ports elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from listeners.message_text import MessageText
from workflows.backup.board import Board, JobView
from workflows.backup.checking import AnswerTo
from workflows.backup.key_asking import KeyAsked
from workflows.backup.press import MuteChoice, MuteForm, Press, Reply, SnoozeChoice, SnoozeForm
from workflows.backup.row_form import RowForm, RowSent
from workflows.backup.storm_answer import SnoozeAllForm, SnoozedAll, StormPress
from workflows.kernel.ports import Member
from workflows.kernel.proposal import Proposal
from workflows.kernel.proposals import Asker

if TYPE_CHECKING:  # what they need is loaded when they are first asked for
    from workflows.backup.explanation import Explanation
    from workflows.backup.viewing import History


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalCases:
    """What is done about rows. Each may raise `OutsideError`; a proposal is named by its id.

    Attributes:
        match: takes the proposal, the id of the job that is meant ("" for a new one), and who says so.
        may_add: None for those who may ask for a row.
        add_form: takes the name to begin with; change_form: whatever someone typed to name a job.
        waiting: what is not decided or not done yet, the oldest first.
    """

    approve: Callable[[str, Asker], Reply]
    discard: Callable[[str, Asker], Reply]
    retry: Callable[[str, Asker], Reply]
    match: Callable[[str, str, Asker], Reply]
    may_add: Callable[[Asker], Reply | None]
    add_form: Callable[[str, Asker], RowForm | Reply]
    change_form: Callable[[str, Asker], RowForm | Reply]
    edit_form: Callable[[str, Asker], RowForm | Reply]
    report_form: Callable[[MessageText, Asker], RowForm]
    save_row: Callable[[RowSent], Reply]
    waiting: Callable[[Asker], tuple[Proposal, ...] | Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardCases:
    """What is seen and done on the board. Each may raise `OutsideError`.

    Attributes:
        board: takes a user id and a team id. job: the id of a job, and who wants to see it.
        mute_with: with an end and a reason; mute_form: what is asked for them.
        sheet_url: of the job list, "" where it is not known.
    """

    board: Callable[[str, str], Board | Reply]
    job: Callable[[str, Asker], JobView | Reply]
    mute_form: Callable[[Press], MuteForm | Reply]
    mute_with: Callable[[Press, MuteChoice], Reply]
    accept_size: Callable[[Press], Reply]
    snooze_all_form: Callable[[StormPress], SnoozeAllForm | Reply]
    snooze_all: Callable[[StormPress, SnoozeChoice], SnoozedAll | Reply]
    sheet_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    """Each may raise `OutsideError`.

    Attributes:
        check: has jobs looked at, and the answer sent where it is said.
        person: of a Slack member id; None where there is no such person.
        explain, history: take the id of a job, and who wants to know.
        key: has a job's heartbeat key shown or exchanged.
        let_go: takes the mark of rows that are held, as their notice names it, and who lets them go.
        now: the moment, aware and in UTC; taken once a request.
        zone: IANA name in which times are written where Slack cannot show the reader's own.
    """

    mark_fixed: Callable[[Press], Reply]
    mute: Callable[[Press], Reply]
    unmute: Callable[[Press], Reply]
    check_now: Callable[[Press], Reply]
    snooze_form: Callable[[Press], SnoozeForm | Reply]
    snooze: Callable[[Press, SnoozeChoice], Reply]
    check: Callable[[tuple[str, ...], Asker, AnswerTo], Reply]
    person: Callable[[str], Member | None]
    explain: "Callable[[str, Asker], Explanation | Reply]"
    history: "Callable[[str, Asker], History | Reply]"
    boards: BoardCases
    proposals: ProposalCases
    key: Callable[[KeyAsked], Reply]
    let_go: Callable[[str, Asker], Reply]
    now: Callable[[], datetime]
    zone: str
