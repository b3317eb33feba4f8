"""What is planted in every place that somebody else fills: none of it stands in the log, at the level that is deployed."""

import json
import logging
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest

from bolt_app.adapters.slack import slack_client
from bolt_app.app import create_app
from bolt_app.discreet import Crashed
from bolt_app.lambdas import ack_handler, dispatch, heartbeat, intake_ses_parser
from bolt_app.link_front import Pages
from bolt_app.link_front import respond as show_page
from bolt_app.services.dispatcher import read_nudge
from bolt_app.slack_front import respond
from tests.flows.desk import KEYS, MASTER, NOW, Desk, ping, signed
from tests.flows.letter_box import request as page_request
from tests.flows.mail_room import NIGHT, TAPE_ROW, MailRoom, form, stored_mail
from tests.listeners.door import SECRET, Outside, home_opened, made_door, outside, press_in_home, press_in_message, request
from tests.unit.test_log_lines import FIELDS
from workflows.kernel.errors import Refused, Unanswered
from workflows.kernel.ports import Json

PLANTED = "planted-where-it-must-not-be-read"
TOKEN = f"xoxb-{PLANTED}"
CONTEXT = SimpleNamespace(aws_request_id="r1", get_remaining_time_in_millis=lambda: 30_000)
CONTEXT_OF_SLACK = SimpleNamespace(function_name="f", invoked_function_arn="a:b:c:d:e:f:g")
USUAL = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def line(record: logging.LogRecord) -> str:
    """All that the runtime on AWS would write of it, and more: message, fields, error and trace."""
    fields = {name: value for name, value in vars(record).items() if name not in USUAL}
    trace = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
    return f"{record.name} {record.getMessage()} {json.dumps(fields)} {trace}"  # a field that is no JSON would break there, too


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], str]]:
    """All that was logged; whatever a test does, nothing planted may be in it."""
    caplog.set_level(logging.INFO)

    def everything() -> str:
        return "\n".join(line(record) for record in caplog.records)

    yield everything
    records = caplog.get_records("call")
    assert records, "nothing was logged at all"
    ours = [record for record in records if record.name.split(".")[0] in {"bolt_app", "listeners"}]
    assert {name for record in ours for name in vars(record)} - USUAL <= FIELDS
    for secret in (PLANTED, KEYS.path_of(PLANTED), MASTER, SECRET):
        assert secret not in "\n".join(map(line, records))


class DeafBus:
    def publish(self, _events: Any) -> None:
        raise Unanswered("ReadTimeout", "no answer")


class FullStore:
    def record(self, *_: object, **__: object) -> None:
        raise Unanswered("ReadTimeout", "no answer")


def heard(monkeypatch: pytest.MonkeyPatch, desk: Desk, event: Json) -> int:
    monkeypatch.setattr(heartbeat, "_heartbeat", lambda: desk.ask)
    status: int = heartbeat.handler(event, CONTEXT)["statusCode"]
    return status


@pytest.mark.parametrize("trouble", ["none", "bus", "store"])
def test_what_a_check_in_carries(trouble: str, monkeypatch: pytest.MonkeyPatch, said: Callable[[], str]) -> None:
    desk = Desk()
    if trouble == "bus":
        desk.bus = DeafBus()  # type: ignore[assignment]
    if trouble == "store":
        desk.check_ins = FullStore()  # type: ignore[assignment]
    body = json.dumps({"status": "failed", "note": f"mysqldump -p{PLANTED} failed"})
    statuses = {
        heard(monkeypatch, desk, signed(body)),
        heard(monkeypatch, desk, ping(body=f"password {PLANTED}".encode())),
        heard(monkeypatch, desk, ping("/fail", body=f"password {PLANTED}".encode(), query=f"size={PLANTED}")),
    }

    assert statuses == ({503} if trouble == "store" else {200})
    assert ("orders-db" in said()) == (trouble != "store")


def test_keys_where_a_jobs_name_should_be(monkeypatch: pytest.MonkeyPatch, said: Callable[[], str]) -> None:
    desk = Desk()
    for event in (
        ping(key="orders-db", job_id=PLANTED),
        ping(key=PLANTED),
        signed("{}", path=f"/{PLANTED}", key=PLANTED),
        signed("{}", job_id=PLANTED, at=NOW - timedelta(days=1)),
    ):
        assert heard(monkeypatch, desk, event) >= 400
    assert said().count("A request was answered") == 4


@pytest.mark.parametrize("model", ["none", "fails", "reads"])
def test_what_a_mail_says(model: str, monkeypatch: pytest.MonkeyPatch, said: Callable[[], str]) -> None:
    room = MailRoom()
    room.list_jobs(TAPE_ROW)
    answers: dict[str, list[Any]] = {"fails": [Unanswered("timeout")], "reads": [form({"job": PLANTED, "status": PLANTED})]}
    room.model.answers = answers.get(model, [])
    text = f"Backup of {PLANTED}\nstatus {PLANTED}\n"
    facts: dict[str, Any] = {"subject": PLANTED, "sender": f"{PLANTED}@example.com", "sent": NIGHT}
    mails = [
        stored_mail(text, **facts, attachments={f"{PLANTED}.json": text}),
        stored_mail(text, **facts, proven=False),
        text.encode(),
    ]

    def run(_keys: Any, _again: bool) -> list[Json]:
        return [asdict(room.get(key=f"m{number}", raw=raw)) for number, raw in enumerate(mails)]

    monkeypatch.setattr(intake_ses_parser, "_intake", lambda: run)
    try:
        intake_ses_parser.handler({"detail-type": "Object Created", "detail": {"object": {"key": "m1"}}}, CONTEXT)
        assert '"mails": 3' in said()
    except Unanswered as error:
        logging.getLogger("runtime").exception(error.reason)  # as the runtime writes of it


