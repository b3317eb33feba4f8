"""`python -m infra.deploy`: what is left to do once CloudFormation is done. It may be run at any time, and again.

--env NAME   the environment of samconfig.toml (default: default)
--beside     a stack beside the core was deployed, not the core itself
--doctor     then looks at all of it from outside, unless secrets are empty; what that finds is told, and fails nothing
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Sequence

import boto3

from infra.deploy import aws, finish
from infra.deploy.finish import Line
from infra.deploy.samconfig import ROOT, Chosen, Unusable, read
from infra.stopped import unless_stopped


def core(session: boto3.Session, chosen: Chosen, stack: aws.Stack) -> list[Line]:
    """Whose a watched bucket is, is warned of each time; it may stay so, and is never what is to be done next."""
    lines = finish.tried("The key of links", lambda: [finish.link_key(session, chosen.prefix)])
    lines += finish.tried("Turning on the mail", lambda: [finish.mail(session, chosen)])
    lines += finish.tried("Looking at the secrets", lambda: finish.empty_secrets(session, chosen))
    warned = finish.tried("Looking whose the watched buckets are", lambda: finish.own_buckets(session, stack))
    return [*lines, *warned, *finish.addresses(stack), finish.next_step(chosen, stack, lines)]


def beside(session: boto3.Session, chosen: Chosen, stack: aws.Stack) -> list[Line]:
    mail = (
        finish.tried("Turning on the mail", lambda: [finish.mail(session, chosen)])
        if chosen.template.endswith("/ses.yaml")
        else []
    )
    return [*mail, *(Line(text=f"{name}  {value}") for name, value in stack.outputs.items())]


def finished(chosen: Chosen, steps: Callable[[boto3.Session, Chosen, aws.Stack], list[Line]]) -> list[Line]:
    """Raises Unusable."""
    session = aws.session_of(chosen)
    stack = aws.stack_of(session, chosen.stack)
    if not stack.status:
        raise Unusable(f"There is no stack {chosen.stack} in {chosen.region} yet: make deploy makes it.")
    return steps(session, chosen, stack)


def examine(chosen: Chosen) -> None:
    """A process of its own: a doctor that falls ill himself spoils no deployment."""
    profile = {"AWS_PROFILE": chosen.profile} if chosen.profile else {}
    command = [sys.executable, "-m", "infra.doctor", "--stack", chosen.stack, "--region", chosen.region]
    print("\nWhat the doctor finds (make doctor asks again):", flush=True)
    subprocess.run(command, cwd=ROOT, env={**os.environ, **profile}, check=False)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--env", default="default", help="environment of samconfig.toml")
    parser.add_argument("--doctor", action="store_true", help="then looks at all of it from outside")
    parser.add_argument("--beside", action="store_true", help="a stack beside the core was deployed")
    told = parser.parse_args(arguments)
    try:
        chosen = read(told.env)
        lines = finished(chosen, beside if told.beside else core)
    except Unusable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    print()
    for line in lines:
        print(f"{'!' if line.todo else '-'} {line.text}", flush=True)
    if told.doctor and any(finish.asks_for_a_secret(line) for line in lines):
        print("\nThe doctor looks at all of it once these secrets are filled: make deploy again, or make doctor.")
    elif told.doctor:
        examine(chosen)
    return 0


if __name__ == "__main__":
    sys.exit(unless_stopped(lambda: main(sys.argv[1:])))
