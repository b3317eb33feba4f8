"""Somebody asks for the key of a job: from the event on the bus to the private answer."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bolt_app.key_front import take_key_request
from listeners.key_answers import key_answer
from tests.flows.desk import ENROLMENT, JOB, KEYS, MASTER
from tests.listeners.block_limits import problems_of_message
from workflows.backup.heartbeat_keys import Keys, path_switched, read_keys, rotated
from workflows.backup.key_answering import KeyAnswer, Stored
from workflows.kernel.errors import Conflict, Refused, Unanswered
from workflows.kernel.ports import AuditEntry, Json, Message

SECRET = json.dumps({"master": MASTER, "enrolment": ENROLMENT, "remark": "kept"})
URL = "https://hooks.slack.com/actions/T0/1/x"
WHERE = "https://abc.lambda-url.ap-southeast-1.on.aws/"


class Safe:
    """A secret in memory. `meanwhile` is written by somebody else just before the next write."""

    def __init__(self, text: str = SECRET) -> None:
        self.text = text
        self.version = 1
        self.meanwhile: str | None = None
        self.written: list[str] = []

    def read(self) -> Stored:
        return Stored(text=self.text, version=str(self.version))

    def replace(self, text: str, *, version: str) -> None:
        if self.meanwhile is not None:
            self.text, self.meanwhile, self.version = self.meanwhile, None, self.version + 1
        if version != str(self.version):
            raise Conflict("written by others")
        self.text, self.version = text, self.version + 1
        self.written.append(text)


class NoSafe(Safe):
    def read(self) -> Stored:
        raise Refused("ResourceNotFoundException", "the secret bk/heartbeat/keys does not exist")


class Ears:
    """Slack's side: what was whispered to whom; `deaf` so many times first."""

    def __init__(self, *, deaf: int = 0) -> None:
        self.heard: list[tuple[str, Message]] = []
        self.deaf = deaf

    def to(self, response_url: str) -> Callable[[Message], None]:
        if not response_url.startswith("https://hooks.slack.com/"):
            raise Refused("foreign_response_url")

        def hear(message: Message) -> None:
            if self.deaf:
                self.deaf -= 1
                raise Unanswered("URLError")
            self.heard.append((response_url, message))

        return hear


class Book:
    def __init__(self) -> None:
        self.entries: list[AuditEntry] = []

    def write(self, entry: AuditEntry) -> None:
        if entry not in self.entries:
            self.entries.append(entry)


class Room:
    """Everything around one request for a key."""

    def __init__(self, safe: Safe | None = None, *, deaf: int = 0) -> None:
        self.safe = safe or Safe()
        self.ears = Ears(deaf=deaf)
        self.book = Book()
        self.changes = 0

    def take(self, event: Json) -> Json:
        return take_key_request(event, vault=self.safe, audit=self.book, whispers=self.ears, say=self._say, changed=self._changed)

    def ask(self, action: str = "show", **special: Any) -> Json:
        return self.take(asking(action, **special))

    @property
    def said(self) -> str:
        """Everything in the newest answer."""
        message = self.ears.heard[-1][1]
        return json.dumps([message.text, *message.blocks], ensure_ascii=False)

    @property
    def keys(self) -> Keys:
        return read_keys(self.safe.text)

    def _say(self, answer: KeyAnswer) -> Message:
        return key_answer(answer, heartbeat_url=WHERE)

    def _changed(self) -> None:
        self.changes += 1


def asking(action: str = "show", *, event_id: str = "trigger-1", **special: Any) -> Json:
    detail = {"v": 1, "job_id": JOB, "action": action, "response_url": URL, "by": "U0SAM", "id": event_id, **special}
    return {"detail-type": "bk.key", "source": "backup-sentinel", "time": "2026-03-05T00:00:00Z", "detail": detail}


def test_a_key_is_shown_to_the_asker_alone_with_lines_that_work_and_is_audited() -> None:
    room = Room()

    assert room.ask() == {"answered": True}

    ((where, message),) = room.ears.heard
    assert where == URL
    assert KEYS.of(JOB) in room.said
    assert f"{WHERE}{KEYS.path_of(JOB)}/{JOB}" in room.said
    assert "openssl dgst -sha256 -hmac" in room.said
    assert MASTER not in room.said
    assert ENROLMENT not in room.said
    assert KEYS.of(JOB) not in message.text, "what a phone shows while it is locked"
    assert [(one.subject, one.action, one.by) for one in room.book.entries] == [(JOB, "key_show", "U0SAM")]
    assert MASTER not in repr(room.book.entries)
    assert room.safe.written == []
    assert problems_of_message(message) == []


