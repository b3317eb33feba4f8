"""What a clock on the wall means in UTC, on the days when it is changed too."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def first_moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, at which the clock shows `wall` (naive) or, where it jumps over that, the moment of the jump."""
    moment = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if shown(moment, zone) == wall:
        return moment
    return _jump(wall.replace(tzinfo=zone, fold=1).astimezone(UTC), moment, zone)


def moments(wall: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Every moment, in UTC, at which the clock shows `wall` (naive): one, two where it is set back, none where it jumps."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:  # no change of clocks near it
        return (first,)
    return (first, second) if shown(first, zone) == wall else ()


def shown(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clock on the wall shows (naive)."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """When the clock jumps, to the second: after `before` and no later than `after`."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after
