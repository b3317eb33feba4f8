"""Slack and Google beside the simulated day: `python -m bench.bill.outside FOLDER PEOPLE` prints their addresses, until SIGTERM.

A process of their own, so that what they compute is not counted. They live in real time; the one they are asked by does not.
"""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from google.auth import jwt

from infra.local.google.server import LocalGoogle
from infra.local.slack.people import BOT_USER
from infra.local.slack.server import LocalSlack
from infra.local.slack.service import Options
from workflows.kernel.ports import Json

TOKEN, SIGNING_SECRET, TEAM, CHANNEL = "xoxb-bench", "bench", "T0LOCAL", "C0BACKUPS"


def user_of(email: str) -> str:
    return f"U0{email.partition('@')[0].upper()}"


def _people(emails: list[str], file: Path) -> Path:
    people = [
        {"id": user_of(one), "name": one.partition("@")[0], "email": one, "tz": "UTC", "tz_offset": 0, "admin": place == 0}
        for place, one in enumerate(emails)
    ]
    channel = {"id": CHANNEL, "name": "backups", "members": [*(user_of(one) for one in emails), BOT_USER]}
    file.write_text(json.dumps({"people": people, "channels": [channel]}), encoding="utf-8")
    return file


@contextmanager
def beside(folder: Path, emails: list[str]) -> Iterator[Json]:
    """Runs them; gives their addresses, and the key that Google's knows."""
    (folder / "drive").mkdir()
    command = [sys.executable, "-m", "bench.bill.outside", str(folder), ",".join(emails)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as there:
        assert there.stdout is not None  # noqa: S101 - for the types: a pipe was asked for
        try:
            yield json.loads(there.stdout.readline())
        finally:
            there.terminate()


def main() -> None:
    folder, emails = Path(sys.argv[1]), sys.argv[2].split(",")
    setattr(jwt, "_verify_iat_and_exp", lambda *_: None)  # noqa: B010 - whoever asks lives on another day
    options = Options(
        bot_token=TOKEN,
        signing_secret=SIGNING_SECRET,
        team=TEAM,
        people=_people(emails, folder / "people.json"),
        posts_per_second=0,
        page=lambda: "nobody looks",
    )
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with LocalSlack(options) as slack, LocalGoogle(folder / "drive") as google:
        print(json.dumps({"slack": slack.api_url, "google": google.url, "key": google.service.key}), flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