def test_a_new_key_is_another_and_leaves_all_else_as_it_was() -> None:
    room = Room()

    room.ask("rotate")

    assert room.keys.of(JOB) != KEYS.of(JOB)
    assert room.keys.path_of(JOB) != KEYS.path_of(JOB)
    assert room.keys.of("another-job") == KEYS.of("another-job")
    assert json.loads(room.safe.text)["remark"] == "kept"
    assert room.keys.of(JOB) in room.said
    assert KEYS.of(JOB) not in room.said
    assert (room.changes, [one.action for one in room.book.entries]) == (1, ["key_rotate"])


def test_a_repeated_request_rotates_once_even_after_others() -> None:
    room = Room()

    for event_id in ("one", "one", "two", "one", "two"):
        room.ask("rotate", event_id=event_id)

    assert room.keys.generations == {JOB: 3}
    assert len(room.safe.written) == 2
    assert room.keys.of(JOB) in room.said


def test_an_answer_that_was_lost_is_given_again_without_another_rotation() -> None:
    room = Room(deaf=1)

    with pytest.raises(Unanswered):
        room.ask("rotate")
    room.ask("rotate")

    assert room.keys.generations == {JOB: 2}
    assert room.keys.of(JOB) in room.said
    assert len(room.book.entries) == 1


def test_two_rotations_at_once_are_both_kept() -> None:
    room = Room()
    room.safe.meanwhile = rotated(SECRET, "another-job", event_id="theirs")

    room.ask("rotate")

    assert room.keys.generations == {"another-job": 2, JOB: 2}


def test_a_path_form_is_switched_off_and_on_and_the_answer_says_what_holds() -> None:
    room = Room()

    room.ask("path_off")
    assert room.keys.path_off == {JOB}
    assert KEYS.path_of(JOB) not in room.said
    room.ask("show")
    assert "Switched off for this job" in room.said
    room.ask("path_on")
    assert room.keys.path_off == frozenset()
    assert KEYS.path_of(JOB) in room.said
    assert [one.action for one in room.book.entries] == ["key_path_off", "key_show", "key_path_on"]


def test_where_all_are_off_one_is_not_switched_on_and_the_answer_says_so() -> None:
    everybody = json.dumps({"master": MASTER, "path_off": "*"})
    room = Room(Safe(everybody))

    room.ask("path_on")

    assert room.safe.text == everybody
    assert "which is all jobs" in room.said


@pytest.mark.parametrize(
    ("safe", "why"), [(NoSafe(), "does not exist"), (Safe("{}"), "heartbeat keys"), (Safe("x"), "heartbeat keys")]
)
def test_a_secret_that_is_missing_or_wrong_is_told_privately(safe: Safe, why: str) -> None:
    room = Room(safe)

    assert room.ask("rotate") == {"answered": True}
    assert "cannot be shown" in room.said
    assert why in room.said
    assert room.book.entries == []


@pytest.mark.parametrize("url", ["https://evil.example.com/x", "http://hooks.slack.com/x"])
def test_an_address_that_is_not_slacks_gets_nothing_and_changes_nothing(url: str, caplog: pytest.LogCaptureFixture) -> None:
    room = Room()

    assert room.ask("rotate", response_url=url) == {"answered": False}
    assert room.ears.heard == []
    assert room.safe.text == SECRET
    assert "foreign_response_url" in caplog.text
    assert url not in caplog.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"job_id": "../x"},
        {"job_id": None},
        {"action": "delete"},
        {"action": ["show"]},
        {"response_url": ""},
        {"by": 7},
        {"id": None},
    ],
)
def test_an_event_that_asks_for_nothing_is_dropped(wrong: Json) -> None:
    room = Room()

    assert room.ask(**wrong) == {"answered": False}
    assert (room.ears.heard, room.book.entries, room.safe.text) == ([], [], SECRET)


@pytest.mark.parametrize(
    "event", [{}, {"detail": []}, asking() | {"time": "yesterday"}, asking() | {"time": "2026-03-05T00:00:00"}]
)
def test_an_event_of_another_shape_is_dropped(event: Json) -> None:
    assert Room().take(event) == {"answered": False}


def test_what_a_hand_wrote_into_the_secret_does_not_stop_a_rotation() -> None:
    odd = json.dumps({"master": MASTER, "rotated": "yesterday", "generations": {JOB: "4"}})

    assert read_keys(rotated(odd, JOB, event_id="e")).generations == {JOB: 5}
    assert read_keys(path_switched(odd, JOB, off=True)).path_off == {JOB}
