"""Watched buckets in memory: the port `Objects`, for tests, simulation and benchmarks."""

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime

from workflows.kernel.errors import CannotLook
from workflows.kernel.ports import Object, Page

_AFTER_ALL = "\U0010ffff"


class MemoryObjects:
    """Lists like S3: in key order, `max_keys` objects and folders a page.

    Attributes:
        buckets: bucket -> key -> object. Change them with `put` and `delete`.
        calls: how many pages were asked for.
        errors: bucket -> reason: such a bucket cannot be looked at.
    """

    def __init__(self, *buckets: str) -> None:
        self.buckets: dict[str, dict[str, Object]] = {bucket: {} for bucket in buckets}
        self.calls = 0
        self.errors: dict[str, str] = {}
        self._order: dict[str, list[str]] = {}

    def put(self, bucket: str, key: str, size: int, modified: datetime, *, etag: str = "") -> Object:
        """Stores an object of so many bytes; S3 keeps whole seconds."""
        stored = Object(key, size, modified.astimezone(UTC).replace(microsecond=0), etag)
        keys = self.buckets.setdefault(bucket, {})
        if key not in keys:
            self._order.pop(bucket, None)
        keys[key] = stored
        return stored

    def delete(self, bucket: str, *keys: str) -> None:
        for key in keys:
            del self.buckets[bucket][key]
        self._order.pop(bucket, None)

    def page(
        self, bucket: str, prefix: str, *, start_after: str = "", delimiter: str = "", token: str = "", max_keys: int = 1000
    ) -> Page:
        stored = self._bucket(bucket)
        order = self._order.get(bucket)
        if order is None:
            order = self._order[bucket] = sorted(stored)
        after = token or start_after
        at = max(bisect_left(order, prefix), bisect_right(order, after) if after else 0)
        objects: list[Object] = []
        prefixes: list[str] = []
        last = ""
        while at < len(order) and order[at].startswith(prefix):
            if len(objects) + len(prefixes) == max_keys:
                return Page(tuple(objects), tuple(prefixes), last)
            key = order[at]
            folder = _folder(key, prefix, delimiter)
            if folder:
                prefixes.append(folder)
                last = folder + _AFTER_ALL
                at = bisect_right(order, last)
            else:
                objects.append(stored[key])
                last = key
                at += 1
        return Page(tuple(objects), tuple(prefixes))

    def _bucket(self, bucket: str) -> dict[str, Object]:
        self.calls += 1
        if bucket in self.errors:
            raise CannotLook(self.errors[bucket], bucket)
        if bucket not in self.buckets:
            raise CannotLook("NoSuchBucket", bucket)
        return self.buckets[bucket]


def _folder(key: str, prefix: str, delimiter: str) -> str:
    if not delimiter:
        return ""
    end = key.find(delimiter, len(prefix))
    return key[: end + len(delimiter)] if end >= 0 else ""
