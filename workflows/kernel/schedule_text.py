"""How people write a schedule, and the five-field cron that it means."""

import re

FORMS = "a five-field cron, hourly, every 6h, daily 02:00, mon-fri 02:00, weekly sun 03:00 or monthly 1 04:00"
LENGTH_MAX = 200
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
GROUPS = {"weekday": "mon-fri", "weekdays": "mon-fri", "weekend": "sat-sun", "weekends": "sat-sun"}
UNITS = {"h": 60, "hr": 60, "hrs": 60, "hour": 60, "hours": 60, "m": 1, "min": 1, "mins": 1, "minute": 1, "minutes": 1}
HOUR, DAY = 60, 24 * 60


def cron_of(text: str) -> str:
    """The cron expression that `text` means. Raises ValueError that says what would be right.

    A cron is handed on as it is, unchecked. All other forms name the days, if any, and then the time of day.
    """
    words = _words(text)
    if len(words) >= 5 and re.fullmatch(r"[\d*/,-]+", words[0]):
        return " ".join(words)
    match words:
        case ["hourly", *rest]:
            return _hourly(text, rest)
        case ["every", *rest]:
            return _every(text, "".join(rest))
        case ["monthly", *rest]:
            return _monthly(text, rest)
        case [("daily" | "weekly") as word, *rest]:
            return _on_days(text, word, rest)
        case [days, *_] if days[:3] in DAYS or days in GROUPS:
            return _on_days(text, "", words)
    raise _wrong(text, f"it could be {FORMS}")


def _words(text: str) -> list[str]:
    """Lower case, plain dashes, no spaces inside "mon - fri", "mon, wed" or "2 pm", no "at" and "on"."""
    if len(text) > LENGTH_MAX:
        raise ValueError(f"the schedule is {len(text)} characters long; it could be {FORMS}")
    plain = re.sub(r"[‐‑‒–—−]", "-", text.lower())
    plain = re.sub(r"(?<=[a-z])\s*([-,])\s*(?=[a-z])", r"\1", plain)
    plain = re.sub(r"(?<=\d)\s+(?=[ap]\.?m\b)", "", plain)
    return [word for word in plain.split() if word not in {"at", "on"}]


def _hourly(text: str, rest: list[str]) -> str:
    minute = re.fullmatch(r"(?:\*?:)?(\d{1,2})", rest[0]) if rest else None
    if len(rest) > 1 or (rest and (minute is None or int(minute[1]) >= HOUR)):
        raise _wrong(text, "it could be hourly, or hourly :15 for a quarter past")
    return f"{int(minute[1]) if minute else 0} * * * *"


def _every(text: str, rest: str) -> str:
    amount = re.fullmatch(r"(\d{0,4})([a-z]+)", rest)
    if amount is None or amount[2] not in UNITS:
        raise _wrong(text, "it could be every 6h or every 30m; for days write daily 02:00")
    minutes = int(amount[1] or 1) * UNITS[amount[2]]
    if minutes == DAY:
        return "0 0 * * *"
    if minutes and HOUR % minutes == 0:
        return "0 * * * *" if minutes == HOUR else "* * * * *" if minutes == 1 else f"*/{minutes} * * * *"
    if minutes and DAY % minutes == 0 and minutes % HOUR == 0:
        return f"0 */{minutes // HOUR} * * *"
    if minutes % HOUR == 0:
        raise _wrong(text, "it must divide the day: every 1, 2, 3, 4, 6, 8, 12 or 24 hours")
    raise _wrong(text, "it must divide the hour: every 1, 2, 3, 4, 5, 6, 10, 12, 15, 20 or 30 minutes")


def _monthly(text: str, rest: list[str]) -> str:
    if len(rest) < 2 or ":" in rest[0]:
        raise _wrong(text, "say which day and when, as in monthly 1 04:00")
    day, *time = rest
    minute, hour = _time(text, time, form=f"monthly {day} 04:00")
    return f"{minute} {hour} {_day_of_month(text, day)} * *"


def _on_days(text: str, word: str, rest: list[str]) -> str:
    """`daily 02:00`, `weekly sun 03:00`, `mon-fri 02:00`; `daily mon-fri 02:00` is meant often enough."""
    named = bool(rest) and rest[0][0].isalpha()
    if word == "weekly" and not named:
        raise _wrong(text, "say which day and when, as in weekly sun 03:00")
    days = _days(text, rest[0]) if named else "*"
    minute, hour = _time(text, rest[named:], form=f"{word} {rest[0]} 03:00".strip() if named else "daily 02:00")
    return f"{minute} {hour} * * {days}"


def _time(text: str, time: list[str], *, form: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,2})(?::(\d{2}))?(?:([ap])\.?m\.?)?", "".join(time))
    if found is None or (found[2] is None and found[3] is None):
        raise _wrong(text, f"name one time of day, as in {form}")
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            raise _wrong(text, "with am or pm the hour is 1 to 12")
        hour = hour % 12 + (12 if found[3] == "p" else 0)
    if hour > 23 or minute > 59:
        raise _wrong(text, "the time of day is 00:00 to 23:59")
    return minute, hour


def _day_of_month(text: str, day: str) -> str:
    if day in {"last", "31", "31st"}:
        return "L"
    found = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", day)
    if found is None or not 1 <= int(found[1]) <= 31:
        raise _wrong(text, "the day is 1 to 28, or 31 for the last day of each month, as in monthly 1 04:00")
    if int(found[1]) > 28:
        raise _wrong(text, f"not every month has a day {found[1]}: write 28, or 31 for the last day of each month")
    return str(int(found[1]))


def _days(text: str, days: str) -> str:
    """Cron's numbers for day names, lists and ranges; a range may run over the end of the week."""
    chosen: set[int] = set()
    for part in GROUPS.get(days, days).split(","):
        first, _, last = part.partition("-")
        start, end = _day(text, first), _day(text, last or first)
        chosen.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    if chosen == {1, 2, 3, 4, 5}:
        return "1-5"
    return ",".join(map(str, sorted(chosen)))


def _day(text: str, name: str) -> int:
    full = ("sundays", "mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays")
    for number, word in enumerate(full):
        if len(name) >= 3 and word.startswith(name):
            return number
    raise _wrong(text, f"{name!r} is not a day: mon, tue, wed, thu, fri, sat, sun, mon-fri, weekdays")


def _wrong(text: str, hint: str) -> ValueError:
    return ValueError(f"schedule {text.strip()!r} cannot be read: {hint}")
