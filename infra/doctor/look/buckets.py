"""The watched buckets, listed by the checker itself, so that its real role is what is tried."""

import json
from collections.abc import Iterator
from typing import Any

from bolt_app.adapters.s3_documents import S3Documents
from bolt_app.services.sources import sources
from infra.doctor.asking import Unable, asking
from infra.doctor.finding import Finding, unsure, wrong
from infra.doctor.judge.buckets import PLACES_MAX, judge_own, judge_places, places_of
from infra.doctor.world import World
from infra.watching import own_account_buckets
from workflows.backup.joblist import rows_of
from workflows.backup.targets import read_targets
from workflows.kernel.quantities import UnreadableError


def look_at_buckets(world: World) -> Iterator[Finding]:
    listed = _listed(world)
    watched = _watched(world)
    places = places_of(watched, listed)
    prefix, role = world.stack.prefix, f"{world.stack.prefix}-checker-role"
    answer = _tried(world, f"{prefix}-checker", places[:PLACES_MAX]) if places else {"buckets": {}, "empty": []}
    yield from judge_places(watched, answer["buckets"], answer["empty"], role=role)
    if len(places) > PLACES_MAX:
        yield unsure(
            f"{len(places) - PLACES_MAX} places of the job list were not tried",
            "the alerts of the next check name what cannot be listed",
        )
    with asking("the buckets of this account", "s3:ListAllMyBuckets"):
        own = own_account_buckets(world.session, list(dict.fromkeys([*watched, *(bucket for bucket, _ in listed)])))
    yield from judge_own(own)


def _watched(world: World) -> list[str]:
    return [name.strip() for name in world.stack.parameters.get("WatchedBuckets", "").split(",") if name.strip()]


def _listed(world: World) -> list[tuple[str, str]]:
    """(bucket, prefix) of the rows of the mirrored list; what cannot be read there is said elsewhere."""
    told = world.settings
    key = sources(told).jobs_key
    with asking("the mirrored job list", f"s3:GetObject on {told.registry_bucket}/{key}"):
        document = S3Documents(world.client("s3"), {key: told.registry_bucket}).read(key)
    found: list[tuple[str, str]] = []
    for _, cells in rows_of(document.text if document else "") or ():
        try:
            targets = read_targets(cells.get("target", ""))
        except UnreadableError:
            continue
        found += [(target.bucket, target.prefix) for target in targets if target.bucket]
    return list(dict.fromkeys(found))


def _tried(world: World, function: str, places: list[str]) -> dict[str, Any]:
    """Raises Unable."""
    with asking("the buckets as the checker sees them", f"lambda:InvokeFunction on {function}"):
        payload = json.dumps({"mode": "access", "buckets": places}).encode()
        answer = world.client("lambda").invoke(FunctionName=function, Payload=payload)
        told = json.loads(answer["Payload"].read())
    if answer.get("FunctionError"):
        said = str(told.get("errorMessage", told))[:160]
        raise Unable(
            wrong(
                f"{function} fails: {said}",
                f"make deploy, where that version is older than this one; else aws logs tail /aws/lambda/{function} --since 15m",
            )
        )
    return {"buckets": dict(told["buckets"]), "empty": list(told.get("empty", ()))}
