"""The mail service: in some companies a mailbox is gone from some day on, and what is sent there comes back."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from bolt_app.adapters.memory.mailer import Sent
from tests.simulation.clockwork import Queued
from workflows.kernel.ports import Event
from workflows.kernel.returned import KINDS, RETURNED

BOUNCING = 0.4
"""So many companies have such a mailbox."""


class Post:
    """Looks at each letter once; `returned` is when the news of each was sent, by the letter's name."""

    def __init__(self, rng: random.Random, start: datetime) -> None:
        self._rng = rng
        self._seen = 0
        self._from = start + timedelta(days=rng.uniform(0, 8)) if rng.random() < BOUNCING else None
        self.returned: dict[str, datetime] = {}

    def brings_back(self, sent: Sequence[Sent], now: datetime) -> list[Queued]:
        """The news of what was sent since: within seconds or an hour, some of it twice."""
        fresh, self._seen = sent[self._seen :], len(sent)
        if self._from is None or now < self._from:
            return []
        news = []
        for letter in fresh:
            at = now + timedelta(seconds=self._rng.choice([1, 5, 60, 3600]))
            self.returned[letter.id] = at
            event = Event(
                kind=RETURNED, detail={"v": 1, "letter": letter.id, "kind": self._rng.choice(KINDS), "why": "simulated"}
            )
            news += [Queued(at, event)] * self._rng.choice([1, 1, 1, 2])
        return news
