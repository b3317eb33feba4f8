"""Stops the sentinel's clocks and its telling, and starts them again: python -m infra.pause [--resume] [--stack NAME].

Paused, no schedule fires and nothing is taken from the queues. Check-ins and mails are recorded all the same, presses in Slack
are answered, and what is to be told waits in the queue, for four days at most. Run it again as often as you like.
"""

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.stack import STACK, TEMPLATE, read_template
from infra.session import session_for
from infra.stopped import unless_stopped

OF_A_SCHEDULE: Final = (
    *("Name", "GroupName", "ScheduleExpression", "ScheduleExpressionTimezone", "StartDate", "EndDate", "Description"),
    *("FlexibleTimeWindow", "Target", "KmsKeyArn", "ActionAfterCompletion"),
)
"""What a change has to repeat, as whatever it leaves out is set back to what Scheduler takes by itself."""
GONE: Final = frozenset({"DELETE_COMPLETE", "DELETE_SKIPPED"})
"""CloudFormation lists for a while also what an update took away."""
LOOK_EVERY_SECONDS, LOOKS_MAX = 2, 90


class PauseError(Exception):
    """It cannot be done; the message says why, and what to do."""


def pause(session: boto3.Session, *, stack: str, resume: bool = False, wait: Callable[[float], None] = time.sleep) -> list[str]:
    """Returns what was stopped or started, by name, once it is. Raises PauseError and botocore's errors."""
    parts = _parts(session, stack)
    schedules, functions = session.client("scheduler"), session.client("lambda")
    for name in parts["AWS::Scheduler::Schedule"].values():
        known: dict[str, Any] = dict(schedules.get_schedule(Name=name))
        kept = {key: known[key] for key in OF_A_SCHEDULE if known.get(key)}
        schedules.update_schedule(**kept, State="ENABLED" if resume else "DISABLED")
    queues = []
    asleep = _asleep(read_template(TEMPLATE))
    for logical, uuid in parts["AWS::Lambda::EventSourceMapping"].items():
        if not (resume and logical in asleep):
            queues.append(_turned(functions, uuid, on=resume, wait=wait))
    return sorted(parts["AWS::Scheduler::Schedule"].values()) + sorted(queues)


def _turned(functions: Any, uuid: str, *, on: bool, wait: Callable[[float], None]) -> str:  # noqa: ANN401 - made at run time
    """Has a queue asked, or not, and sees that it is so: Lambda takes a while, and no order meanwhile. The queue's name."""
    known = _settled(functions, uuid, wait)
    if known["State"] != ("Enabled" if on else "Disabled"):
        functions.update_event_source_mapping(UUID=uuid, Enabled=on)
        known = _settled(functions, uuid, wait)
    return str(known["EventSourceArn"].rpartition(":")[2])


def _settled(functions: Any, uuid: str, wait: Callable[[float], None]) -> Mapping[str, str]:  # noqa: ANN401 - made at run time
    for _ in range(LOOKS_MAX):
        known: Mapping[str, str] = functions.get_event_source_mapping(UUID=uuid)
        if not known["State"].endswith("ing"):
            return known
        wait(LOOK_EVERY_SECONDS)
    raise PauseError(f"{known['EventSourceArn']} is still {known['State']}; run this again in a few minutes")


def _asleep(template: Mapping[str, Any]) -> set[str]:
    """The queues that nobody asks until the checker wakes them itself, as SAM calls them."""
    return {
        f"{name}{event}"
        for name, one in template["Resources"].items()
        for event, source in one.get("Properties", {}).get("Events", {}).items()
        if source["Properties"].get("Enabled") is False
    }


def _parts(session: boto3.Session, stack: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {"AWS::Scheduler::Schedule": {}, "AWS::Lambda::EventSourceMapping": {}}
    for page in session.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack):
        for one in page["StackResourceSummaries"]:
            if one["ResourceType"] in found and one["ResourceStatus"] not in GONE:
                found[one["ResourceType"]][one["LogicalResourceId"]] = one["PhysicalResourceId"]
    return found


def main(arguments: list[str]) -> int:
    """Exit status 0 when it is done, 1 when it cannot be."""
    parser = argparse.ArgumentParser(prog="python -m infra.pause", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--resume", action="store_true", help="start them again")
    parser.add_argument("--stack", default=STACK)
    parser.add_argument("--region")
    asked = parser.parse_args(arguments)
    try:
        names = pause(session_for(asked.stack, asked.region), stack=asked.stack, resume=asked.resume)
    except (PauseError, BotoCoreError, ClientError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    listed = "".join(f"  {name}\n" for name in names)
    last = (
        ""
        if asked.resume
        else "To start them again: python -m infra.pause --resume. After 90 minutes the alarms say that nobody looks.\n"
    )
    sys.stdout.write(f"{'Started' if asked.resume else 'Stopped'}:\n{listed}{last}")
    return 0


if __name__ == "__main__":
    sys.exit(unless_stopped(lambda: main(sys.argv[1:])))
