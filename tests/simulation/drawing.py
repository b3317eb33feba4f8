"""What people are told, as the facts themselves, so that the invariants can read it."""

import json
from collections.abc import Sequence
from datetime import datetime

from workflows.backup.standing import Standing
from workflows.backup.telling import StormMember
from workflows.kernel.ports import Delivery, Letter, Message


def living(standing: Standing, _: datetime) -> Message:
    return Message(text=json.dumps(_facts(standing)))


def card(_: str, members: Sequence[StormMember], __: datetime) -> Message:
    return Message(text=json.dumps({"storm": _members(members)}))


def many(members: Sequence[StormMember], _: datetime) -> Message:
    return Message(text=f"{len(members)} of a storm")


def gone(rows: Sequence[tuple[Delivery, Standing]], _: datetime) -> Message:
    return Message(text=json.dumps({"gone": [f"{row.subject} {row.break_id}" for row, _ in rows]}))


def over(standing: Standing, _: datetime) -> Message:
    return Message(text=json.dumps({"job": standing.job_id, "break": "over", "say": standing.say, "state": "over"}))


def line(standing: Standing, _: datetime) -> Message:
    return Message(text=f"{standing.loud_kind} {standing.job_id} {standing.say}")


class Letters:
    """The same by mail."""

    def of_job(self, standing: Standing, address: str, at: datetime) -> Letter:  # noqa: ARG002 - as the port names them
        return _letter(json.dumps(_facts(standing)))

    def of_storm(
        self,
        members: Sequence[StormMember],
        news: Sequence[StormMember],  # noqa: ARG002
        address: str,  # noqa: ARG002
        at: datetime,  # noqa: ARG002
    ) -> Letter:
        return _letter(json.dumps({"storm": _members(members)}))

    def of_message(self, message: Message) -> Letter:
        return _letter(message.text)


def _letter(text: str) -> Letter:
    return Letter(subject=text, text=text, html=text)


def _facts(standing: Standing) -> dict[str, object]:
    return {"job": standing.job_id, "break": standing.break_id, "say": standing.say, "state": standing.state}


def _members(members: Sequence[StormMember]) -> list[list[object]]:
    return [[one.job_id, one.over] for one in members]
