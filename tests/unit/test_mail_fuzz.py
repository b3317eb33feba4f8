"""Mails broken in every way: always read, in bounded time, to something that can be written down.

`FUZZ_EXAMPLES=100000 pytest -m thorough tests/unit/test_mail_fuzz.py` tries many more; `FUZZ_SEED` tries others.
"""

import os
import random
import time

import pytest

from tests.fixtures.mutated_mails import mutated, seeds
from workflows.kernel.mail import Mail, read_mail
from workflows.kernel.mail_html import html_text

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "1000"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
SECONDS_MAX = 5.0  # for 60 kB, on a machine that does other things


def _sound(mail: Mail) -> None:
    """What holds of every mail."""
    assert mail.parts
    assert mail.id
    assert mail.untrusted
    assert len(mail.id) <= 200
    for part in mail.parts:
        (part.text + part.name + part.subject + part.sender + part.html).encode()
        assert "\0" not in part.text
        assert "\r" not in part.text
        assert part.sent is None or part.sent.tzinfo is not None
    (mail.subject + mail.sender + mail.untrusted + "".join(mail.problems)).encode()
    assert len(mail.problems) <= 41


@pytest.mark.thorough
def test_a_mail_broken_in_any_way_is_read() -> None:
    sound = seeds()
    for number in range(EXAMPLES):
        chance = random.Random(f"{SEED}/{number}")
        mail = mutated(chance.choice(sound), sound, chance)
        start = time.perf_counter()
        try:
            _sound(read_mail(mail, allowed=("nobody.example",)))
        except Exception as unhandled:
            raise AssertionError(f"FUZZ_SEED={SEED}, mail {number}: {mail[:2000]!r}") from unhandled
        assert time.perf_counter() - start < SECONDS_MAX, f"FUZZ_SEED={SEED}, mail {number}"


_MARKUP = (
    *(
        "<table>",
        "<tr>",
        "<td>",
        "<th colspan=3>",
        "<td rowspan=2>",
        "</td>",
        "</tr>",
        "</table>",
        "<p>",
        "</p>",
        "<div>",
        "</div>",
    ),
    *(
        "<pre>",
        "</pre>",
        "<br>",
        "<b>",
        "</b>",
        "<ul>",
        "<li>",
        "</ul>",
        "<blockquote type=cite>",
        "</blockquote>",
        "<span style=",
    ),
    *(
        "'display:none'>",
        "</span>",
        "<!--",
        "-->",
        "<style>",
        "</style>",
        "<script>",
        "</script>",
        "<",
        ">",
        "&amp;",
        "&",
        '"',
        "word ",
    ),
    *("\n", " ", "<font color=white>", "</font>", "<img alt='Failed'>", "<caption>", "<tbody>", "<![CDATA[", "<?", "<!"),
)


@pytest.mark.thorough
def test_markup_in_any_order_is_read() -> None:
    for number in range(EXAMPLES):
        chance = random.Random(f"{SEED}/html/{number}")
        source = "".join(chance.choices(_MARKUP, k=chance.randint(1, 120)))
        text = html_text(source)
        assert len(text) <= 20 * len(source), source


@pytest.mark.thorough
@pytest.mark.parametrize(
    "piece", [*_MARKUP, "<a ", "<a x='", '<a x="', "<td rowspan=1000 colspan=30>a", "<p><table><tr><td>", "a\n"]
)
def test_markup_repeated_without_end_takes_no_more_than_linear_time(piece: str) -> None:
    start = time.perf_counter()
    html_text(piece * (50_000 // len(piece)))
    assert time.perf_counter() - start < SECONDS_MAX
