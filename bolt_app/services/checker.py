"""What bk-checker is made of."""

import logging
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from bolt_app.adapters import aws
from bolt_app.services.sources import sources
from bolt_app.services.wiring import settings, wiring
from workflows.kernel.errors import OutsideError
from workflows.kernel.ports import Json

if TYPE_CHECKING:
    from workflows.backup.check import Mode, Order, Report
    from workflows.backup.sharing import Shard

T = TypeVar("T")
R = TypeVar("R")

Checker = Callable[["Order | Shard", Callable[[], timedelta]], Json]

LISTINGS_AT_ONCE = 32
RUN_COMPLETED = {"fast": "FastRunCompleted", "slow": "SlowRunCompleted"}
"""The metrics: one for each full run that looked at all it should; an alarm misses them when they stay away."""

_log = logging.getLogger(__name__)


@wiring()
def checker() -> Checker:
    """What bk-checker runs: an order, or a shard of one, and the time it has left; answers with counts for the log."""
    from bolt_app.adapters.dynamodb_check_ins import DynamoCheckIns
    from bolt_app.adapters.dynamodb_proposals import DynamoProposals
    from bolt_app.adapters.dynamodb_runs import DynamoRuns
    from bolt_app.adapters.dynamodb_standings import DynamoStandings
    from bolt_app.adapters.event_source import EventSource
    from bolt_app.adapters.eventbridge import EventBridge
    from bolt_app.adapters.metrics import metric_line
    from bolt_app.adapters.s3_documents import S3Documents
    from bolt_app.adapters.s3_objects import S3Objects
    from bolt_app.adapters.sqs import CheckShards
    from workflows.backup.check import Memory, check
    from workflows.backup.full_run import complete_run
    from workflows.backup.shard import look_at_shard
    from workflows.backup.sharing import Shard, Sharing
    from workflows.kernel.proposal_cards import nudge_cards

    told = settings()
    dynamodb, s3 = aws.client("dynamodb"), aws.client("s3", connections=LISTINGS_AT_ONCE)
    standings = DynamoStandings(dynamodb, state=told.state_table, audit=told.audit_table)
    check_ins = DynamoCheckIns(dynamodb, table=told.heartbeats_table)
    proposals = DynamoProposals(dynamodb, table=told.proposals_table, audit=told.audit_table)
    bus = EventBridge(aws.client("events"), bus=told.bus, source=told.bus_source)
    wanted = sources(told)
    documents = S3Documents(
        s3, {wanted.jobs_key: told.registry_bucket, wanted.rules_key: told.rules_bucket, wanted.voice_key: told.rules_bucket}
    )
    objects, memory = S3Objects(s3), Memory()

    runs = DynamoRuns(dynamodb, table=told.state_table)
    source = EventSource(cache(lambda: aws.client("lambda")), uuid=told.shards_source)
    queue = CheckShards(cache(lambda: aws.client("sqs")), url=told.shards_queue_url, wake=source.wake)
    sharing = Sharing(runs=runs, queue=queue, above=told.jobs_per_check) if told.shards_queue_url else None

    def completed(mode: "Mode") -> None:
        sys.stdout.write(metric_line(told.prefix, RUN_COMPLETED[mode], 1, at=datetime.now(UTC)))

    def run(asked: "Order | Shard", time_left: Callable[[], timedelta]) -> Json:
        return look_at(asked, time_left) if isinstance(asked, Shard) else carry_out(asked, time_left)

    def look_at(shard: "Shard", time_left: Callable[[], timedelta]) -> Json:
        report = look_at_shard(
            shard,
            runs=runs,
            documents=documents,
            standings=standings,
            check_ins=check_ins,
            objects=objects,
            bus=bus,
            concurrently=side_by_side,
            sources=wanted,
            memory=memory,
            time_left=time_left,
            completed=completed,
            now=datetime.now(UTC),
        )
        return _counts(shard.mode, report)

    def carry_out(order: "Order", time_left: Callable[[], timedelta]) -> Json:
        now = datetime.now(UTC)
        if order.mode == "due":
            try:
                nudge_cards(proposals=proposals, bus=bus, now=now)
            except OutsideError as error:  # the next tick is the retry; the jobs do not wait for it
                _log.error("Cards that are due were not looked at: %s", error)
        report = check(
            order,
            documents=documents,
            standings=standings,
            check_ins=check_ins,
            objects=objects,
            bus=bus,
            concurrently=side_by_side,
            sources=wanted,
            memory=memory,
            time_left=time_left,
            now=now,
            sharing=sharing,
        )
        complete_run(order.mode, report, standings=standings, bus=bus, completed=completed, now=now)
        if order.reply:  # somebody waits for it; dispatch tells them
            from workflows.backup.checked import done_event

            bus.publish([done_event(order.job_ids, order.reply, by=order.by, failed=report.failed)])
        return _counts(order.mode, report)

    return run


def _counts(mode: str, report: "Report") -> Json:
    """For the log, with a line for each job that failed."""
    for job_id, why in report.failed.items():
        _log.error("A job could not be checked: %s", why, extra={"job_id": job_id})
    counts = {"mode": mode, "looked": report.looked, "changed": report.changed, "complete": report.complete}
    _log.info("A check is done", extra={**counts, "failed": len(report.failed)})
    return counts


def side_by_side(work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """Runs over items in threads: a check waits for listings most of its time."""
    todo = list(items)
    if len(todo) < 2:
        return [work(item) for item in todo]
    with ThreadPoolExecutor(min(LISTINGS_AT_ONCE, len(todo))) as threads:
        return list(threads.map(work, todo))
