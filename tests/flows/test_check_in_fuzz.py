"""Anything that the public may send: requests that were right once, and then bent, by the thousand.

FUZZ_EXAMPLES sets how many, FUZZ_SEED where they begin.
"""

import base64
import copy
import logging
import os
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.flows.desk import ENROLMENT, JOB, KEYS, MASTER, NOW, Desk, ping, signed
from workflows.kernel.errors import Unanswered
from workflows.kernel.ports import Json

pytestmark = pytest.mark.thorough

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6000"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
SECRETS = (MASTER, ENROLMENT, KEYS.of(JOB), KEYS.path_of(JOB), KEYS.enrolment_path)
ODD_TEXTS = (
    "",
    " ",
    "\x00",
    "\ud800",
    "é" * 40,
    "%00",
    "%ff%fe",
    "..",
    "/",
    "//",
    "١٢٣",
    "-0",
    "1e309",
    "{",
    "[" * 2000,
    "🦆" * 30,
)
WORDS = (
    '"status"',
    '"ok"',
    '"size"',
    "1",
    ":",
    ",",
    "{",
    "}",
    "[",
    "]",
    '"',
    "status=",
    "size=",
    "&",
    "note=",
    "finished_at=",
    "%",
)
BODIES = (
    b"",
    b'{"status": "ok", "size": "1.2 GB"}',
    b"status=ok&size=1&note=x",
    b"a log\nof two lines",
    "größe".encode("utf-16"),
)
ODD_VALUES: tuple[Any, ...] = (None, True, 0, -1, 1e308, [], {}, [1], {"a": None}, *ODD_TEXTS)
RID = "728b3763-be66-4f9a-b95c-6d9a5b4f1d2e"


def right(random: random.Random) -> Json:
    """A request that would be taken as it is."""
    requests: list[Callable[[], Json]] = [
        lambda: signed('{"status": "ok", "size": "1.2 GB", "rid": "r-1", "note": "42 tables"}'),
        lambda: signed("status=fail&size=500MB&note=disk+full", encoded=False),
        lambda: signed('{"finished_at": "2026-02-10T03:00:00+01:00"}'),
        lambda: signed('{"status": "warning"}', key=ENROLMENT, job_id=f"new-{random.randrange(50)}"),
        lambda: ping("/start", query=f"rid={RID}"),
        lambda: ping("/fail", body=b"line one\nline two\n" * 50),
        lambda: ping("/17", body=b'{"size": 5, "note": "x"}', query="size=1.2GB"),
        lambda: ping(method="GET", user_agent="curl/8.5.0"),
        lambda: ping(key=KEYS.enrolment_path, job_id=f"new-{random.randrange(50)}", query="create=1"),
    ]
    return random.choice(requests)()


def bent_text(text: str, random: random.Random) -> str:
    place = random.randrange(len(text) + 1)
    match random.randrange(5):
        case 0:
            return text[:place] + random.choice(ODD_TEXTS) + text[place:]
        case 1:
            return text[:place] + text[place + 1 + random.randrange(8) :]
        case 2:
            return text[:place] + chr(random.choice([random.randrange(32, 127), random.randrange(0x11000)])) + text[place + 1 :]
        case 3:
            return text * random.choice([0, 2, 9])
        case _:
            return text.swapcase()


def bent_body(request: Json, random: random.Random) -> None:
    raw = random.choice(BODIES)
    cut = random.randrange(len(raw) + 1)
    noise = random.randbytes(random.choice([0, 1, 9, 300]))
    long = b"log line\n" * random.choice([0, 0, 0, 2000])
    request["body"] = base64.b64encode(raw[:cut] + noise + raw[cut:] + long).decode()
    request["isBase64Encoded"] = True


def bent_field(request: Json, random: random.Random) -> None:
    """One value anywhere in the request, of another kind, gone, or changed."""
    holder: Any = request
    while True:
        name = random.choice(list(holder))
        if isinstance(holder[name], dict) and holder[name] and random.random() < 0.8:
            holder = holder[name]
            continue
        match random.randrange(3):
            case 0:
                holder[name] = random.choice(ODD_VALUES)
            case 1:
                del holder[name]
            case _:
                holder[name] = bent_text(str(holder[name]), random)
        return


def bent_signed(_request: Json, random: random.Random) -> Json:
    """A body of any kind, signed as it is: what lies behind the signature is tried too."""
    text = "".join(random.choice(WORDS) for _ in range(random.randrange(12)))
    return signed(text, key=random.choice([KEYS.of(JOB), ENROLMENT]))


BENDS: list[Callable[[Json, random.Random], Json | None]] = [bent_body, bent_field, bent_field, bent_signed]


class Flaky(Desk):
    """Some of its calls to the outside fail."""

    def __init__(self, random: random.Random) -> None:
        super().__init__()
        record = self.check_ins.record

        def sometimes(*arguments: Any, **named: Any) -> bool:
            if random.random() < 0.05:
                raise Unanswered("ReadTimeout", "no answer")
            return record(*arguments, **named)

        self.check_ins.record = sometimes  # type: ignore[method-assign] # a seeded failure of the store


def test_whatever_is_sent_is_answered_and_no_secret_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    chance = random.Random(SEED)
    statuses: dict[int, int] = {}
    caplog.set_level(logging.DEBUG)
    desk = Flaky(chance)
    for number in range(EXAMPLES):
        if number % 500 == 0:
            desk = Flaky(chance)  # a new day: what was recorded is no part of what is tried
        request = copy.deepcopy(right(chance))
        for _ in range(chance.choice([0, 1, 1, 1, 2, 4])):
            request = chance.choice(BENDS)(request, chance) or request

        response = desk.ask(request, NOW + timedelta(seconds=number % 60))

        status = response["statusCode"]
        statuses[status] = statuses.get(status, 0) + 1
        assert status in {200, 400, 401, 403, 404, 405, 413, 503}, f"example {number} of seed {SEED}"
        response["body"].encode("utf-8", "surrogatepass")
        assert not any(secret in response["body"] for secret in SECRETS)
    logged = caplog.text
    assert not any(secret in logged for secret in SECRETS)
    assert {200, 400, 401, 404, 503} <= statuses.keys(), "too tame: not even these were reached"
    assert "could not be recorded" in logged
