"""Days off: a company's own, and the public holidays of its country."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from workflows.kernel.quantities import UnreadableError

COUNTRY_RIGHT = "an ISO country code such as DE, SG or US, or none"


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysOff:
    """`day in days_off` says whether nobody works on it. Public holidays are worked out a year at a time, when first asked for.

    Attributes:
        own: days the company named itself. country, subdivision: ISO 3166 codes, "" for none.
    """

    own: frozenset[date] = frozenset()
    country: str = ""
    subdivision: str = ""

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date):
            return False
        return day in self.own or (self.country != "" and day in _public(self.country, self.subdivision, day.year))


def check_place(country: str, subdivision: str) -> None:
    """Raises UnreadableError, with what would be right, where the holidays of this place are not known."""
    if not country:
        return
    known = _places().get(country)
    if known is None:
        raise UnreadableError(country, COUNTRY_RIGHT)
    if subdivision and subdivision not in known:
        several = f"one of {', '.join(known)}" if known else "none: this country has the same holidays everywhere"
        raise UnreadableError(f"{country}-{subdivision}", f"a subdivision of {country}, {several}")


@lru_cache(maxsize=64)
def _public(country: str, subdivision: str, year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - sixty milliseconds that only those who name a country need to spend

    try:
        return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year))
    except NotImplementedError:  # told as a mistake of the rules when they are read
        return frozenset()


@lru_cache(maxsize=1)
def _places() -> dict[str, list[str]]:
    import holidays  # noqa: PLC0415 - as above

    return dict(holidays.list_supported_countries(include_aliases=True))
