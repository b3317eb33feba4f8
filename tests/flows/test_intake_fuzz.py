"""Mails with bytes changed, cut out, doubled and swapped: whatever arrives is taken, put aside or shown, and nothing breaks.

FUZZ_EXAMPLES sets how many, FUZZ_SEED where they begin.
"""

import json
import os
import random
from datetime import timedelta

import pytest

from bolt_app.adapters.memory.model import MemoryModel
from listeners.notices import notice_message
from tests.flows.mail_room import NIGHT, READ, RESTIC, TAPE, TAPE_ROW, TWO, MailRoom, form, stored_mail
from workflows.backup.intake import take_mail

pytestmark = pytest.mark.thorough

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "300"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
SENT = NIGHT - timedelta(minutes=1)
SEEDS = (
    stored_mail(TAPE, sent=SENT),
    stored_mail(RESTIC, subject="restic on home: backup finished", sent=SENT, attachments={"log.json": '{"status": "ok"}'}),
    stored_mail(TWO, sent=SENT, message_id=""),
)


def mutated(raw: bytes, chance: random.Random) -> bytes:
    body = bytearray(raw)
    begin = body.find(b"AEFB")  # what the receiving server wrote above is its own
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(begin, len(body))
        until = min(len(body), at + chance.choice([1, 1, 4, 60]))
        match chance.randrange(4):
            case 0:
                body[at] = chance.randrange(256)
            case 1:
                del body[at:until]
            case 2:
                body[at:at] = body[at:until] * chance.choice([1, 2, 20])
            case _:
                body[at:until] = chance.randbytes(until - at)
    return bytes(body)


def test_a_mutated_mail_is_taken_put_aside_or_shown() -> None:
    chance = random.Random(SEED)
    room = MailRoom()
    room.list_jobs(TAPE_ROW)
    for number in range(EXAMPLES):
        room.model = MemoryModel([form(READ), form(READ)])
        raw = mutated(chance.choice(SEEDS), chance)
        room.mails.put("m", raw, NIGHT)
        first = take_mail("m", ports=room.ports())
        again = take_mail("m", ports=room.ports())
        assert again.runs == 0, f"FUZZ_SEED={SEED}, mail {number}: counted twice, {first}"
        for event in room.bus.take():
            json.dumps(event.detail).encode()
            if event.kind == "bk.notice":
                notice_message(event.detail)
