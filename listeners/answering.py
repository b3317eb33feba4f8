"""How a presser is answered privately. The living message is never touched here: only dispatch writes it."""

import logging
from collections.abc import Sequence
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from listeners import board_choice
from listeners.bodies import asker_of, details_of, from_home, home_behind, is_private, metadata_of, team_of
from listeners.details import details_modal
from listeners.forms import answer_modal
from listeners.home import home_view, notice_view
from listeners.opening import fill_modal, show_modal
from listeners.use_cases import UseCases
from workflows.backup.press import Reply
from workflows.kernel.ports import Json

TIMEOUT_SECONDS = 2

_log = logging.getLogger(__name__)
_SILENT = logging.getLogger("silent")
_SILENT.setLevel(logging.CRITICAL + 1)  # the library would write the address, which lets speak


def answer(reply: Reply, body: Json, client: WebClient, use_cases: UseCases) -> None:
    """In a conversation only the presser sees the words, if there are any. App Home is drawn anew, with them on top.

    So are the details of a job. Over any other modal they are another one.
    """
    if from_home(body):
        show_home(body["user"]["id"], team_of(body), client, use_cases, home=home_behind(body), notice=reply.text)
    elif job_id := details_of(body.get("view") or {}):
        show_details(body["view"]["id"], job_id, body, client, use_cases, notice=reply.text)
    elif reply.text and "view" in body:
        show_modal(client, body, answer_modal(reply.text))
    elif reply.text:
        whisper(body, reply.text)


def whisper(body: Json, text: str, *, blocks: Sequence[Json] = (), instead: bool = False) -> bool:
    """A message that only the presser sees, below what was pressed. False when there is no way, or it did not arrive.

    Args:
        instead: in place of what was pressed, if only the presser saw that too.
    """
    url = body.get("response_url")
    if not url:
        return False
    try:
        said = WebhookClient(url, timeout=TIMEOUT_SECONDS, retry_handlers=[], logger=_SILENT).send(
            text=text, blocks=list(blocks) or None, response_type="ephemeral", replace_original=instead and is_private(body)
        )
    except (OSError, HTTPException) as error:
        _log.warning("A private answer did not arrive (%s)", type(error).__name__)  # its text may name the address, good for more
        return False
    if said.status_code != 200:
        _log.warning("A private answer was refused", extra={"status": said.status_code})
    return said.status_code == 200


def show_home(
    user_id: str, team_id: str, client: WebClient, use_cases: UseCases, *, home: str | None = "", notice: str = ""
) -> None:
    """Draws the board of one person. Needs no trigger, so it works however late the answer is.

    No hash is sent: each drawing is of what is true now, so the last one may always stand.

    Args:
        home: what its reader wants to see of it, as the view before kept it.
    """
    board = use_cases.boards.board(user_id, team_id)
    if isinstance(board, Reply):
        view = notice_view(board.text)
    else:
        view = home_view(
            board,
            board_choice.read(home),
            now=use_cases.now(),
            zone=use_cases.zone,
            notice=notice,
            sheet_url=use_cases.boards.sheet_url,
        )
    client.views_publish(user_id=user_id, view=view)


def show_details(view_id: str, job_id: str, body: Json, client: WebClient, use_cases: UseCases, *, notice: str = "") -> None:
    """Draws the details anew in the modal that shows them, and the board behind it."""
    found, home = use_cases.boards.job(job_id, asker_of(body)), home_behind(body)
    if isinstance(found, Reply):
        view = answer_modal(found.text)
    else:
        view = details_modal(found, now=use_cases.now(), zone=use_cases.zone, home=home, notice=notice)
    fill_modal(client, view_id, view)
    if home is not None:
        show_home(body["user"]["id"], team_of(body), client, use_cases, home=home)


def show_behind(body: Json, client: WebClient, use_cases: UseCases) -> None:
    """After a form was sent: draws anew what lies behind it, the details of a job, the board, or both."""
    below, job_id = body["view"].get("previous_view_id"), str(metadata_of(body["view"]).get("job_id", ""))
    if below and job_id:
        show_details(below, job_id, body, client, use_cases)
    elif (home := home_behind(body)) is not None:
        show_home(body["user"]["id"], team_of(body), client, use_cases, home=home)
