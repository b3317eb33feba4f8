"""Real clients, unchanged, on the local stack with the roles enforced: borgmatic, curl, healthchecks_io, and our own script."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bolt_app.adapters.dynamodb_check_ins import DynamoCheckIns
from infra.local.furniture import CHANNEL
from infra.local.slack.testing import People
from infra.local.stack import ROOT
from tests.e2e.local_stack import LocalStack
from tests.e2e.waiting import actions, state_of, until
from workflows.backup.heartbeat import Keys, read_keys
from workflows.backup.ports import CheckIn

pytestmark = pytest.mark.e2e

ADMIN = "U0ANA"


@pytest.fixture(scope="module")
def keys(stack: LocalStack) -> Keys:
    vault = stack.session.client("secretsmanager", endpoint_url=stack.aws)
    return read_keys(vault.get_secret_value(SecretId="bk/heartbeat/keys")["SecretString"])


def recorded(stack: LocalStack, job_id: str) -> list[CheckIn]:
    return DynamoCheckIns(stack.dynamodb, table="bk-heartbeats").since(job_id, None)


def run(*command: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    told = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(command, env=told | environ, capture_output=True, text=True, timeout=60, check=False)


def curl(*arguments: str) -> str:
    """The body, and the status on the last line."""
    done = run("curl", "-sS", "-m", "20", "-w", "\n%{http_code}", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


# --- borgmatic -----------------------------------------------------------------------------------


def borgmatic(folder: Path, ping_url: str) -> "subprocess.CompletedProcess[str]":
    """Runs a backup as the Debian package does it, with nothing but a ping_url to tell us."""
    config = folder / "config.yaml"
    config.write_text(
        f"""\
location:
    source_directories: [{folder}/source]
    repositories: [{folder}/repository]
storage:
    unknown_unencrypted_repo_access_is_ok: true
hooks:
    healthchecks:
        ping_url: {ping_url}
"""
    )
    return run("borgmatic", "--config", str(config), "create", "--list", "--stats", HOME=str(folder), LANG="C.UTF-8")


def test_borgmatic_pings_start_success_and_failure_and_its_log_is_kept(stack: LocalStack, keys: Keys, tmp_path: Path) -> None:
    assert shutil.which("borgmatic"), "the Debian package borgmatic is missing"
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "ledger.txt").write_text("figures")
    run("borg", "init", "-e", "none", str(tmp_path / "repository"), HOME=str(tmp_path))
    ping_url = f"{stack.heartbeat_url}{keys.path_of('borg-ledger')}/borg-ledger"

    good = borgmatic(tmp_path, ping_url)
    assert good.returncode == 0, good.stderr
    start, success = recorded(stack, "borg-ledger")
    assert (start.outcome, success.outcome) == ("start", "ok")
    assert "ledger.txt" in success.note

    shutil.rmtree(tmp_path / "repository")
    bad = borgmatic(tmp_path, ping_url)
    assert bad.returncode != 0
    failure = recorded(stack, "borg-ledger")[-1]
    assert failure.outcome == "failed"
    assert "does not exist" in failure.note
    assert failure.weak


# --- curl, Python, and our own script ------------------------------------------------------------


def test_plain_curl_says_everything_there_is_to_say(stack: LocalStack, keys: Keys) -> None:
    url = f"{stack.heartbeat_url}{keys.path_of('curled')}/curled"
    rid = "728b3763-be66-4f9a-b95c-6d9a5b4f1d2e"

    assert curl(f"{url}/start?rid={rid}") == "OK\n200"
    assert curl("--data-raw", "tar: removing leading /", f"{url}?rid={rid}&size=1.2GB") == "OK\n200"
    assert curl("-d", "size=500MB&note=quick", f"{url}") == "OK\n200"
    assert curl("-X", "POST", "-H", "content-type: application/json", "-d", '{"size": 7}', f"{url}/3") == "OK\n200"
    assert curl("-I", "-o", os.devnull, url) == "\n200"
    assert "not counted" in curl("-A", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", url)
    assert curl(f"{stack.heartbeat_url}{'0' * 32}/curled") == "not found\n404"

    said = [(one.outcome, one.size, one.note) for one in recorded(stack, "curled")]
    assert said == [
        ("start", None, ""),
        ("ok", 1_200_000_000, "tar: removing leading /"),
        ("ok", 500_000_000, "quick"),
        ("failed", 7, '{"size": 7}'),
    ]


PYTHON_CLIENT = """
import sys
from healthchecks_io import CheckTrap, Client

client = Client(ping_key=sys.argv[2], ping_url=sys.argv[1])
print(client.start_ping(slug="trapped"))
print(client.success_ping(slug="trapped", data="size=3MB"))
print(client.exit_code_ping(2, slug="trapped", data="no space left"))
with CheckTrap(client, slug="trapped") as trap:
    trap.add_log("about to break")
    raise RuntimeError("boom")
