"""A standing as one item of `bk-state`, and back.

Attributes that people and conditions need stand by themselves; what only a check reads is JSON: `runs`, `findings`,
`cursors`, `row`, and `clock` with every other field of `Standing`. Attributes that say nothing are not there, so
the indexes on `due` and `pending` hold only the jobs they are about.
"""

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from bolt_app.adapters.dynamodb_values import (
    Attribute,
    Item,
    as_json,
    flag,
    int_of,
    json_of,
    moment,
    moment_of,
    number,
    text,
    text_of,
)
from bolt_app.adapters.facts_json import arguments, packed, unpacked
from bolt_app.adapters.runs_json import runs_of_json, runs_to_json
from workflows.backup.evidence import Run
from workflows.backup.findings import Finding
from workflows.backup.standing import Answer, Standing, Told
from workflows.kernel.ports import Json

FLEET = "bk"
"""The one partition of the indexes `due` and `pending`: every job of this deployment."""

OF_DISPATCH = frozenset({"told", "last_dispatched_state"})
NAMED = frozenset(
    {
        "job_id",
        "state",
        "since",
        "break_id",
        "snooze_until",
        "muted",
        "rev",
        "say",
        "pending",
        "due",
        "first_seen",
        "recipients",
        "answer",
        "runs",
        "findings",
        "cursors",
        "row",
    }
)
IN_CLOCK = frozenset(field.name for field in fields(Standing)) - NAMED - OF_DISPATCH
OWNED = (NAMED - {"job_id", "rev"}) | {"clock", "fleet", "owner", "last_evidence_ts", "last_size", "prev_size"}
"""The attributes that a check or an answer writes: all but the key, `rev`, and what only dispatch writes."""


def item_of(standing: Standing) -> dict[str, Attribute]:
    """The whole item, as it is read back."""
    item = {"job_id": text(standing.job_id), "rev": number(standing.rev), "told": told_map(standing.told), **owned_of(standing)}
    if standing.last_dispatched_state:
        item["last_dispatched_state"] = text(standing.last_dispatched_state)
    return item


def owned_of(standing: Standing) -> dict[str, Attribute]:
    """The attributes among OWNED that this standing has; the others are to be removed."""
    item = {
        "fleet": text(FLEET),
        "state": text(standing.state),
        "since": moment(standing.since),
        "first_seen": moment(standing.first_seen),
        "break_id": text(standing.break_id),
        "muted": flag(standing.muted),
        "say": number(standing.say),
        **_moments(snooze_until=standing.snooze_until, pending=standing.pending, due=standing.due),
        **_newest_good(standing.runs),
    }
    if standing.recipients:
        item["owner"] = text(standing.recipients[0])
        item["recipients"] = {"L": [text(recipient) for recipient in standing.recipients]}
    if standing.answer:
        item["answer"] = _answer_map(standing.answer)
    if standing.runs:
        item["runs"] = text(runs_to_json(standing.runs))
    facts: dict[str, Any] = {
        "findings": [packed(finding) for finding in standing.findings],
        "cursors": standing.cursors,
        "row": standing.row,
        "clock": packed(standing, without=NAMED | OF_DISPATCH),
    }
    return item | {name: as_json(value) for name, value in facts.items() if value}


def standing_of(item: Item) -> Standing:
    """The standing in an item; what an older item does not have is the field's default."""
    first_seen, since = moment_of(item, "first_seen"), moment_of(item, "since")
    beginning = first_seen or since
    if beginning is None:
        raise ValueError(f"item {item['job_id']['S']!r} has neither `first_seen` nor `since`; a standing has both")
    state: Any = text_of(item, "state", "waiting")
    return Standing(
        job_id=item["job_id"]["S"],
        first_seen=beginning,
        since=since or beginning,
        rev=int_of(item, "rev"),
        state=state,
        break_id=text_of(item, "break_id"),
        snooze_until=moment_of(item, "snooze_until"),
        muted="muted" in item and item["muted"]["BOOL"],
        say=int_of(item, "say"),
        pending=moment_of(item, "pending"),
        due=moment_of(item, "due"),
        recipients=tuple(one["S"] for one in item["recipients"]["L"]) if "recipients" in item else (),
        answer=_answer_of(item["answer"]["M"]) if "answer" in item else None,
        told={recipient: told_of(one["M"]) for recipient, one in item["told"]["M"].items()} if "told" in item else {},
        last_dispatched_state=text_of(item, "last_dispatched_state"),
        runs=runs_of_json(item["runs"]["S"]) if "runs" in item else (),
        findings=tuple(unpacked(Finding, one) for one in json.loads(text_of(item, "findings", "[]"))),
        cursors=json_of(item, "cursors"),
        row=json_of(item, "row"),
        **_clock_of(item),
    )


def told_map(told: dict[str, Told]) -> Attribute:
    return {"M": {recipient: told_one(one) for recipient, one in told.items()}}


def told_one(told: Told) -> Attribute:
    return {
        "M": {
            "say": number(told.say),
            "break_id": text(told.break_id),
            "channel": text(told.channel),
            "ts": text(told.ts),
            "at": moment(told.at),
            "user_id": text(told.user_id),
        }
    }


def told_of(value: Item) -> Told:
    return Told(
        say=int_of(value, "say"),
        break_id=text_of(value, "break_id"),
        channel=text_of(value, "channel"),
        ts=text_of(value, "ts"),
        at=datetime.fromisoformat(value["at"]["S"]),
        user_id=text_of(value, "user_id"),
    )


def _clock_of(item: Item) -> Json:
    return arguments(Standing, {name: value for name, value in json_of(item, "clock").items() if name in IN_CLOCK})


def _answer_map(answer: Answer) -> Attribute:
    texts = {"kind": text(answer.kind), "by": text(answer.by), "reason": text(answer.reason)}
    return {"M": {**texts, "at": moment(answer.at), **_moments(until=answer.until)}}


def _answer_of(value: Item) -> Answer:
    kind: Any = text_of(value, "kind")
    return Answer(
        kind=kind,
        by=text_of(value, "by"),
        at=datetime.fromisoformat(value["at"]["S"]),
        until=moment_of(value, "until"),
        reason=text_of(value, "reason"),
    )


def _moments(**values: datetime | None) -> dict[str, Attribute]:
    return {name: moment(value) for name, value in values.items() if value is not None}


def _newest_good(runs: Sequence[Run]) -> dict[str, Attribute]:
    """For people who look at the table: when the newest good run was, its size, and the size of the one before."""
    good = sorted((run for run in runs if run.good), key=lambda run: run.at)[-2:]
    sizes = dict(zip(("last_size", "prev_size"), (run.size for run in reversed(good)), strict=False))
    found = {name: number(size) for name, size in sizes.items() if size is not None}
    return {**found, "last_evidence_ts": moment(good[-1].at)} if good else {}
