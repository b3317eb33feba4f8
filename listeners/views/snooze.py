"""Takes what the snooze modal sent. Sent twice, the second changes nothing."""

import json
from collections.abc import Callable

from slack_bolt import Ack
from slack_sdk import WebClient

from listeners.answering import show_home
from listeners.bodies import team_of
from listeners.forms import CHOICE, DATE, REASON, answer_modal
from listeners.use_cases import UseCases
from workflows.backup.press import Press, Reply, SnoozeChoice
from workflows.kernel.ports import Json


def snooze(use_cases: UseCases) -> Callable[..., None]:
    def submitted(ack: Ack, body: Json, client: WebClient) -> None:
        metadata = json.loads(body["view"]["private_metadata"])
        press = Press(job_id=metadata["job_id"], break_id=metadata["break_id"], user_id=body["user"]["id"], team_id=team_of(body))
        choice = _choice(body["view"]["state"]["values"])
        if metadata["critical"] and not choice.reason:
            ack(response_action="errors", errors={REASON: "This job is critical: say why it may wait."})
            return
        reply = use_cases.snooze(press, choice)
        _acknowledge(ack, reply, choice)
        if metadata["home"] and reply.kind == "done":
            show_home(press.user_id, press.team_id, client, use_cases)

    return submitted


def _acknowledge(ack: Ack, reply: Reply, choice: SnoozeChoice) -> None:
    if reply.kind == "done":
        ack()
    elif reply.kind == "invalid":
        ack(response_action="errors", errors={DATE if choice.choice == "date" else CHOICE: reply.text})
    else:
        ack(response_action="update", view=answer_modal(reply.text))


def _choice(values: Json) -> SnoozeChoice:
    """A date counts instead of the days: nobody picks one without meaning it."""
    date = values.get(DATE, {}).get(DATE, {}).get("selected_date") or ""
    reason = (values.get(REASON, {}).get(REASON, {}).get("value") or "").strip()
    days = (values.get(CHOICE, {}).get(CHOICE, {}).get("selected_option") or {}).get("value", "1d")
    return SnoozeChoice(choice="date" if date else days, date=date, reason=reason)
