"""The stack, its functions and its addresses."""

import re
import secrets
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from infra.doctor.asking import asking
from infra.doctor.finding import Finding
from infra.doctor.judge.doors import judge_door
from infra.doctor.judge.stack import judge_functions, judge_outputs, judge_stack
from infra.doctor.world import FUNCTIONS_NEED, World

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")
DOOR_SECONDS = 20
"""A cold start, and a slow network."""


def look_at_stack(world: World) -> Iterator[Finding]:
    stack = world.stack
    unfinished = [one.logical for one in stack.resources if not one.status.endswith(DONE)]
    yield judge_stack(stack.name, stack.status, stack.updated, unfinished)
    yield judge_outputs(stack.outputs)


def look_at_functions(world: World) -> Iterator[Finding]:
    functions = {}
    for name in world.stack.of("AWS::Lambda::Function"):
        with asking(f"the function {name}", FUNCTIONS_NEED):
            functions[name] = world.client("lambda").get_function_configuration(FunctionName=name)
    yield from judge_functions(functions, _runtime())


def _runtime() -> str:
    found = re.search(r"^    Runtime: (\S+)$", TEMPLATE.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else ""


def look_at_doors(world: World) -> Iterator[Finding]:
    """Nothing that is sent is validly signed: the first carries no signature, the second one of chance."""
    outputs, prefix = world.stack.outputs, world.stack.prefix
    if url := outputs.get("SlackUrl"):
        yield judge_door("the address for Slack", f"{prefix}-ack-handler", _status(world, url, {}))
    if url := outputs.get("HeartbeatUrl"):
        forged = {
            "X-Backup-Timestamp": str(int(world.now.timestamp())),
            "X-Backup-Signature": f"v1={secrets.token_hex(32)}",
        }
        yield judge_door("the address for check-ins", f"{prefix}-heartbeat", _status(world, f"{url.rstrip('/')}/doctor", forged))


def _status(world: World, url: str, headers: Mapping[str, str]) -> int:
    """What a POST is answered; 0 for no answer."""
    parts = urlsplit(url)
    address = f"{world.endpoint}{parts.path}" if world.endpoint else url
    named = {"Host": parts.netloc, "Content-Type": "application/json", **headers}
    request = urllib.request.Request(address, data=b"{}", headers=named, method="POST")  # noqa: S310 - the stack's own output
    try:
        with urllib.request.urlopen(request, timeout=DOOR_SECONDS) as answer:  # noqa: S310 - the same
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0
