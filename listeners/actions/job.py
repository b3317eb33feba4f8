"""What is pressed beside one job: the three dots, its details, its row, its size."""

from collections.abc import Callable, Mapping

from slack_bolt import Ack
from slack_sdk import WebClient

from listeners.actions import unknown
from listeners.answering import answer
from listeners.bodies import asker_of, home_behind, press_of, value_of
from listeners.details import details_modal
from listeners.opening import TOO_LATE, show_modal
from listeners.row_form import row_modal
from listeners.use_cases import UseCases
from workflows.backup.row_form import RowForm
from workflows.kernel.ports import Json
from workflows.kernel.reply import Reply


def menu(acts: Mapping[str, Callable[..., None]]) -> Callable[..., None]:
    """Hands what was chosen to whoever answers the button of that name: "<act> <job_id> <break_id>"."""

    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        act, _, value = value_of(body).partition(" ")
        button = {**body["actions"][0], "action_id": act, "value": value}
        as_button = {**body, "actions": [button]}
        if act in acts:
            acts[act](ack, as_button, client)
        else:
            unknown.unknown(ack, as_button, client)

    return pressed


def details(use_cases: UseCases) -> Callable[..., None]:
    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        found = use_cases.boards.job(press_of(body).job_id, asker_of(body))
        if isinstance(found, Reply):
            answer(found, body, client, use_cases)
            return
        view = details_modal(found, now=use_cases.now(), zone=use_cases.zone, home=home_behind(body))
        _open(view, body, client, use_cases)

    return pressed


def size_right(use_cases: UseCases) -> Callable[..., None]:
    """*This size is right*."""

    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        answer(use_cases.boards.accept_size(press_of(body)), body, client, use_cases)

    return pressed


def edit(use_cases: UseCases) -> Callable[..., None]:
    """The form of its row. For whoever may not approve, what it sends waits on a card."""

    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        _form(use_cases.proposals.change_form(press_of(body).job_id, asker_of(body)), body, client, use_cases)

    return pressed


def add(use_cases: UseCases) -> Callable[..., None]:
    """The same form, empty."""

    def pressed(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        _form(use_cases.proposals.add_form("", asker_of(body)), body, client, use_cases)

    return pressed


def _form(form: RowForm | Reply, body: Json, client: WebClient, use_cases: UseCases) -> None:
    if isinstance(form, Reply):
        answer(form, body, client, use_cases)
    else:
        _open(row_modal(form, zone=use_cases.zone), body, client, use_cases)


def _open(view: Json, body: Json, client: WebClient, use_cases: UseCases) -> None:
    if not show_modal(client, body, view):
        answer(Reply(kind="try_again", text=TOO_LATE), body, client, use_cases)
