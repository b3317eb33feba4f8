"""clients/backup-checkin.sh, run by the shells that machines have, against the front door itself."""

import json
import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.local.stack import ROOT
from tests.clients.served_desk import ServedDesk, served
from tests.flows.desk import ENROLMENT, JOB, KEYS
from workflows.backup.ports import CheckIn

pytestmark = pytest.mark.thorough

SCRIPT = ROOT / "clients" / "backup-checkin.sh"
SHELLS = ("dash", "bash")
in_every_shell = pytest.mark.parametrize("shell", SHELLS)
NOWHERE = "http://127.0.0.1:9/"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def desk() -> Iterator[ServedDesk]:
    with served() as desk:
        yield desk


@pytest.fixture
def shell() -> str:
    return "dash"


@pytest.fixture
def run(shell: str, desk: ServedDesk, tmp_path: Path) -> Run:
    """Runs the script as a backup machine would: its settings in the environment, its spool in a folder of its own."""

    def run(*arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        told = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "BACKUP_CHECKIN_URL": desk.url,
            "BACKUP_CHECKIN_JOB": JOB,
            "BACKUP_CHECKIN_KEY": KEYS.of(JOB),
            "BACKUP_CHECKIN_SPOOL": str(tmp_path / "spool"),
        }
        command = [shutil.which(shell) or shell, str(SCRIPT), *arguments]
        return subprocess.run(command, env=told | environ, capture_output=True, text=True, timeout=60, check=False)

    return run


def outcomes(desk: ServedDesk, job_id: str = JOB) -> list[tuple[str, int | None]]:
    """Outcome and size; starts first, since what is signed within one second is in no order."""
    said = [(one.outcome, one.size) for one in desk.recorded(job_id)]
    return sorted(said, key=lambda one: one[0] != "start")


def end(desk: ServedDesk) -> CheckIn:
    (ended,) = (one for one in desk.recorded() if one.outcome != "start")
    return ended


def waiting(tmp_path: Path, job_id: str = JOB) -> list[Path]:
    return sorted((tmp_path / "spool" / job_id).glob("*.json"))


