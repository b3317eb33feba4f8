"""What people can do, as the listeners call it; bound to its ports elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from listeners.message_text import MessageText
from workflows.backup.key_asking import KeyAsked
from workflows.backup.press import Press, Reply, SnoozeChoice, SnoozeForm
from workflows.backup.row_form import RowForm, RowSent
from workflows.backup.standing import Standing
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
class UseCases:
    """Each may raise `OutsideError`.

    Attributes:
        board: takes a user id and a team id.
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
    board: Callable[[str, str], tuple[Standing, ...] | Reply]
    explain: "Callable[[str, Asker], Explanation | Reply]"
    history: "Callable[[str, Asker], History | Reply]"
    proposals: ProposalCases
    key: Callable[[KeyAsked], Reply]
    let_go: Callable[[str, Asker], Reply]
    now: Callable[[], datetime]
    zone: str
