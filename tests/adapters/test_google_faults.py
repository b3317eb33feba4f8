"""What Google's own client does when the other side fails: told in our words, and never sent twice."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bolt_app.adapters import google_account
from bolt_app.adapters.google_account import GoogleAccount
from bolt_app.adapters.google_drive import GoogleDrive
from bolt_app.adapters.google_sheet import GoogleSheet, letters, quoted
from infra.local.google.account import service_account
from infra.local.google.files import RULES_ID, SHEET_ID
from infra.local.google.server import LocalGoogle
from tests.adapters.test_google_contract import RULES, TABLE, OneSecret, account_of
from workflows.kernel.errors import OutsideError, RateLimited, Refused, Unanswered
from workflows.kernel.sheet import Source
from workflows.kernel.sheet_trouble import API_OFF, BAD_KEY, NO_KEY, NO_TEXT, NOT_GOOGLES, NOT_SHARED, TOO_LARGE


@pytest.fixture(scope="module")
def listening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalGoogle]:
    with LocalGoogle(tmp_path_factory.mktemp("google")) as local:
        yield local


@pytest.fixture
def google(listening: LocalGoogle) -> LocalGoogle:
    listening.service.folder.keep(SHEET_ID, [["job_id", "name"], ["a", "A"]])
    (listening.service.folder.path / "rules.txt").write_text("[defaults]\n", encoding="utf-8")
    listening.service.faults.wishes.clear()
    listening.service.calls.clear()
    return listening


@pytest.fixture
def secret(google: LocalGoogle) -> OneSecret:
    return OneSecret(google.service.key)


@pytest.fixture
def account(google: LocalGoogle, secret: OneSecret) -> GoogleAccount:
    return account_of(secret, google.url)


@pytest.fixture(scope="module")
def kept(listening: LocalGoogle) -> GoogleAccount:
    """One for all tests that need no key of their own: making the clients is what takes time."""
    return account_of(OneSecret(listening.service.key), listening.url)


@pytest.fixture(scope="module")
def drive(kept: GoogleAccount) -> GoogleDrive:
    return GoogleDrive(kept)


@pytest.fixture(scope="module")
def sheet(kept: GoogleAccount) -> GoogleSheet:
    return GoogleSheet(kept, sheet_id=SHEET_ID)


@pytest.mark.parametrize(
    ("wish", "kind", "reason"),
    [
        ({"status": 403, "reason": "insufficientFilePermissions"}, Refused, NOT_SHARED),
        ({"status": 403, "reason": "accessNotConfigured"}, Refused, API_OFF),
        ({"status": 403, "reason": "fileNotExportable"}, Refused, NOT_GOOGLES),
        ({"status": 403, "reason": "exportSizeLimitExceeded"}, Refused, TOO_LARGE),
        ({"status": 403, "reason": "userRateLimitExceeded"}, RateLimited, "rate_limited"),
        ({"status": 429, "reason": "rateLimitExceeded"}, RateLimited, "rate_limited"),
        ({"status": 400, "reason": "invalid"}, Refused, "400"),
        ({"status": 410, "reason": "gone"}, Refused, "410"),
        ({"status": 408}, Unanswered, "408"),
        ({"status": 500, "reason": "backendError"}, Unanswered, "500"),
        ({"status": 503}, Unanswered, "503"),
    ],
)
def test_each_answer_is_told_in_our_words(
    google: LocalGoogle, drive: GoogleDrive, wish: dict[str, Any], kind: type[OutsideError], reason: str
) -> None:
    google.service.faults.add(call="files.export", kind="status", **wish)
    with pytest.raises(kind) as raised:
        drive.export(TABLE)
    assert raised.value.reason == reason
    assert google.service.calls.count("files.export") == 1


def test_the_other_form_of_errors_is_understood_too(google: LocalGoogle, sheet: GoogleSheet) -> None:
    for status, reason, expected in ((403, "", NOT_SHARED), (403, "SERVICE_DISABLED", API_OFF), (429, "RATE_LIMIT_EXCEEDED", "")):
        google.service.faults.add(call="spreadsheets.get", kind="status", status=status, reason=reason)
        with pytest.raises(OutsideError) as raised:
            sheet.read()
        assert raised.value.reason == (expected or "rate_limited")


def test_google_may_say_how_long_to_wait(google: LocalGoogle, drive: GoogleDrive) -> None:
    for said, seconds in (("7", 7.0), ("", 60.0), ("Wed, 21 Oct 2026 07:28:00 GMT", 60.0)):
        google.service.faults.add(call="files.get", kind="status", status=429, retry_after=said)
        with pytest.raises(RateLimited) as raised:
            drive.version(TABLE)
        assert raised.value.retry_after_seconds == seconds


def test_an_append_whose_connection_is_closed_is_not_sent_again(google: LocalGoogle, sheet: GoogleSheet) -> None:
    sheet.read()  # the connection is an old one now, which is what tempts a client to send again
    google.service.faults.add(call="spreadsheets.batchUpdate", kind="lost")
    with pytest.raises(Unanswered):
        sheet.append(("new", "New"))
    assert google.service.calls.count("spreadsheets.batchUpdate") == 1
    assert [row[0] for row in sheet.read()] == ["job_id", "a", "new"]


def test_silence_ends_after_the_timeout(google: LocalGoogle, drive: GoogleDrive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(google_account, "TIMEOUT", (0.5, 0.1))
    google.service.faults.add(call="files.get", kind="timeout", seconds=0.3)
    with pytest.raises(Unanswered, match="ReadTimeout"):
        drive.version(TABLE)


def test_nobody_there_is_no_answer(secret: OneSecret) -> None:
    away = account_of(secret, "http://127.0.0.1:9/")
    with pytest.raises(Unanswered):
        GoogleDrive(away).version(TABLE)


@pytest.mark.parametrize("kind", ["no_json", "empty", "html", "no_text"])
def test_a_broken_answer_is_no_answer(google: LocalGoogle, drive: GoogleDrive, sheet: GoogleSheet, kind: str) -> None:
    google.service.faults.add(call="files.get", kind=kind)
    with pytest.raises(Unanswered):
        drive.version(TABLE)
    google.service.faults.add(call="values.get", kind=kind)
    with pytest.raises(Unanswered):
        sheet.read()


def test_an_export_comes_as_it_is_and_whoever_asked_judges_it(google: LocalGoogle, drive: GoogleDrive) -> None:
    for kind, text in (("empty", ""), ("truncated", "job_id,n")):
        google.service.faults.add(call="files.export", kind=kind)
        assert drive.export(TABLE) == text
    google.service.faults.add(call="files.export", kind="no_text")
    with pytest.raises(Refused) as raised:
        drive.export(TABLE)
    assert raised.value.reason == NO_TEXT


def test_a_document_of_another_kind_is_refused_with_its_kind(drive: GoogleDrive) -> None:
    with pytest.raises(Refused) as raised:
        drive.version(Source(id=RULES_ID, key="jobs.csv", name="job list", kind="sheet"))
    assert raised.value.reason == NOT_GOOGLES
    assert "application/vnd.google-apps.document" in raised.value.detail


# --- the key -------------------------------------------------------------------------------------


def test_a_token_that_was_revoked_is_asked_for_anew(google: LocalGoogle, account: GoogleAccount) -> None:
    drive = GoogleDrive(account)
    drive.version(TABLE)
    google.service.tokens.revoke()
    drive.version(TABLE)
    assert google.service.calls.count("token") == 2


def test_after_hanging_up_the_token_still_counts(google: LocalGoogle, account: GoogleAccount) -> None:
    drive = GoogleDrive(account)
    drive.version(TABLE)
    account.hang_up()
    drive.version(TABLE)
    assert google.service.calls.count("token") == 1


def test_one_token_serves_many_calls(google: LocalGoogle, account: GoogleAccount) -> None:
    drive = GoogleDrive(account)
    for _ in range(3):
        drive.version(TABLE)
        drive.export(RULES)
    assert google.service.calls.count("token") == 1


def test_a_key_that_google_does_not_know_is_refused_and_read_again(
    secret: OneSecret, account: GoogleAccount, tmp_path: Path
) -> None:
    right = secret.key
    secret.key = service_account(tmp_path / "other.json", token_uri=json.loads(right)["token_uri"])
    drive = GoogleDrive(account)
    with pytest.raises(Refused) as raised:
        drive.version(TABLE)
    assert (raised.value.reason, raised.value.detail) == (BAD_KEY, "invalid_grant: Invalid JWT Signature.")
    secret.key = right
    assert drive.version(TABLE)


@pytest.mark.parametrize("wrong", ["", "no json", "[]", "{}", '{"type": "service_account", "private_key": "-----BEGIN SECRET"}'])
def test_a_secret_that_is_no_key_is_told_without_what_it_holds(secret: OneSecret, account: GoogleAccount, wrong: str) -> None:
    right, secret.key = secret.key, wrong
    drive = GoogleDrive(account)
    with pytest.raises(Refused) as raised:
        drive.version(TABLE)
    assert raised.value.reason == NO_KEY
    assert "SECRET" not in str(raised.value)
    assert drive.account == ""
    secret.key = right
    assert drive.version(TABLE)


def test_trouble_at_the_token_endpoint_passes(
    google: LocalGoogle, account: GoogleAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)  # google-auth waits a second or two between its three tries
    google.service.faults.add(call="token", kind="status", status=503, times=3)
    with pytest.raises(Unanswered):
        GoogleDrive(account).version(TABLE)
    assert GoogleDrive(account).version(TABLE)


def test_nothing_of_the_key_or_a_token_is_logged(
    google: LocalGoogle, account: GoogleAccount, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    google.service.faults.add(call="files.export", kind="status", status=403)
    with pytest.raises(Refused):
        GoogleDrive(account).export(TABLE)
    GoogleDrive(account).version(TABLE)
    logged = caplog.text
    private = json.loads(google.service.key)["private_key"].splitlines()[1]
    assert private not in logged
    assert "ya29." not in logged
    assert "assertion=" not in logged


def test_only_the_addresses_of_the_two_apis_are_turned(secret: OneSecret) -> None:
    there: Any = account_of(secret)
    turned: Any = account_of(secret, "http://127.0.0.1:1/")
    assert there.api("sheets", "v4").spreadsheets().get(spreadsheetId="i").uri.startswith("https://sheets.googleapis.com/v4/")
    assert (
        there.api("drive", "v3", "drive/v3/")
        .files()
        .get(fileId="i")
        .uri.startswith("https://www.googleapis.com/drive/v3/files/i")
    )
    assert turned.api("sheets", "v4").spreadsheets().get(spreadsheetId="i").uri.startswith("http://127.0.0.1:1/v4/spreadsheets/i")
    assert turned.api("drive", "v3", "drive/v3/").files().get(fileId="i").uri.startswith("http://127.0.0.1:1/drive/v3/files/i")


def test_ranges_are_named_as_google_names_them() -> None:
    assert [letters(number) for number in (1, 26, 27, 52, 702, 703)] == ["A", "Z", "AA", "AZ", "ZZ", "AAA"]
    assert quoted("Ana's jobs") == "'Ana''s jobs'"