def test_shellcheck_finds_nothing() -> None:
    assert shutil.which("shellcheck"), "the Debian package shellcheck is missing"
    done = subprocess.run(["shellcheck", str(SCRIPT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@in_every_shell
def test_one_check_in_is_signed_taken_and_silent(run: Run, desk: ServedDesk) -> None:
    done = run("-s", "1.2 GB", "-n", 'all 42 "tables"\nof C:\\data — gut', "ok")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (check_in,) = desk.recorded()
    assert (check_in.outcome, check_in.size, check_in.weak) == ("ok", 1_200_000_000, False)
    assert check_in.note == 'all 42 "tables" of C:\\data — gut'


@in_every_shell
@pytest.mark.parametrize(("job_id", "key"), [("søknader-æ", KEYS.of("søknader-æ")), ("new-job.v2", ENROLMENT), (JOB, "k" * 90)])
def test_any_job_and_any_key_are_signed_right(job_id: str, key: str, run: Run, desk: ServedDesk, tmp_path: Path) -> None:
    """A key of more than 64 bytes is hashed first: only the signature of another implementation tells whether that is right."""
    done = run("ok", BACKUP_CHECKIN_JOB=job_id, BACKUP_CHECKIN_KEY=key)

    assert done.returncode == 0
    if key == "k" * 90:
        ((_, headers, body),) = desk.requests
        text = f"{headers['x-backup-timestamp']}.{job_id}.".encode() + body
        expected = subprocess.run(
            ["openssl", "dgst", "-sha256", "-hmac", key, "-r"], input=text, capture_output=True, check=True
        ).stdout.split()[0]
        assert headers["x-backup-signature"] == f"v1={expected.decode()}"
        assert len(waiting(tmp_path)) == 1, "a key that does not fit today may tomorrow"
    else:
        assert outcomes(desk, job_id) == [("ok", None)]


@in_every_shell
def test_a_wrapped_command_starts_ends_and_says_its_size(run: Run, desk: ServedDesk, tmp_path: Path) -> None:
    target = tmp_path / "backup set"

    backup = 'mkdir "$1"; printf 12345 >"$1/a"; printf 678 >"$1/b"; echo out'
    done = run("-p", str(target), "--", "sh", "-c", backup, "x", str(target))

    assert (done.returncode, done.stdout, done.stderr) == (0, "out\n", "")
    assert outcomes(desk) == [("start", None), ("ok", 8)]
    assert len({one.rid for one in desk.recorded()} - {""}) == 1


@pytest.mark.parametrize(("code", "outcome"), [(0, "ok"), (1, "warning"), (2, "failed"), (255, "failed")])
def test_the_commands_exit_code_is_ours_and_says_how_it_ended(code: int, outcome: str, run: Run, desk: ServedDesk) -> None:
    done = run("-w", "1 3", "--", "sh", "-c", f"exit {code}")

    assert done.returncode == code
    assert [said for said, _ in outcomes(desk)] == ["start", outcome]
    assert end(desk).note == (f"exit code {code}" if code else "")


def test_a_command_that_is_killed_is_a_failure(run: Run, desk: ServedDesk) -> None:
    done = run("--", "sh", "-c", "kill -TERM $$")

    assert done.returncode == 143
    assert end(desk).outcome == "failed"


def test_a_command_that_does_not_exist_is_a_failure(run: Run, desk: ServedDesk) -> None:
    assert run("--", "no-such-backup-tool").returncode == 127
    assert end(desk).outcome == "failed"


def test_a_backup_that_left_nothing_is_zero_bytes(run: Run, desk: ServedDesk, tmp_path: Path) -> None:
    done = run("-p", str(tmp_path / "missing.dump"), "--", "true")

    assert (done.returncode, outcomes(desk)[-1]) == (0, ("ok", 0))
    assert "there is nothing at" in done.stderr


@in_every_shell
def test_offline_it_waits_for_its_owner_alone_and_is_sent_later_as_of_when_it_ended(
    run: Run, desk: ServedDesk, tmp_path: Path
) -> None:
    done = run("-s", "5", "--", "sh", "-c", "exit 3", BACKUP_CHECKIN_URL=NOWHERE)

    assert done.returncode == 3
    assert "not sent" in done.stderr
    kept = waiting(tmp_path)
    assert [json.loads(one.read_text())["status"] for one in kept] == ["start", "fail"]
    assert {stat.S_IMODE(one.stat().st_mode) for one in kept} == {0o600}
    assert stat.S_IMODE(kept[0].parent.stat().st_mode) == 0o700
    assert KEYS.of(JOB) not in "".join(one.read_text() for one in kept)

    assert run("ok").returncode == 0
    assert waiting(tmp_path) == []
    taken = desk.recorded()
    assert sorted(one.outcome for one in taken) == ["failed", "ok", "start"]
    late = next(one for one in taken if one.outcome == "failed")
    assert late.ran_at is not None
    assert abs(datetime.now(UTC) - late.ran_at) < timedelta(minutes=1)
    assert (late.size, late.note) == (5, "exit code 3")


def test_what_waits_is_bounded_and_what_is_too_old_is_dropped(run: Run, tmp_path: Path) -> None:
    spool = tmp_path / "spool" / JOB
    spool.mkdir(parents=True)
    for number in range(105):
        (spool / f"20260301T{number:06}Z-1-a.json").write_text('{"status": "ok"}')
    run("ok", BACKUP_CHECKIN_URL=NOWHERE)
    kept = waiting(tmp_path)
    assert len(kept) == 100
    assert "20260301T000005Z" not in {one.name[:16] for one in kept}

    for one in kept[:-1]:
        os.utime(one, (0, 0))
    run("flush", BACKUP_CHECKIN_URL=NOWHERE)
    assert len(waiting(tmp_path)) == 1


def test_a_server_in_trouble_gets_it_later_and_one_that_refuses_for_good_does_not(
    run: Run, desk: ServedDesk, tmp_path: Path
) -> None:
    desk.answers = [503]
    assert run("fail").returncode == 0
    assert len(waiting(tmp_path)) == 1

    assert run("flush").returncode == 0
    assert (waiting(tmp_path), outcomes(desk)) == ([], [("failed", None)])

    desk.answers = [404, 404]
    run("ok", "-x")
    assert len(desk.recorded()) == 1


def test_a_size_that_is_none_does_not_hide_how_it_went(run: Run, desk: ServedDesk) -> None:
    done = run("-s", "big", "fail")

    assert "size is" in done.stderr
    assert outcomes(desk) == [("failed", None)]


def test_only_a_plain_check_in_that_asks_for_it_fails(run: Run) -> None:
    away = {"BACKUP_CHECKIN_URL": NOWHERE}
    assert run("ok", **away).returncode == 0
    assert run("-x", "ok", **away).returncode == 1
    assert run("-x", "--", "true", **away).returncode == 0
    assert run("--", "sh", "-c", "exit 4", BACKUP_CHECKIN_SPOOL="/dev/null", **away).returncode == 4


@pytest.mark.parametrize("missing", ["BACKUP_CHECKIN_URL", "BACKUP_CHECKIN_JOB", "BACKUP_CHECKIN_KEY"])
def test_without_its_settings_the_backup_runs_all_the_same(missing: str, run: Run) -> None:
    done = run("--", "sh", "-c", "echo backed up; exit 6", **{missing: ""})

    assert (done.returncode, done.stdout) == (6, "backed up\n")
    assert "there is no" in done.stderr


def test_without_curl_and_openssl_the_backup_runs_all_the_same(run: Run, tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "cat", "date", "tr", "sed", "od", "wc", "cut", "head", "tail", "find", "sort", "mkdir", "mv", "rm", "id"):
        (tools / name).symlink_to(shutil.which(name) or "/bin/false")

    done = run("--", "sh", "-c", "exit 5", PATH=f"{tools}:/nowhere")

    assert done.returncode == 5


def test_the_key_comes_from_a_file_and_is_on_no_command_line(run: Run, desk: ServedDesk, tmp_path: Path) -> None:
    key_file = tmp_path / "key"
    key_file.write_text(KEYS.of(JOB) + "\n")
    spy = tmp_path / "bin"
    spy.mkdir()
    for name in ("curl", "openssl"):
        script = spy / name
        script.write_text(f'#!/bin/sh\necho "$0 $*" >>{tmp_path}/seen\nexec {shutil.which(name)} "$@"\n')
        script.chmod(0o755)

    run("-K", str(key_file), "ok", BACKUP_CHECKIN_KEY="", PATH=f"{spy}:{os.environ['PATH']}")

    assert outcomes(desk) == [("ok", None)]
    assert KEYS.of(JOB) not in (tmp_path / "seen").read_text()


def test_what_cannot_be_understood_shows_how_it_is_used(run: Run) -> None:
    for arguments in (("-z",), ("done",)):
        done = run(*arguments)
        assert done.returncode == 2
        assert "backup-checkin.sh [options] -- COMMAND" in done.stderr