def test_a_mistake_of_ours_that_quotes_what_was_sent(monkeypatch: pytest.MonkeyPatch, said: Callable[[], str]) -> None:
    def run(_keys: Any, _again: bool) -> list[Json]:
        return [{"size": float(f"{PLANTED} GB")}]

    def hear(_event: Json) -> Json:
        raise KeyError(PLANTED)

    monkeypatch.setattr(intake_ses_parser, "_intake", lambda: run)
    monkeypatch.setattr(heartbeat, "_heartbeat", lambda: hear)
    stored = {"detail-type": "Object Created", "detail": {"object": {"key": "m1"}}}
    for handler, event in ((intake_ses_parser.handler, stored), (heartbeat.handler, ping())):
        with pytest.raises(Crashed) as crash:
            handler(event, CONTEXT)
        logging.getLogger("runtime").error("%s", crash.value, exc_info=crash.value)  # as the runtime writes of it

    for found in ("ValueError", "KeyError", "in run", "in hear"):
        assert found in said()


def pressed(monkeypatch: pytest.MonkeyPatch, seen: Outside, payloads: list[Json], **replies: Any) -> None:
    door = made_door(seen)
    door.pressed.replies |= replies
    monkeypatch.setattr(ack_handler, "_front", lambda: door.front)
    for payload in payloads:
        ack_handler.handler(payload, CONTEXT_OF_SLACK)


def form_of(payload: Json) -> Json:
    return request(urlencode({"payload": json.dumps(payload)}))


def test_what_people_press_type_and_paste(monkeypatch: pytest.MonkeyPatch, said: Callable[[], str]) -> None:
    with outside() as seen:
        nowhere = {"response_url": f"http://127.0.0.1:9/{PLANTED}"}
        odd = {"response_url": f"http://127.0.0.1:9/services/\n{PLANTED}"}
        press = press_in_message(seen, "mute")
        payloads = [
            form_of(press | nowhere),
            form_of(press | odd),
            form_of(press_in_home(seen, "mute", value=f"{PLANTED} b1")),
            form_of(
                press | {"state": {"values": {PLANTED: {PLANTED: {"value": PLANTED}}}}, "message": {"text": PLANTED, "ts": "1.1"}}
            ),
            request(json.dumps(home_opened() | {"token": PLANTED}), kind="application/json"),
            request(PLANTED, signed_with=PLANTED),
        ]
        for error in (ValueError(f"what was pasted: {PLANTED}"), Unanswered("timeout"), Refused("AccessDenied", "the table")):
            pressed(monkeypatch, seen, payloads, mute=error, board=error)

    assert "ValueError" in said()
    assert '"status": 401' in said()


def test_a_token_that_slack_refuses(said: Callable[[], str]) -> None:
    with outside() as seen:
        seen.answers["views.publish"] = {"ok": False, "error": "invalid_auth"}
        door = made_door(seen)
        client = slack_client(TOKEN, base_url=f"{seen.url}api/")
        door.front.app_for = lambda secret: create_app(
            door.pressed.use_cases(), team_id="T1", client=client, signing_secret=secret
        )
        assert (
            respond(request(json.dumps(home_opened()), kind="application/json"), CONTEXT_OF_SLACK, door.front)["statusCode"]
            == 500
        )
    assert "could not be carried out" in said()


def test_a_link_that_lets_act(monkeypatch: pytest.MonkeyPatch, said: Callable[[], str]) -> None:
    def fail(*_: object) -> Any:
        raise Unanswered("timeout", "the table")

    pages = Pages(read=fail, look=fail, act=fail, now=lambda: NOW, admin="ana@example.com")
    monkeypatch.setattr(ack_handler, "_pages", lambda: lambda event: show_page(event, pages))
    for method in ("GET", "POST"):
        assert (
            ack_handler.handler(page_request(method, PLANTED, {"token": PLANTED, "reason": PLANTED}), CONTEXT)["statusCode"]
            == 503
        )
    assert '"door": "letter"' in said()


def test_what_lies_in_the_dispatch_queue(monkeypatch: pytest.MonkeyPatch, said: Callable[[], str]) -> None:
    def follow(body: str, _holder: str, _left: object) -> None:
        if read_nudge(body) is not None:
            raise Refused("invalid_auth", "chat.postMessage")

    detail = {
        "job_id": "nas",
        "v": 1,
        "reply": {"response_url": f"https://hooks.slack.com/{PLANTED}"},
        "note": PLANTED,
        "why": PLANTED,
    }
    bounce = {"eventType": "Bounce", "mail": {"messageId": "m", "headers": [PLANTED], "destination": [PLANTED]}, "bounce": {
        "bounceType": "Permanent", "bouncedRecipients": [{"status": "5.1.1", "diagnosticCode": PLANTED}]}}  # fmt: skip
    bodies = [
        json.dumps({"detail-type": "bk.alert", "detail": detail}),
        json.dumps({"Type": "Notification", "Message": json.dumps(bounce)}),
        json.dumps({"Type": "Notification", "Message": PLANTED}),
        f"{PLANTED}: no JSON",
        json.dumps([PLANTED]),
        json.dumps({"detail-type": "bk.alert", "detail": PLANTED}),
    ]
    monkeypatch.setattr(dispatch, "_dispatcher", lambda: follow)
    records = [{"messageId": str(number), "body": body} for number, body in enumerate(bodies)]
    failed = dispatch.handler({"Records": records}, CONTEXT)["batchItemFailures"]

    assert [one["itemIdentifier"] for one in failed] == ["0", "1", "3", "4", "5"]
    assert '"job_id": "nas"' in said()
    assert '"letter": "m"' in said()
    assert '"nudges": 6, "failed": 5' in said()
