"""The writer of the sheet at work: every few minutes with all documents, and at once when a proposal was approved."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from workflows.kernel.errors import Conflict
from workflows.kernel.sheet import Source
from workflows.kernel.sheet_keys import write_keys
from workflows.kernel.sheet_register import register
from workflows.kernel.sheet_run import LEASE, LEASE_SECONDS, Ports, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What a run did, for the log: keys of mirrored objects that were written, and counts."""

    mirrored: tuple[str, ...] = ()
    keys: int = 0
    registered: int = 0
    busy: bool = False


def sync(sources: Sequence[Source], ports: Ports) -> Synced:
    """Mirrors every document that changed, writes keys that are missing, and registers every proposal that is approving.

    Another run at the same time is a normal answer: it does the same.
    """
    try:
        with _alone(ports) as run:
            done = _sync(sources, run)
            ports.bus.publish(run.book.notices())
            return done
    except Conflict as busy:
        if busy.detail != LEASE:
            raise
        return Synced(busy=True)


def register_now(proposal_id: str, ports: Ports) -> Synced:
    """Registers one proposal, read afresh. Raises Conflict while another run is at work: then it must be asked again."""
    with _alone(ports) as run:
        return Synced(registered=register([proposal_id], run))


@contextmanager
def _alone(ports: Ports) -> Iterator[Run]:
    if not ports.ledger.take_lease(LEASE, holder=ports.holder, now=ports.now, seconds=LEASE_SECONDS):
        raise Conflict(LEASE)
    try:
        yield Run(ports)
    finally:
        ports.ledger.release_lease(LEASE, holder=ports.holder)


def _sync(sources: Sequence[Source], run: Run) -> Synced:
    ports = run.ports
    mirrored: list[str] = []
    keys = 0
    for source in sources:
        if not source.id or not run.has_time():
            continue
        if run.mirror(source).put:
            mirrored.append(source.key)
        if source == ports.table and run.has_time() and (written := write_keys(run)):
            keys += written
            if run.mirror(source).put:
                mirrored.append(source.key)
    approving = [one.proposal_id for one in ports.proposals.open() if one.state == "approving"]
    registered = register(dict.fromkeys((*approving, *run.book.proposals_begun())), run)
    return Synced(mirrored=tuple(dict.fromkeys(mirrored)), keys=keys, registered=registered)
