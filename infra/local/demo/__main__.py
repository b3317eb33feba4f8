"""`make demo`: the sentinel on this machine, and a sample world whose backups can be broken, until Ctrl-C.

Environment, all optional, beside what infra/local/up.py tells:
    RUN_DIR       where state and logs are kept, so that a second start goes on (default: .run/demo)
    PANEL_PORT    where the sample world listens (4702)
    RESET         1: begins anew, without what is kept there
"""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from infra.local import up
from infra.local.children import Child, StartError, check_port
from infra.local.stack import ROOT

OURS = frozenset({"aws", "s3", "iam.jsonl", "up.json", "aws.log", "slack.json"})
"""By any of these a folder is known as one of ours."""


def planned(environ: Mapping[str, str]) -> up.Plan:
    """What to start. Forgets what is kept, if told to. Raises StartError."""
    port = up.port_of(environ, "PANEL_PORT", 4702)
    run = environ.get("RUN_DIR") or str(ROOT / ".run" / "demo")
    what = up.plan({**environ, "RUN_DIR": run}, panel=f"http://127.0.0.1:{port}/panel")
    for busy, name, setting in ((what.aws_port, "the local AWS", "AWS_PORT"), (port, "the sample world", "PANEL_PORT")):
        check_port(busy, name, setting)  # before anything is forgotten: another demo may be running there
    if environ.get("RESET", "") not in {"", "0"}:
        forget(what.run)
    return what


def forget(run: Path) -> None:
    """Deletes the folder, if it is one of ours. Raises StartError where it is not."""
    if not run.exists():
        return
    if not OURS & {entry.name for entry in run.iterdir()}:
        raise StartError(
            f"{run} does not look like a folder of a former run; RESET deletes no other. Delete it by hand, if you mean it."
        )
    shutil.rmtree(run)


def start_world(what: up.Plan, heartbeat_url: str) -> Child:
    """Starts the sample world. It needs nothing of Slack."""
    told = {
        "--aws": what.aws,
        "--account": up.ACCOUNT,
        "--heartbeat-url": heartbeat_url,
        "--folder": str(what.run / "world"),
        "--documents": str(what.documents),
        "--port": str(urlsplit(what.panel).port),
    }
    arguments = [word for pair in told.items() for word in pair]
    return Child(
        "The sample world", "infra.local.demo.world", arguments, environ=os.environ, log=what.run / "world.log", root=ROOT
    )


def tell(what: up.Plan, addresses: Mapping[str, str]) -> None:
    print(
        f"""
The backup sentinel watches four backups on this machine. Open

  {addresses["page"]}

and break one of them: the panel on that page does it, and says what to try next.

  job list             {addresses["sheet"]}   (the sheet: edit it with whatever you like)
  letters              {what.letters}   (what owners without a Slack account get)
  AWS, played here     {what.aws}   (region {addresses["region"]}, keys test / test)
  state and logs       {what.run}

Ctrl-C stops it all. The next start goes on from here; make demo RESET=1 begins anew.""",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(up.run(lambda: planned(os.environ), beside=start_world, say=tell))
