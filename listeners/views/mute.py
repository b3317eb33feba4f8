"""Takes what the mute modal sent. Sent twice, the second changes nothing."""

from collections.abc import Callable

from slack_bolt import Ack
from slack_sdk import WebClient

from listeners.answering import show_behind
from listeners.bodies import metadata_of, team_of
from listeners.forms import DATE, REASON, answer_modal
from listeners.use_cases import UseCases
from workflows.backup.press import MuteChoice, Press
from workflows.kernel.ports import Json


def mute(use_cases: UseCases) -> Callable[..., None]:
    def submitted(ack: Ack, body: Json, client: WebClient) -> None:
        kept, values = metadata_of(body["view"]), body["view"]["state"]["values"]
        press = Press(job_id=kept["job_id"], break_id=kept["break_id"], user_id=body["user"]["id"], team_id=team_of(body))
        date = values.get(DATE, {}).get(DATE, {}).get("selected_date") or ""
        reason = (values.get(REASON, {}).get(REASON, {}).get("value") or "").strip()
        reply = use_cases.boards.mute_with(press, MuteChoice(date=date, reason=reason, muted=bool(kept.get("muted"))))
        if reply.kind == "invalid":
            ack(response_action="errors", errors={DATE: reply.text})
            return
        if reply.kind == "done":
            ack()
        else:
            ack(response_action="update", view=answer_modal(reply.text))
        show_behind(body, client, use_cases)

    return submitted
