"""What bk-checker is made of when it is asked whether its own role may look: no settings, no table, nothing is judged."""

from collections.abc import Callable

from bolt_app.adapters import aws
from bolt_app.services.wiring import wiring
from workflows.kernel.ports import Json

AccessCheck = Callable[[Json], Json]


@wiring()
def access_check() -> AccessCheck:
    """Takes {"mode": "access", "buckets": [...]}; answers {"mode", "buckets": {place: why not, or ""}, "empty": [...]}."""
    from bolt_app.adapters.s3_objects import S3Objects
    from bolt_app.services.checker import LISTINGS_AT_ONCE, side_by_side
    from workflows.backup.access import try_access

    objects = S3Objects(aws.client("s3", connections=LISTINGS_AT_ONCE))

    def run(event: Json) -> Json:
        found = try_access(event.get("buckets", ()), objects=objects, concurrently=side_by_side)
        return {"mode": "access", "buckets": found.reasons, "empty": list(found.empty)}

    return run