"""


def test_pythons_client_pings_by_key_and_name(stack: LocalStack, keys: Keys) -> None:
    done = run(sys.executable, "-c", PYTHON_CLIENT, stack.heartbeat_url, keys.path_of("trapped"))

    assert done.stdout == "(True, 'OK')\n" * 3, done.stderr
    assert "RuntimeError: boom" in done.stderr
    said = [(one.outcome, one.size) for one in recorded(stack, "trapped")]
    assert said == [("start", None), ("ok", 3_000_000), ("failed", None), ("start", None), ("failed", None)]
    assert "about to break" in recorded(stack, "trapped")[-1].note


def test_our_own_script_signs_what_a_wrapped_backup_says(stack: LocalStack, keys: Keys, tmp_path: Path) -> None:
    target = tmp_path / "dump"
    backup = ["sh", "-c", f"printf 12345 >{target}; exit 1"]
    done = run(
        *("sh", str(ROOT / "clients" / "backup-checkin.sh"), "-p", str(target), "--", *backup),
        BACKUP_CHECKIN_URL=stack.heartbeat_url,
        BACKUP_CHECKIN_JOB="scripted",
        BACKUP_CHECKIN_KEY=keys.of("scripted"),
        BACKUP_CHECKIN_SPOOL=str(tmp_path / "spool"),
    )

    assert (done.returncode, done.stderr) == (1, "")
    ended = next(one for one in recorded(stack, "scripted") if one.outcome != "start")
    assert (ended.outcome, ended.size, ended.note, ended.weak) == ("failed", 5, "exit code 1", False)


# --- a new job, and its own key ------------------------------------------------------------------


def test_an_unknown_job_becomes_one_card_and_after_approval_its_own_key_works(stack: LocalStack, keys: Keys) -> None:
    people = People(stack.page)
    enrolling = f"{stack.heartbeat_url}{keys.enrolment_path}/attic-tapes"

    assert curl(enrolling).endswith("404")
    assert curl("-d", "size=1.5GB", f"{enrolling}?create=1").startswith("OK\n")
    assert curl("-d", "size=1.6GB", f"{enrolling}?create=1").startswith("OK\n")
    card = until(20, lambda: cards(people, "attic-tapes"), "its card is in the channel")
    people.press(ADMIN, "proposal_approve", channel=CHANNEL, ts=card[0]["ts"])
    until(40, lambda: state_of(stack, "attic-tapes") == "all_green", "it is on the list, and what it said before counts")
    assert len(cards(people, "attic-tapes")) == 1

    assert "use this job's own key" in curl(enrolling)
    people.command(ADMIN, "/backup", "key attic-tapes")
    shown = until(20, lambda: whispered(people, "The heartbeat key of"), "the key is shown to the asker alone")
    (address,) = re.findall(rf"{re.escape(stack.heartbeat_url)}[0-9a-f]{{32}}/attic-tapes", shown)
    assert curl(f"{address}/1") == "OK\n200"
    until(20, lambda: state_of(stack, "attic-tapes") == "alert", "the failure is seen")
    assert "key_show" in actions(stack, "attic-tapes")


def cards(people: People, words: str) -> list[dict[str, str]]:
    return [message for message in people.messages(channel=CHANNEL) if words in message["shown"]]


def whispered(people: People, words: str) -> str:
    found = [json.dumps(message) for message in people.ephemerals(user=ADMIN) if words in json.dumps(message)]
    return found[-1] if found else ""


def test_a_key_is_exchanged_once_for_each_request_and_the_path_form_switched_off(stack: LocalStack, keys: Keys) -> None:
    def ask(action: str, event_id: str) -> None:
        gone = f"{stack.page}actions/T0LOCAL/gone"
        detail = {"v": 1, "job_id": "rotated-db", "action": action, "response_url": gone, "by": ADMIN}
        text = json.dumps({**detail, "id": event_id})
        stack.bus.put_events(Entries=[{"Source": "backup-sentinel", "DetailType": "bk.key", "Detail": text}])

    def now() -> Keys:
        vault = stack.session.client("secretsmanager", endpoint_url=stack.aws)
        return read_keys(vault.get_secret_value(SecretId="bk/heartbeat/keys")["SecretString"])

    before = f"{stack.heartbeat_url}{keys.path_of('rotated-db')}/rotated-db"
    assert curl(before) == "OK\n200"
    ask("rotate", "one")
    ask("rotate", "one")
    until(20, lambda: actions(stack, "rotated-db").count("key_rotate") == 1, "it is exchanged, and audited")
    ask("path_off", "two")
    until(20, lambda: "rotated-db" in now().path_off, "the path form is switched off")

    assert now().generations["rotated-db"] == 2
    assert now().of("attic-tapes") == keys.of("attic-tapes")
