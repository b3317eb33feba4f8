"""The mail folder and the stand-in for the model, as pieces of `make up`."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from infra.local.mail.__main__ import TAKEN, Post, received
from infra.local.model.__main__ import StandIn, serve
from infra.local.model.extractor import fill_in
from workflows.backup.model_answer import FORM, BadAnswer, read_answer
from workflows.kernel.mail import read_mail

NOW = datetime(2026, 11, 19, 2, 30, tzinfo=UTC)
MAIL = b"From: NAS <nas@example.com>\nSubject: Backup\nMessage-ID: <1@example.com>\n\nBackup completed.\n"
ALLOWED = ("example.com",)
TEXT = "Subject: Tapes\n\nThe backup of ledger on FIBU-01 completed 2026-11-19 02:14, 12.5 GB."


# --- the post ------------------------------------------------------------------------------------


def test_a_mail_from_the_folder_is_believed_as_if_its_sender_had_been_checked() -> None:
    mail = read_mail(received(MAIL, "m1", NOW), allowed=ALLOWED)
    assert (mail.untrusted, mail.sender, mail.id) == ("", "nas@example.com", "1@example.com")
    assert read_mail(MAIL, allowed=ALLOWED).untrusted


def test_one_that_is_called_forged_is_not() -> None:
    assert read_mail(received(MAIL, "m1", NOW, forged=True), allowed=ALLOWED).untrusted


def test_a_mail_without_a_sender_arrives_and_is_not_believed() -> None:
    assert read_mail(received(b"no headers at all", "m1", NOW), allowed=ALLOWED).untrusted


@pytest.fixture
def stored() -> dict[str, bytes]:
    return {}


@pytest.fixture
def post(tmp_path: Path, stored: dict[str, bytes]) -> Post:
    return Post(tmp_path, stored.__setitem__)


def test_a_file_is_taken_once_it_has_stopped_growing(tmp_path: Path, post: Post, stored: dict[str, bytes]) -> None:
    file = tmp_path / "report.EML"
    file.write_bytes(MAIL[:30])
    assert post.look() == 0
    file.write_bytes(MAIL)
    assert (post.look(), stored) == (0, {})
    assert (post.look(), post.look()) == (1, 0)
    assert [raw.endswith(MAIL) for raw in stored.values()] == [True]
    assert [taken.name.endswith("-report.EML") for taken in (tmp_path / TAKEN).iterdir()] == [True]


def test_the_same_file_dropped_again_arrives_again_under_another_key(
    tmp_path: Path, post: Post, stored: dict[str, bytes]
) -> None:
    for _ in range(2):
        (tmp_path / "report.eml").write_bytes(MAIL)
        assert post.look() + post.look() == 1
    assert len(stored) == 2


def test_other_files_are_left_alone(tmp_path: Path, post: Post) -> None:
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "empty.eml").touch()
    assert post.look() + post.look() == 0


# --- the stand-in for the model ------------------------------------------------------------------


@pytest.fixture
def address() -> Iterator[str]:
    server = serve(0, StandIn())
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def post_to(address: str, body: object) -> Any:
    with urllib.request.urlopen(address, json.dumps(body).encode(), timeout=5) as answer:  # noqa: S310 - an address of our own
        return json.loads(answer.read())


def ask(address: str) -> Any:
    """As the local AWS hands on a question to Bedrock."""
    said = post_to(
        f"{address}/v1/chat/completions",
        {
            "model": "global.anthropic.claude-haiku-4-5-20251001-v1:0",
            "messages": [{"role": "system", "content": "Fill it in."}, {"role": "user", "content": TEXT}],
            "tools": [{"type": "function", "function": {"name": FORM.name, "parameters": FORM.schema}}],
        },
    )
    calls = said["choices"][0]["message"].get("tool_calls")
    return calls[0]["function"] if calls else None


def test_it_answers_the_forced_tool_with_what_the_mail_says(address: str) -> None:
    call = ask(address)
    (report,) = read_answer(json.loads(call["arguments"]), TEXT, NOW)
    assert call["name"] == FORM.name
    assert (report.status, report.job, report.host, report.size) == ("success", "ledger", "FIBU-01", 12_500_000_000)
    with urllib.request.urlopen(f"{address}/_local/asked", timeout=5) as answer:  # noqa: S310 - an address of our own
        assert json.loads(answer.read()) == {"asked": [TEXT]}


def test_it_goes_wrong_as_often_as_it_is_told_to(address: str) -> None:
    for kind in ("refuses", "broken", "wrong", "invents"):
        post_to(f"{address}/_local/fault", {"kind": kind})
    assert ask(address) is None
    with pytest.raises(ValueError, match=r"delimiter|Expecting|Unterminated"):
        json.loads(ask(address)["arguments"])
    for _ in range(2):
        with pytest.raises(BadAnswer):
            read_answer(json.loads(ask(address)["arguments"]), TEXT, NOW)
    assert json.loads(ask(address)["arguments"])["is_report"] is True


def test_a_fault_that_it_does_not_know_is_refused(address: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="400") as refused:
        post_to(f"{address}/_local/fault", {"kind": "burns"})
    refused.value.close()


@pytest.mark.parametrize(
    ("text", "jobs"),
    [
        ("Backup night\nAlpha: completed 02:10, 3 GB\nBeta: failed 02:20, disk full", ["Alpha", "Beta"]),
        ("Die Sicherung „Buchhaltung“ auf FIBU-01 wurde erfolgreich abgeschlossen.", ["Buchhaltung"]),
        ("Job: Nightly VMs\nBackup finished", ["Nightly VMs"]),
        ("Shall we meet at 12:30?", []),
        ("The meeting is completed.", []),
    ],
)
def test_its_patterns_find_the_jobs(text: str, jobs: list[str]) -> None:
    assert [run["job"] for run in fill_in(text)["runs"]] == jobs
