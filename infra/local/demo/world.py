"""`python -m infra.local.demo.world`: the sample world of a sentinel that runs here, until it is told to stop."""

import argparse
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from bolt_app.adapters.dynamodb_standings import DynamoStandings
from infra.local.demo.check_ins import Sentinel
from infra.local.demo.crm import CrmExport
from infra.local.demo.documents import put_documents
from infra.local.demo.laptop import LaptopRestic, restic_here
from infra.local.demo.orders import OrdersDump
from infra.local.demo.panel import Panel, WrongOrder
from infra.local.demo.runner import Record, Runner
from infra.local.demo.samples import CRM, LAPTOP, ORDERS, SHARED
from infra.local.demo.script import Script
from infra.local.demo.shared import SharedTar
from infra.local.demo.shown import HEAL, Seen, panel
from infra.local.slack.stored import Json
from infra.local.stack import REGION
from workflows.backup.standing import Standing
from workflows.kernel.errors import OutsideError

SAMPLES = (ORDERS, SHARED, LAPTOP, CRM)
FIRST_RUNS_SECONDS = 15
STOP_SECONDS = 8
HINT = "These backups are real: files land in the S3 of this machine every half minute or so. Break one, and see who hears of it."
WITHOUT_RESTIC = "Ana's laptop is left out, since restic is not on PATH (Debian: apt-get install restic; then start again)."


class World:
    """The backups, running; their records are kept in a file of the folder."""

    def __init__(self, folder: Path, *, documents: Path, aws: str, account: str, heartbeat_url: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._documents = documents
        self._file = folder / "world.json"
        self._writing = threading.Lock()
        session = boto3.Session("test", "test", region_name=REGION)
        config = Config(retries={"mode": "standard", "total_max_attempts": 3}, connect_timeout=5, read_timeout=20)
        s3 = session.client("s3", endpoint_url=aws, config=config)
        vault = session.client("secretsmanager", endpoint_url=aws, config=config)
        tables = session.client("dynamodb", endpoint_url=aws, config=config)
        self._standings = DynamoStandings(tables, state="bk-state", audit="bk-audit")

        restic = restic_here()
        scripts: dict[str, Script] = {
            ORDERS.id: OrdersDump(folder / "orders", s3),
            SHARED.id: SharedTar(folder / "shared", s3, Sentinel(SHARED.id, url=heartbeat_url, vault=vault)),
            CRM.id: CrmExport(Sentinel(CRM.id, url=heartbeat_url, vault=vault)),
        }
        if restic:
            place = f"s3:{aws}/{'/'.join(LAPTOP.prefix or ())}".rstrip("/")
            scripts[LAPTOP.id] = LaptopRestic(folder / "laptop", restic=restic, repository=place, region=REGION)
        self.hint = HINT if restic else f"{HINT} {WITHOUT_RESTIC}"
        self._samples = [sample for sample in SAMPLES if sample.id in scripts]
        known = self._read()
        self._runners = {
            sample.id: Runner(
                sample, scripts[sample.id], known.get(sample.id, Record()), s3=s3, account=account, changed=self._keep
            )
            for sample in self._samples
        }

    def start(self) -> None:
        """The backups first: a world that slept is late everywhere, and the sentinel would say so before it could wake."""
        for runner in self._runners.values():
            runner.start()
        for _ in range(FIRST_RUNS_SECONDS * 10):  # a job that is listed before its first run waits for a whole window
            if all(runner.record.good_runs or runner.record.ill for runner in self._runners.values()):
                break
            time.sleep(0.1)
        put_documents(
            self._documents,
            samples=self._samples,
            gone=[sample for sample in SAMPLES if sample.id not in self._runners],
        )

    def stop(self) -> None:
        for runner in self._runners.values():
            runner.stop()
        for runner in self._runners.values():
            runner.join(STOP_SECONDS)
        self._keep()

    def look(self) -> Json:
        standings = self._standings_now()
        seen = [Seen(sample=r.sample, record=r.record, standing=standings.get(name)) for name, r in self._runners.items()]
        return panel(seen, hint=self.hint, now=time.time())

    def do(self, item: str, action: str) -> None:
        """Raises WrongOrder."""
        runner = self._runners.get(item)
        if runner is None:
            raise WrongOrder(f"there is no backup {item!r}; there are {', '.join(self._runners)}")
        ill = next((one for one in runner.sample.ills if one == action), None)
        if ill is None and action != HEAL:
            raise WrongOrder(f"{item} knows no {action!r}; it knows {', '.join((*runner.sample.ills, HEAL))}")
        runner.set_ill(ill or "")

    def _standings_now(self) -> Mapping[str, Standing]:
        try:
            return self._standings.get_many([sample.id for sample in self._samples])
        except (OutsideError, ClientError, BotoCoreError):  # shown as "has not looked yet"; the page asks again in a moment
            return {}

    def _read(self) -> dict[str, Record]:
        if not self._file.exists():
            return {}
        stored: dict[str, dict[str, Any]] = json.loads(self._file.read_text(encoding="utf-8"))
        return {name: Record(**record) for name, record in stored.items()}

    def _keep(self) -> None:
        with self._writing:
            draft = self._file.with_suffix(".draft")
            draft.write_text(json.dumps({name: asdict(r.record) for name, r in self._runners.items()}), encoding="utf-8")
            draft.replace(self._file)


def main(arguments: Sequence[str] | None = None) -> int:
    told = _parser().parse_args(arguments)
    os.environ.pop("AWS_ENDPOINT_URL", None)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stop.set())
    world = World(told.folder, documents=told.documents, aws=told.aws, account=told.account, heartbeat_url=told.heartbeat_url)
    served = Panel(port=told.port, look=world.look, do=world.do)
    print(f"the sample world at {served.url}", flush=True)
    world.start()
    stop.wait()
    served.close()
    world.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.local.demo.world", description=__doc__)
    parser.add_argument("--aws", required=True, help="address of the local AWS")
    parser.add_argument("--account", required=True)
    parser.add_argument("--heartbeat-url", required=True, help="where check-ins go")
    parser.add_argument("--folder", type=Path, required=True, help="where the world keeps its things")
    parser.add_argument("--documents", type=Path, required=True, help="where the sheet and the two documents lie")
    parser.add_argument("--port", type=int, default=4702, help="of the panel")
    return parser


if __name__ == "__main__":
    sys.exit(main())
