"""Takes what the form of a row sent. What is wrong stands at its field; sent twice, the second changes nothing."""

from collections.abc import Callable

from slack_bolt import Ack

from listeners.bodies import asker_of
from listeners.forms import answer_modal
from listeners.row_form import at_fields, sent_row
from listeners.use_cases import UseCases
from workflows.kernel.ports import Json


def row(use_cases: UseCases) -> Callable[..., None]:
    def submitted(ack: Ack, body: Json) -> None:
        view = body["view"]
        reply = use_cases.proposals.save_row(sent_row(view, asker_of(body)))
        if reply.errors:
            ack(response_action="errors", errors=at_fields(reply.errors, view))
        elif reply.text:
            ack(response_action="update", view=answer_modal(reply.text))
        else:
            ack()

    return submitted
