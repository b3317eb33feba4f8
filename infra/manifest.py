"""`python -m infra.manifest`: the Slack app's manifest with the address of the deployed front door in it, to paste into Slack.

--url URL        the stack's output SlackUrl, where you know it
--stack NAME     else the stack is asked for it, with your AWS credentials (default: backup-sentinel)
--region NAME    of the stack, where neither AWS_REGION nor samconfig.toml says it
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from infra.session import session_for

MANIFEST = Path(__file__).parents[1] / "manifest.json"
STACK = "backup-sentinel"
OUTPUT = "SlackUrl"
TO_FILL_IN = ".invalid/"

Manifest = dict[str, Any]


class Unusable(Exception):
    """What was given gives no manifest; the message says what would be right."""


def filled_in(manifest: Manifest, url: str) -> Manifest:
    """The manifest with this address wherever Slack calls us. Raises Unusable."""
    address = _address(url)
    features, settings = manifest["features"], manifest["settings"]
    ready: Manifest = manifest | {
        "features": features | {"slash_commands": [row | {"url": address} for row in features["slash_commands"]]},
        "settings": settings
        | {
            "event_subscriptions": settings["event_subscriptions"] | {"request_url": address},
            "interactivity": settings["interactivity"] | {"request_url": address},
        },
    }
    if TO_FILL_IN in json.dumps(ready):
        raise Unusable("the manifest names an address in a place that is not known here")
    return ready


def _address(url: str) -> str:
    parts = urlsplit(url.strip())
    if parts.scheme != "https" or not parts.hostname or "." not in parts.hostname or parts.username:
        raise Unusable(f"{url!r} is no address that Slack could call; it begins with https:// and is the stack's output {OUTPUT}")
    if f"{parts.hostname}/".endswith(TO_FILL_IN):
        raise Unusable("that is the address which is to be filled in; give the one that the stack has")
    if parts.query or parts.fragment:
        raise Unusable(f"{url!r} goes on behind its path; the stack's output {OUTPUT} does not")
    return f"https://{parts.netloc}{parts.path or '/'}"


def url_of_stack(name: str, region: str | None) -> str:
    """What the deployed stack says its front door is. Raises Unusable."""
    try:
        stacks = session_for(name, region).client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except (BotoCoreError, ClientError) as error:
        raise Unusable(f"the stack {name} cannot be asked: {error}") from error
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stacks[0].get("Outputs", ())}
    if OUTPUT not in outputs:
        raise Unusable(f"the stack {name} has no output {OUTPUT}; is it deployed, and is it the sentinel's?")
    return str(outputs[OUTPUT])


def main(arguments: Sequence[str], ask: Callable[[str, str | None], str] = url_of_stack) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.manifest", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--url", help=f"the stack's output {OUTPUT}")
    parser.add_argument("--stack", default=STACK, help="name of the stack that is asked for it otherwise")
    parser.add_argument("--region", help="AWS region of the stack")
    told = parser.parse_args(arguments)
    try:
        url = told.url if told.url is not None else ask(told.stack, told.region)
        ready = filled_in(json.loads(MANIFEST.read_text(encoding="utf-8")), url)
    except Unusable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(ready, indent=2, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
