"""Days that pass between acts which took seconds."""

import time
from bisect import bisect_right
from datetime import UTC, datetime, timedelta

from workflows.kernel.ports import Objects, Page

FIRST_DAY = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
DATED_WITHIN_SECONDS = 0.005
"""The places under watch know at least so exactly when something was written."""


class Days:
    """Acts take seconds and go by the real clock; here each is on a day of its own."""

    def __init__(self) -> None:
        self._began: list[float] = []

    def next(self) -> None:
        """The next act begins."""
        time.sleep(DATED_WITHIN_SECONDS)
        self._began.append(time.time())
        time.sleep(DATED_WITHIN_SECONDS)

    @property
    def today(self) -> datetime:
        return FIRST_DAY + (len(self._began) - 1) * DAY

    def date(self, written: datetime) -> datetime:
        """The day of the act in which it was written, plus the seconds it took: whole ones, as S3 states them."""
        act = bisect_right(self._began, written.timestamp()) - 1
        assert act >= 0, "it was written before the first act"
        return FIRST_DAY + act * DAY + timedelta(seconds=int(written.timestamp() - self._began[act]))


class Dated:
    """A watched place as it would look had its acts been a day apart: dates are moved, nothing else is touched."""

    def __init__(self, objects: Objects, days: Days) -> None:
        self._objects = objects
        self._days = days

    def page(
        self, bucket: str, prefix: str, *, start_after: str = "", delimiter: str = "", token: str = "", max_keys: int = 1000
    ) -> Page:
        page = self._objects.page(bucket, prefix, start_after=start_after, delimiter=delimiter, token=token, max_keys=max_keys)
        dated = (stored._replace(modified=self._days.date(stored.modified)) for stored in page.objects)
        return page._replace(objects=tuple(dated))
