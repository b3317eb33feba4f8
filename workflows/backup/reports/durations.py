"""How long a run took, as tools print it: "0:30:48", "1 Hour 12 Minute", "1d 3h", "4431ms", "1 Stunde 12 Minuten"."""

import re
from datetime import timedelta

_UNITS = {
    "ms": """
        ms msec msecs millisecond milliseconds millisekunden millisecondes
    """,
    "s": """
        s sec secs second seconds sek sekunde sekunden seconde secondes segundo segundos secondo secondi segs seg seconden
        sekunder sekunt sekund sekundy с сек секунд секунда секунды 秒 초 saniye sn másodperc
    """,
    "m": """
        m min mins minute minutes minuten minuto minutos minuti minut minuter minutter minuty мин минут минута минуты 分
        分钟 分鐘 분 dk dakika perc
    """,
    "h": """
        h hr hrs hour hours std stunde stunden heure heures hora horas ora ore uur uren timme timmar time timer godz
        godzina godziny godzin hod hodin hodina hodiny ч час часа часов 小时 小時 时 時間 時 시간 saat óra
    """,
    "d": """
        d day days tag tage tagen jour jours día días dia dias giorno giorni dag dagen dagar dage dager dni dzień den dny
        дн день дня дней 天 日 일 gün nap
    """,
    "w": """
        w wk week weeks woche wochen semaine semaines
    """,
}
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_UNIT_OF = {name: unit for unit, names in _UNITS.items() for name in names.split()}

_NAMES = "|".join(sorted((re.escape(name) for name in _UNIT_OF), key=len, reverse=True))
_COUNTED = re.compile(
    rf"\s*([0-9]{{1,9}}(?:[.,][0-9]{{1,9}})?)[\s\u00a0]?\s?({_NAMES})(?:\(s\))?(?![^\W\d_])\.?[\s,;]*(?:(?:and|und|et|y|e"
    rf"|en)\b)?",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?:([0-9]{1,4})\s*(?:\.|d\b|days?,?|tage?,?|jours?,?|\s)\s*)?([0-9]{1,4}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?"
    r"\s*(?:h|hrs|hours?|std\.?|min\.?|minutes?|\((?:d:)?hh?:mm(?::ss)?\)|hh:mm:ss)?",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"^[(\[]\s*(.*?)\s*[)\]]$")
_BARE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)")


def duration_of(text: str, *, two: str = "h:m", bare: bool = False) -> timedelta | None:
    """Where the whole text is one duration.

    `two` says what "12:34" means, "h:m" or "m:s"; `bare` takes a number without a unit as seconds. None for anything else.
    """
    plain = _BRACKETS.sub(r"\1", text[:120].strip())
    if bare and (seconds := _BARE.fullmatch(plain)):
        return timedelta(seconds=float(seconds[1]))
    if clock := _CLOCK.fullmatch(plain):
        return _of_clock(clock, two)
    return _of_counts(plain)


def _of_clock(found: re.Match[str], two: str) -> timedelta:
    days, first, second, third = (int(part or 0) for part in found.groups()[:4])
    fraction = float(f"0.{found[5] or 0}")
    if found[4] is None and two == "m:s":
        return timedelta(days=days, minutes=first, seconds=second)
    return timedelta(days=days, hours=first, minutes=second, seconds=third + fraction)


def _of_counts(text: str) -> timedelta | None:
    """Each unit once, the largest first."""
    at, seconds, last = 0, 0.0, float("inf")
    while at < len(text):
        part = _COUNTED.match(text, at)
        if part is None:
            return None
        unit = _SECONDS[_UNIT_OF[part[2].lower()]]
        if unit >= last:
            return None
        seconds, last, at = seconds + float(part[1].replace(",", ".")) * unit, unit, part.end()
    return timedelta(seconds=seconds) if at else None
