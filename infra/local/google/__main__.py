"""`python -m infra.local.google`: Drive and Sheets over the files of a folder, until told to stop."""

import argparse
import signal
import sys
import threading
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.google.server import LocalGoogle
from infra.local.google.watch import LOOK_SECONDS, Watch
from infra.local.stack import REGION

FUNCTION = "bk-drive-sync"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.local.google", description=__doc__)
    parser.add_argument("--port", type=int, default=4703, help="0 takes a free one")
    parser.add_argument("--folder", type=Path, required=True, help="where jobs.csv, rules.txt and voice.txt lie")
    parser.add_argument("--aws", default="", help=f"the AWS whose {FUNCTION} is started when a file was edited")
    told = parser.parse_args(arguments)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stop.set())
    try:
        google = LocalGoogle(told.folder, port=told.port)
    except OSError as wrong:
        print(f"the local Google does not start: {wrong}", file=sys.stderr)
        return 1
    watch = Watch(google.service.folder, lambda: start(told.aws) if told.aws else None)
    with google:
        print(f"local Google at {google.url} over {told.folder}", flush=True)
        while not stop.wait(LOOK_SECONDS):
            watch.look()
    return 0


def start(aws: str) -> None:
    """Has a sync begin; when that fails, the schedule's will do."""
    config = Config(retries={"mode": "standard", "total_max_attempts": 2}, connect_timeout=2, read_timeout=10)
    functions = boto3.Session("test", "test", region_name=REGION).client("lambda", endpoint_url=aws, config=config)
    try:
        functions.invoke(FunctionName=FUNCTION, InvocationType="Event", Payload=b'{"mode":"sync"}')
    except (BotoCoreError, ClientError) as error:
        print(f"{FUNCTION} could not be started: {error}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
