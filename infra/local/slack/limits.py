"""How often Slack may be called: token buckets that say how long to wait."""

import math
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Bucket:
    """Holds up to `burst` calls and refills at `per_second`."""

    burst: float
    per_second: float
    left: float
    at: float

    def take(self, now: float) -> int:
        """0 when the call is allowed, else whole seconds to wait."""
        self.left = min(self.burst, self.left + max(0.0, now - self.at) * self.per_second)
        self.at = now
        if self.left >= 1 - 1e-9:
            self.left -= 1
            return 0
        return max(1, math.ceil((1 - self.left) / self.per_second))


@dataclass(slots=True, kw_only=True)
class Limits:
    """One message a second a channel with a short burst, and each method's tier a minute. 0 switches either off."""

    posts_per_second: float = 1.0
    posts_burst: int = 5
    tiers: bool = True
    buckets: dict[str, Bucket] = field(default_factory=dict)

    def post(self, channel: str, now: float) -> int:
        if not self.posts_per_second:
            return 0
        return self._bucket(f"post {channel}", self.posts_burst, self.posts_per_second, now).take(now)

    def call(self, method: str, per_minute: int, now: float) -> int:
        if not self.tiers:
            return 0
        return self._bucket(f"call {method}", per_minute, per_minute / 60, now).take(now)

    def _bucket(self, name: str, burst: float, per_second: float, now: float) -> Bucket:
        return self.buckets.setdefault(name, Bucket(burst=burst, per_second=per_second, left=burst, at=now))
