"""`python -m infra.deploy.check`: whether everything is there that a deployment needs, before anything is built or changed.

What is about to happen, or what is wrong, it says on standard error; on standard output, the template that is meant.

--env NAME   the environment of samconfig.toml (default: default)
--beside     a stack beside the core is meant, not the core itself
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence

from infra.deploy import aws
from infra.deploy.samconfig import ROOT, Chosen, Unusable, example, mistakes, read
from infra.local.stack import read_template
from infra.stopped import unless_stopped

LOOK_EVERY_SECONDS = 5
WAIT_SECONDS = 1800

REMOVE = (
    "See why (aws cloudformation describe-stack-events --stack-name {stack}), then remove what is left of it: "
    "aws cloudformation delete-stack --stack-name {stack}"
)
REMEDIES = {
    "DELETE_FAILED": f"it was to be removed, and that failed. {REMOVE}",
    "UPDATE_ROLLBACK_FAILED": "an update failed, and so did undoing it. Once the cause is mended: aws cloudformation "
    "continue-update-rollback --stack-name {stack}",
}
REMEDIES |= dict.fromkeys(
    ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"),
    f"its first deployment failed and left nothing to update. {REMOVE}",
)
BEGUN = "REVIEW_IN_PROGRESS"
"""A change set was made and never run, by a deployment that was cut short; the next one goes on from there."""


def configuration(env: str, *, beside: bool) -> Chosen:
    """What shall be deployed. Raises Unusable."""
    chosen = read(env)
    if chosen.is_core == beside:
        means = "the core: make deploy" if beside else "a stack beside the core: make stack"
        raise Unusable(f"samconfig.toml [{env}] is {means} ENV={env}")
    template = ROOT / chosen.template
    if not template.exists():
        raise Unusable(f"samconfig.toml [{env}]: there is no {chosen.template}")
    shown = next((one for one in example().values() if one.template == chosen.template), None)
    if wrong := mistakes(chosen, read_template(template), shown):
        raise Unusable("\n".join(wrong))
    return chosen


def settled(ask: Callable[[], aws.Stack], stack: str, wait: Callable[[float], None] = time.sleep) -> aws.Stack:
    """The stack, once nobody else is changing it. Raises Unusable where it can take no update."""
    for turn in range(WAIT_SECONDS // LOOK_EVERY_SECONDS):
        found = ask()
        if not found.status.endswith("_IN_PROGRESS") or found.status == BEGUN:
            break
        if turn == 0:
            sys.stderr.write(f"The stack {stack} is being changed ({found.status}): waiting for that to end.\n")
        wait(LOOK_EVERY_SECONDS)
    else:
        raise Unusable(
            f"The stack {stack} is still {found.status} after {WAIT_SECONDS // 60} minutes; try again when that has ended."
        )
    if remedy := REMEDIES.get(found.status):
        raise Unusable(f"The stack {stack} is {found.status}: {remedy.format(stack=stack)}")
    return found


def left_over(chosen: Chosen) -> str:
    """What to do where a removed stack left its tables; in the account that is meant, which need not be the one in force."""
    account = f"AWS_PROFILE={chosen.profile} " if chosen.profile else ""
    return (
        f"There is no stack {chosen.stack}, and yet a table {chosen.prefix}-state: a stack that was removed left it. Take "
        f"what is there into the new one first: {account}.venv/bin/python -m infra.adopt --stack {chosen.stack} "
        f"--prefix {chosen.prefix} --region {chosen.region}"
    )


def looked(env: str, *, beside: bool) -> tuple[str, str]:
    """The template, and what is about to happen, in a sentence. Raises Unusable."""
    if not (ROOT / ".venv" / "bin" / "uv").exists():
        raise Unusable("The SAM CLI is run by uv, and this environment has none: .venv/bin/python -m pip install uv")
    chosen = configuration(env, beside=beside)
    session = aws.session_of(chosen)
    account, who = aws.caller(session)
    found = settled(lambda: aws.stack_of(session, chosen.stack), chosen.stack)
    if chosen.is_core and found.status in {"", BEGUN} and aws.is_table(session, f"{chosen.prefix}-state"):
        raise Unusable(left_over(chosen))
    verb = "Updating" if found.outputs else "Making"
    return chosen.template, f"{verb} the stack {chosen.stack} in account {account}, region {chosen.region}, as {who}."


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.deploy.check", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--env", default="default", help="environment of samconfig.toml")
    parser.add_argument("--beside", action="store_true", help="a stack beside the core is meant")
    told = parser.parse_args(arguments)
    try:
        template, happens = looked(told.env, beside=told.beside)
    except Unusable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stderr.write(f"{happens}\n")
    print(template)
    return 0


if __name__ == "__main__":
    sys.exit(unless_stopped(lambda: main(sys.argv[1:])))
