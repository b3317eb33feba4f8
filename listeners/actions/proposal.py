"""What is decided on a proposal's card. The card itself is only drawn by dispatch."""

from collections.abc import Callable

from slack_bolt import Ack
from slack_sdk import WebClient

from listeners.answering import answer
from listeners.bodies import asker_of, value_of
from listeners.opening import TOO_LATE, open_modal
from listeners.row_form import row_modal
from listeners.use_cases import UseCases
from workflows.kernel.ports import Json
from workflows.kernel.proposals import Asker
from workflows.kernel.reply import Reply


def decide(decision: Callable[[str, Asker], Reply], use_cases: UseCases) -> Callable[..., None]:
    """A button whose value is the proposal's id: approve, discard, try again."""

    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        answer(decision(value_of(body), asker_of(body)), body, client, use_cases)

    return pressed


def match(use_cases: UseCases) -> Callable[..., None]:
    """*This job*: a button or a menu whose value is "<proposal_id> <job_id>"."""

    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        proposal_id, _, job_id = value_of(body).partition(" ")
        answer(use_cases.proposals.match(proposal_id, job_id, asker_of(body)), body, client, use_cases)

    return pressed


def new_job(use_cases: UseCases) -> Callable[..., None]:
    """*A new job*: none of those that it may have been."""
    return decide(lambda proposal_id, asker: use_cases.proposals.match(proposal_id, "", asker), use_cases)


def edit(use_cases: UseCases) -> Callable[..., None]:
    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        form = use_cases.proposals.edit_form(value_of(body), asker_of(body))
        if isinstance(form, Reply):
            answer(form, body, client, use_cases)
        elif open_modal(client, body, row_modal(form, zone=use_cases.zone)) is None:
            answer(Reply(kind="try_again", text=TOO_LATE), body, client, use_cases)

    return pressed
