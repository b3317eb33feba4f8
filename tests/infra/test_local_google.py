"""The stand-in for Google's two APIs: strict where Google is, over files that people edit."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.auth import crypt, jwt

from infra.local.google.account import AUDIENCE, GRANT, service_account
from infra.local.google.files import SHEET_ID, Folder, as_exported
from infra.local.google.server import LocalGoogle
from infra.local.google.sheets import FIELDS
from infra.local.google.watch import Watch

pytestmark = pytest.mark.thorough  # what the deployed function meets is tested with it, by the adapters' contract

SCOPES = "https://www.googleapis.com/auth/drive.readonly https://www.googleapis.com/auth/spreadsheets"


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalGoogle]:
    with LocalGoogle(tmp_path_factory.mktemp("google")) as local:
        (local.service.folder.path / "jobs.csv").write_text("job_id,name\na,A\n", encoding="utf-8")
        yield local


def ask(google: LocalGoogle, path: str, token: str = "", body: bytes | None = None) -> tuple[int, Any]:
    request = urllib.request.Request(google.url + path, data=body)  # noqa: S310 - our own address
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own address
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.loads(refused.read())


def token_of(google: LocalGoogle, scopes: str = SCOPES, **claims: object) -> tuple[int, dict[str, str]]:
    key = json.loads(google.service.key)
    now = int(time.time())
    told = {"iss": key["client_email"], "aud": AUDIENCE, "iat": now, "exp": now + 600, "scope": scopes, **claims}
    assertion = jwt.encode(crypt.RSASigner.from_service_account_info(key), told).decode()
    form = urllib.parse.urlencode({"grant_type": GRANT, "assertion": assertion}).encode()
    status, answer = ask(google, "token", body=form)
    return status, answer


@pytest.fixture(scope="module")
def token(google: LocalGoogle) -> str:
    return token_of(google)[1]["access_token"]


def change(google: LocalGoogle, token: str, *requests: Any) -> tuple[int, Any]:
    return ask(google, f"v4/spreadsheets/{SHEET_ID}:batchUpdate", token, json.dumps({"requests": requests}).encode())


def test_nobody_is_let_in_without_a_token_of_its_own(google: LocalGoogle) -> None:
    for token in ("", "ya29.guessed"):
        assert ask(google, f"drive/v3/files/{SHEET_ID}", token)[0] == 401


def test_a_token_opens_what_its_scopes_say(google: LocalGoogle) -> None:
    reader = token_of(google, "https://www.googleapis.com/auth/drive.readonly")[1]["access_token"]
    assert ask(google, f"drive/v3/files/{SHEET_ID}", reader)[0] == 200
    assert ask(google, f"v4/spreadsheets/{SHEET_ID}?fields={FIELDS}", reader)[0] == 403


def test_only_what_the_account_signed_is_granted(google: LocalGoogle) -> None:
    assert token_of(google)[0] == 200
    assert token_of(google, iss="someone@else.example")[1]["error"] == "invalid_grant"
    assert token_of(google, exp=int(time.time()) - 3600)[1]["error"] == "invalid_grant"
    assert ask(google, "token", body=b"grant_type=x&assertion=y")[0] == 400


@pytest.mark.parametrize(
    "value",
    [{"formulaValue": "=1+1"}, {"numberValue": 1}, {"boolValue": True}, {"stringValue": "a", "numberValue": 1}],
)
def test_nothing_but_text_is_kept(google: LocalGoogle, token: str, value: dict[str, Any]) -> None:
    row = {"values": [{"userEnteredValue": value}]}
    assert change(google, token, {"appendCells": {"sheetId": 0, "rows": [row], "fields": "userEnteredValue"}})[0] == 400


def test_a_batch_is_carried_out_whole_or_not_at_all(google: LocalGoogle, token: str) -> None:
    row = {"values": [{"userEnteredValue": {"stringValue": "b"}}]}
    good = {"appendCells": {"sheetId": 0, "rows": [row], "fields": "userEnteredValue"}}
    away = {
        "updateCells": {"start": {"sheetId": 0, "rowIndex": 5000, "columnIndex": 0}, "rows": [row], "fields": "userEnteredValue"}
    }
    for bad in (away, {"appendCells": {"sheetId": 9}}, {"deleteSheet": {"sheetId": 0}}):
        assert change(google, token, good, bad)[0] == 400
    assert change(google, token)[0] == 400
    assert google.service.folder.text(SHEET_ID) == "job_id,name\na,A\n"


@pytest.mark.parametrize("span", ["A1:B2", "'Jobs'!A1:ZZ2000", "'Other'!A1:B2", "'Jobs'"])
def test_ranges_are_of_the_tab_and_within_its_grid(google: LocalGoogle, token: str, span: str) -> None:
    query = "majorDimension=ROWS&valueRenderOption=FORMATTED_VALUE"
    assert ask(google, f"v4/spreadsheets/{SHEET_ID}/values/{urllib.parse.quote(span)}?{query}", token)[0] == 400


def test_faults_can_be_asked_for_from_outside(google: LocalGoogle, token: str) -> None:
    wish = [{"call": "files.get", "kind": "status", "status": 503}]
    request = urllib.request.Request(f"{google.url}_local/faults", data=json.dumps(wish).encode())  # noqa: S310 - our own
    urllib.request.urlopen(request, timeout=5).close()  # noqa: S310 - our own address
    assert ask(google, f"drive/v3/files/{SHEET_ID}", token)[0] == 503
    assert ask(google, f"drive/v3/files/{SHEET_ID}", token)[0] == 200


# --- the files -----------------------------------------------------------------------------------


def test_a_sheet_with_semicolons_stays_one(tmp_path: Path) -> None:
    (tmp_path / "jobs.csv").write_text("\ufeffjob_id;name\na;A, the first\n", encoding="utf-8")
    folder = Folder(tmp_path)
    cells = folder.cells(folder.text(SHEET_ID) or "")
    folder.keep(SHEET_ID, [*cells, ["b", "B"]])
    assert (tmp_path / "jobs.csv").read_text(encoding="utf-8") == "job_id;name\na;A, the first\nb;B\n"


def test_an_export_has_rows_of_one_width(tmp_path: Path) -> None:
    assert as_exported(Folder(tmp_path).cells("job_id,name,target\na\n\nb,B\n")) == "job_id,name,target\r\na,,\r\n,,\r\nb,B,"


def test_an_edit_by_hand_starts_a_sync_once_it_is_finished_and_our_own_writing_does_not(tmp_path: Path) -> None:
    file = tmp_path / "jobs.csv"
    file.write_text("job_id,name\n", encoding="utf-8")
    folder, started = Folder(tmp_path), []
    watch = Watch(folder, lambda: started.append(1))
    watch.look()
    file.write_text("job_id,name\na,", encoding="utf-8")
    watch.look()
    file.write_text("job_id,name\na,A\n", encoding="utf-8")
    watch.look()
    assert started == []
    watch.look()
    watch.look()
    assert started == [1]
    folder.keep(SHEET_ID, [["job_id", "name"], ["b", "B"]])
    watch.look()
    watch.look()
    assert started == [1]


def test_the_account_keeps_its_key_and_learns_where_tokens_are_had(tmp_path: Path) -> None:
    first = json.loads(service_account(tmp_path / "key.json", token_uri="http://127.0.0.1:1/token"))  # noqa: S106 - an address
    second = json.loads(service_account(tmp_path / "key.json", token_uri="http://127.0.0.1:2/token"))  # noqa: S106 - an address
    assert first["private_key"] == second["private_key"]
    assert second["token_uri"] == "http://127.0.0.1:2/token"
    assert (tmp_path / "key.json").stat().st_mode & 0o077 == 0


def test_a_file_that_may_not_be_written_is_a_sheet_shared_for_reading_alone(google: LocalGoogle, token: str) -> None:
    sheet = google.service.folder.path / "jobs.csv"
    may = f"drive/v3/files/{SHEET_ID}?fields=capabilities(canEdit)"
    row = {"appendCells": {"sheetId": 0, "rows": [{"values": []}], "fields": "userEnteredValue"}}
    assert ask(google, may, token) == (200, {"capabilities": {"canEdit": True}})

    sheet.chmod(0o444)
    try:
        assert ask(google, may, token) == (200, {"capabilities": {"canEdit": False}})
        assert change(google, token, row)[0] == 403
    finally:
        sheet.chmod(0o644)
