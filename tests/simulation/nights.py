"""What came and went while somebody was left alone is told to them in one line, and nothing waits for ever."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.simulation.broken import Broken
from tests.simulation.world import START, World
from workflows.backup.saying import broken, quiet
from workflows.backup.standing import Standing
from workflows.kernel.calendar import business_between, is_open

NOTED_WITHIN = timedelta(minutes=25)
TOLD_WITHIN = timedelta(minutes=60)
Break = tuple[str, str, str]
"""Recipient, job, break."""


@dataclass(slots=True)
class Nights:
    """Remembers which breaks began and ended while a recipient was left alone, by the world's own clock and calendar.

    `began`: when it did. `ended`: when it began and ended, of those that are to be told in a line.
    """

    began: dict[Break, datetime] = field(default_factory=dict)
    ended: dict[Break, tuple[datetime, datetime]] = field(default_factory=dict)

    def look(self, world: World, standings: dict[str, Standing]) -> None:
        for standing in standings.values():
            self._remember(world, standing)
        self._told_in_a_line(world)
        self._nothing_waits_for_ever(world)

    def _remember(self, world: World, standing: Standing) -> None:
        for recipient in standing.recipients:
            told = standing.told.get(recipient)
            now = (recipient, standing.job_id, standing.break_id)
            saw = told is not None and told.break_id == standing.break_id and told.ts != ""
            alone = not is_open(world.words.hours(recipient), world.now)
            if broken(standing) and alone and not saw and standing.answer is None and not quiet(standing, world.now):
                self.began.setdefault(now, world.now)
            elif saw or standing.answer is not None or not alone:  # told, answered, or to be told by now
                self.began.pop(now, None)
            for key in [key for key in self.began if key[:2] == now[:2] and (key != now or not broken(standing))]:
                began = self.began.pop(key)
                if world.now - began > NOTED_WITHIN:
                    self.ended[key] = (began, world.now)

    def _told_in_a_line(self, world: World) -> None:
        for key, (began, ended) in list(self.ended.items()):
            recipient, job_id, break_id = key
            since = min(began, ended - timedelta(days=1))  # what was appointed before an edit may come late
            edited = job_id in world.edited_at and world.edited_at[job_id] > since
            excused = edited or recipient in world.lost_appointments
            if excused or f"{job_id} {break_id}" in _lines(world, recipient):
                del self.ended[key]
            elif business_between(world.words.hours(recipient), ended, world.now) > TOLD_WITHIN:
                raise Broken(f"{recipient} never heard that {job_id} was broken until {ended}")

    def _nothing_waits_for_ever(self, world: World) -> None:
        for recipient in {who for who, _, _ in self.began} | {row.recipient for row in world.ledger.rows()}:
            for note in world.ledger.waiting(recipient):
                waited = business_between(world.words.hours(recipient), note.started, world.now)
                edited = world.edited_at.get(note.subject, START) > note.started  # an appointment made before comes all the same
                if waited > TOLD_WITHIN and recipient not in world.lost_appointments and not edited:
                    raise Broken(f"{note} waits since {note.started}")


def _lines(world: World, recipient: str) -> set[str]:
    rows = {row.id for row in world.ledger.rows(recipient) if row.kind == "came_and_went"}
    texts = [posted.message.text for posted in world.messenger.messages if posted.message_id in rows]
    texts += [sent.letter.text for sent in world.mailer.sent if sent.message_id in rows]
    return {one for text in texts for one in json.loads(text)["gone"]}
