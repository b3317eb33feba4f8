"""The pieces of `make up` that can be judged without starting the cloud."""

import io
import os
import signal
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from infra.local.children import Child, StartError, check_port
from infra.local.stack import ROOT, zip_source
from infra.local.up import aws_environ, function_url, plan


def test_nothing_needs_to_be_set() -> None:
    what = plan({})

    assert (what.aws, what.slack, what.own_slack) == (
        "http://127.0.0.1:4700",
        "http://127.0.0.1:4701/api/",
        "http://127.0.0.1:4701",
    )
    assert what.watched == ["acme-backups", "acme-nas"]
    assert what.json == ROOT / ".run" / "up.json"


def test_another_slack_is_taken_instead_of_ours() -> None:
    what = plan({"SLACK_API_URL": "http://127.0.0.1:9/api", "WATCHED_BUCKETS": "one, two"})

    assert (what.slack, what.own_slack) == ("http://127.0.0.1:9/api/", "")
    assert what.watched == ["one", "two"]


@pytest.mark.parametrize("port", ["80", "70000", "http"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(StartError, match=f"AWS_PORT is '{port}'; it wants a port number from 1024 to 65535"):
        plan({"AWS_PORT": port})


def test_functions_see_nothing_of_the_shell_that_started_them() -> None:
    seen = aws_environ(plan({}), {"PATH": "/bin", "SLACK_BOT_TOKEN": "xoxb-1", "AWS_CA_BUNDLE": "/x", "PYTHONPATH": "/y"})

    assert not {"SLACK_BOT_TOKEN", "AWS_CA_BUNDLE", "PYTHONPATH"} & seen.keys()
    assert (seen["AUTH"], seen["SLACK_API_URL"]) == ("true", "http://127.0.0.1:4701/api/")


def test_a_function_url_is_reached_through_the_local_port() -> None:
    url = function_url(plan({"AWS_PORT": "4800"}), "https://abc123.lambda-url.ap-southeast-1.on.aws/")

    assert url == "http://127.0.0.1:4800/_aws/lambda-url/abc123/"


def test_a_port_in_use_is_told_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(StartError, match=rf"Port {port}, meant for the local AWS, .*set AWS_PORT={port + 10}"):
            check_port(port, "the local AWS", "AWS_PORT")


def test_the_artifact_holds_our_source_alone_and_the_same_source_makes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("bolt_app/a.py", "bolt_app/__pycache__/a.pyc", "listeners/b.py", "workflows/c.py", "tests/d.py", ".env"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    first = zip_source(tmp_path)
    os.utime(tmp_path / "listeners/b.py", (0, 0))

    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.namelist() == ["bolt_app/a.py", "listeners/b.py", "workflows/c.py"]
    assert zip_source(tmp_path) == first


def test_a_child_that_ends_by_itself_is_told_with_its_last_words(tmp_path: Path) -> None:
    child = Child("The thing", "infra.local.nothing", [], environ=os.environ, log=tmp_path / "log", root=ROOT)
    try:
        with pytest.raises(
            StartError, match=r"(?s)The thing ended by itself with code 1\..*No module named infra\.local\.nothing"
        ):
            child.wait_until_ready("http://127.0.0.1:9/")
    finally:
        child.stop()


def test_a_child_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    sleeper = tmp_path / "sleeper.py"
    sleeper.write_text("import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)\n")
    starter = (
        "import os, subprocess, sys, time\n"
        "subprocess.Popen([sys.executable, '-m', 'infra.local.tied', 'sleeper'], stdin=subprocess.PIPE)\n"
        "time.sleep(60)\n"
    )
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    with subprocess.Popen(
        [sys.executable, "-c", starter], stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}
    ) as process:
        assert process.stdout
        child = int(process.stdout.readline())

        os.kill(process.pid, signal.SIGKILL)

        assert _ends(child)


def _ends(pid: int) -> bool:
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists() or "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text(encoding="utf-8"):
            return True
        time.sleep(0.05)
    return False
