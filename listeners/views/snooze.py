"""Takes what the snooze modal sent, of one job or of all of a card. Sent twice, the second changes nothing."""

from collections.abc import Callable

from slack_bolt import Ack
from slack_sdk import WebClient

from listeners.answering import show_behind
from listeners.bodies import metadata_of, team_of
from listeners.forms import CHOICE, DATE, REASON, answer_modal, snooze_all_modal, snoozed_all
from listeners.use_cases import UseCases
from workflows.backup.press import Press, Reply, SnoozeChoice
from workflows.backup.storm_answer import StormPress
from workflows.kernel.ports import Json

SAY_WHY = "This job is critical: say why it may wait."
SAY_WHY_OF_SOME = "Some of them are critical: say why they may wait."


def snooze(use_cases: UseCases) -> Callable[..., None]:
    def submitted(ack: Ack, body: Json, client: WebClient) -> None:
        kept = metadata_of(body["view"])
        press = Press(job_id=kept["job_id"], break_id=kept["break_id"], user_id=body["user"]["id"], team_id=team_of(body))
        choice = _choice(body["view"]["state"]["values"], taken=kept.get("taken"))
        if kept["critical"] and not choice.reason:
            ack(response_action="errors", errors={REASON: SAY_WHY})
            return
        reply = use_cases.snooze(press, choice)
        if reply.kind == "invalid":
            ack(response_action="errors", errors={_field(choice): reply.text})
            return
        if reply.kind == "done":
            ack()
        else:
            ack(response_action="update", view=answer_modal(reply.text))
        show_behind(body, client, use_cases)

    return submitted


def snooze_all(use_cases: UseCases) -> Callable[..., None]:
    """What there was no time for is asked for again, in the same place."""

    def submitted(ack: Ack, body: Json) -> None:
        kept = metadata_of(body["view"])
        choice = _choice(body["view"]["state"]["values"])
        if kept["critical"] and not choice.reason:
            ack(response_action="errors", errors={REASON: SAY_WHY_OF_SOME})
            return
        press = StormPress(
            recipient=kept["recipient"], storm_id=kept["storm_id"], user_id=body["user"]["id"], team_id=team_of(body)
        )
        done = use_cases.boards.snooze_all(press, choice)
        if isinstance(done, Reply) and done.kind == "invalid":
            ack(response_action="errors", errors={_field(choice): done.text})
        elif isinstance(done, Reply):
            ack(response_action="update", view=answer_modal(done.text))
        elif done.form is not None:
            ack(response_action="update", view=snooze_all_modal(done.form))
        else:
            ack(response_action="update", view=answer_modal(snoozed_all(done)))

    return submitted


def _field(choice: SnoozeChoice) -> str:
    return DATE if choice.choice == "date" else CHOICE


def _choice(values: Json, *, taken: int | None = None) -> SnoozeChoice:
    """A date counts instead of the days: nobody picks one without meaning it."""
    date = values.get(DATE, {}).get(DATE, {}).get("selected_date") or ""
    reason = (values.get(REASON, {}).get(REASON, {}).get("value") or "").strip()
    days = (values.get(CHOICE, {}).get(CHOICE, {}).get("selected_option") or {}).get("value", "1d")
    return SnoozeChoice(choice="date" if date else days, date=date, reason=reason, taken=taken)
