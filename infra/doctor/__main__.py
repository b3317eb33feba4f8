"""`python -m infra.doctor`: looks at a deployed sentinel from outside, and says what to do about what is not well.

It changes nothing and sends nothing that is validly signed. It asks with your own AWS credentials, and with the secrets that
these may read. Exit status 0 when nothing is wrong, 1 otherwise.

--stack NAME     the core stack (default: backup-sentinel)
--region NAME    its region, where neither AWS_REGION nor samconfig.toml says it
--json           the findings as JSON
"""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError

from infra.doctor.asking import Unable
from infra.doctor.examined import examined
from infra.doctor.finding import Finding
from infra.doctor.judge.stack import not_there
from infra.doctor.public_dns import PublicDns
from infra.doctor.telling import as_json, counted, group_text, verdict
from infra.doctor.world import World
from infra.manifest import STACK
from infra.session import session_for


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.doctor", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--stack", default=STACK, help=f"name of the core stack (default: {STACK})")
    parser.add_argument("--region", help="AWS region of the stack")
    parser.add_argument("--json", action="store_true", help="the findings as JSON")
    told = parser.parse_args(arguments)
    try:
        session = session_for(told.stack, told.region)
    except BotoCoreError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    world = World(session, stack=told.stack, environ=os.environ, dns=PublicDns(), now=datetime.now(UTC))
    try:
        stack = world.stack
    except Unable as unable:
        return _told([("Stack", [_no_stack(unable, world)])], as_text=not told.json)
    if not told.json:
        region = session.region_name
        sys.stdout.write(
            f"{stack.name} in {region}, account {stack.account}. For the commands below: export AWS_REGION={region}\n\n"
        )
    return _told(examined(world), as_text=not told.json)


def _no_stack(unable: Unable, world: World) -> Finding:
    """Without the stack nothing else can be asked; that is wrong, and not only unseen."""
    if "ValidationError" in unable.finding.line:
        return not_there(world.stack_name, str(world.session.region_name), "ValidationError")
    return Finding("wrong", unable.finding.line, unable.finding.todo)


def _told(groups: Iterable[tuple[str, list[Finding]]], *, as_text: bool) -> int:
    """Writes each group as soon as it is known. The exit status."""
    done: list[tuple[str, list[Finding]]] = []
    bright = sys.stdout.isatty() and (sys.stdout.encoding or "").lower().startswith("utf")
    for title, found in groups:
        done.append((title, found))
        if as_text:
            sys.stdout.write(group_text(title, found, bright=bright) + "\n")
            sys.stdout.flush()
    every = [finding for _, found in done for finding in found]
    sys.stdout.write(f"{counted(every)}\n" if as_text else as_json(done))
    return verdict(every)


def _run() -> int:
    try:
        return main(sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read it has seen enough; nothing more shall be written, also not at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(_run())
