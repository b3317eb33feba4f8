"""Whether places can be looked into at all: for whoever sets up the sentinel, and asks with its own role."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from workflows.kernel.errors import CannotLook
from workflows.kernel.ports import Concurrently, Objects

PLACES_MAX = 1000
"""So many are tried at once: one listing of one key each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What was found.

    Attributes:
        reasons: place -> why it cannot be listed; "" where it can. empty: places that can, and hold nothing yet.
    """

    reasons: dict[str, str] = field(default_factory=dict)
    empty: tuple[str, ...] = ()


def try_access(places: Sequence[str], *, objects: Objects, concurrently: Concurrently[str, tuple[str, bool]]) -> Access:
    """Lists one key of each place: "bucket", or "bucket/prefix" where a policy opens no more than that.

    Raises ValueError where these are too many, or no places.
    """
    wanted = list(dict.fromkeys(places))
    if len(wanted) > PLACES_MAX:
        raise ValueError(f"access to {len(wanted)} places was asked for; at most {PLACES_MAX} are tried at once")
    if not all(isinstance(place, str) and place.partition("/")[0] for place in wanted):
        raise ValueError('access is asked for to places that begin with a bucket: "bucket" or "bucket/prefix"')

    def look(place: str) -> tuple[str, bool]:
        bucket, _, prefix = place.partition("/")
        try:
            page = objects.page(bucket, prefix, max_keys=1)
        except CannotLook as error:
            return error.reason, False
        return "", not (page.objects or page.prefixes)

    found = dict(zip(wanted, concurrently(look, wanted), strict=True))
    return Access(
        reasons={place: reason for place, (reason, _) in found.items()},
        empty=tuple(place for place, (_, empty) in found.items() if empty),
    )
