"""When the schedules of the template fire."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

CRON = re.compile(r"cron\((\S+) (\S+) [*?] \* (\S+) \*\)")
RATE = re.compile(r"rate\((\d+) (minute|hour)s?\)")
DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


def moments(expression: str, begin: datetime, end: datetime) -> Iterator[datetime]:
    """When a schedule of the template fires. Knows the forms that stand there, and refuses others."""
    rate = RATE.fullmatch(expression)
    if rate:
        step = timedelta(minutes=int(rate[1]) * (60 if rate[2] == "hour" else 1))
        times = int((end - begin) / step)
        yield from (begin + step * place for place in range(times))
        return
    cron = CRON.fullmatch(expression)
    if not cron:
        raise SystemExit(f"the schedule {expression} is of no form that is known here")
    minutes, hours, days = _numbers(cron[1], 60), _numbers(cron[2], 24), cron[3]
    minute = begin.replace(second=0, microsecond=0)
    while minute < end:
        if minute.minute in minutes and minute.hour in hours and days in {"*", "?", DAYS[minute.weekday()]} and minute >= begin:
            yield minute
        minute += timedelta(minutes=1)


def _numbers(text: str, below: int) -> set[int]:
    if text == "*":
        return set(range(below))
    if "/" in text:
        first, step = map(int, text.split("/"))
        return set(range(first, below, step))
    low, _, high = text.partition("-")
    return set(range(int(low), int(high or low) + 1))
