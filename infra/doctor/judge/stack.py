"""The stack: there, complete, and its functions ready."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from infra.doctor.finding import Finding, few, ok, unsure, wrong

OUTPUTS = ("SlackUrl", "HeartbeatUrl")
SOUND = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")


def not_there(name: str, region: str, reason: str) -> Finding:
    return wrong(
        f"there is no stack {name} in {region} ({reason})",
        "make deploy; or name it: make doctor STACK=NAME REGION=REGION",
    )


def judge_stack(name: str, status: str, updated: datetime, unfinished: list[str]) -> Finding:
    """`unfinished`: names of resources that are neither made nor updated."""
    events = f"aws cloudformation describe-stack-events --stack-name {name} --max-items 20"
    if status.endswith("_IN_PROGRESS"):
        return unsure(
            f"the stack is being changed ({status})",
            f"wait for it: aws cloudformation wait stack-update-complete --stack-name {name}",
        )
    if status not in SOUND:
        return wrong(f"the stack is {status}", f"see why: {events}; then make deploy")
    if unfinished:
        return wrong(f"the stack is {status}, but not {few(unfinished)}", f"see why: {events}; then make deploy")
    if status == "UPDATE_ROLLBACK_COMPLETE":
        return unsure("the last update failed and was taken back", f"see why: {events}; then make deploy")
    return ok(f"the stack is {status}, last changed {updated:%Y-%m-%d %H:%M} UTC")


def judge_outputs(outputs: Mapping[str, str]) -> Finding:
    missing = [name for name in OUTPUTS if not outputs.get(name)]
    if missing:
        return wrong(f"the stack has no output {few(missing)}", "make deploy")
    return ok(f"outputs {', '.join(OUTPUTS)} are there")


def judge_functions(functions: Mapping[str, Mapping[str, Any]], runtime: str) -> Iterator[Finding]:
    """`functions`: name -> its configuration. `runtime`: of this source's template."""
    if not functions:
        yield wrong("the stack has no functions", "make deploy")
        return
    for name, told in functions.items():
        if told.get("State", "Active") not in ("Active", "Inactive"):
            yield wrong(f"{name} is {told['State']}: {told.get('StateReason', '')}", "make deploy")
        elif told.get("LastUpdateStatus", "Successful") == "Failed":
            yield wrong(f"the last update of {name} failed: {told.get('LastUpdateStatusReason', '')}", "make deploy")
    others = sorted(name for name, told in functions.items() if told["Runtime"] != runtime)
    if others:
        found = sorted({str(functions[name]["Runtime"]) for name in others})
        yield unsure(f"{few(others)} run on {few(found)}, this source wants {runtime}", "make deploy")
    newest = max(str(told["LastModified"])[:16].replace("T", " ") for told in functions.values())
    runtimes = few(sorted({str(told["Runtime"]) for told in functions.values()}))
    yield ok(f"{len(functions)} functions on {runtimes}, last updated {newest} UTC")
