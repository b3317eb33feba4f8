"""Mangled texts: no error, no long thinking, and no success out of a failure.

`FUZZ_EXAMPLES=100000 pytest -m thorough tests/unit/reports/test_fuzz.py` tries as many by hand.
"""

import json
import os
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.reports import OURS
from workflows.backup.reports import shapes
from workflows.backup.reports.read import read, read_mail
from workflows.kernel import mail
from workflows.kernel.mail import Part

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "100"))
LONG = 1_000_000 if EXAMPLES >= 1000 else 30_000
BUDGET_SECONDS = max(2.0, 8.0 * LONG / 1_000_000)
"""For a text that long, on a machine that does other things too. What thinks in squares takes minutes."""

LABELS = [json.loads(line) for line in (OURS / "labels.jsonl").read_text("utf-8").splitlines()]
MAILS = {label["file"]: mail.read_mail((OURS / label["file"]).read_bytes()) for label in LABELS}
PARTS = [part for one in MAILS.values() for part in one.parts]
TROUBLE = {
    "restic": "Fatal: unable to save snapshot: no space left on device",
    "borg": "terminating with error status, rc 2",
    "borgmatic": "/etc/borgmatic.d/desk.yaml: Error running configuration file",
    "duplicity": "Giving up after 5 attempts. OSError: No space left on device",
    "duply": "--- Finished state FAILED 'code 23' at 2026-11-22 02:00:04.512 - Runtime 00:00:02.382 ---",
    "rclone": "2026/11/22 02:00:00 Failed to sync: permission denied",
    "rsync": "rsync error: error in file IO (code 11) at receiver.c(393) [receiver=3.2.7]",
    "rsnapshot": "ERROR: /usr/bin/rsync returned 12 while processing /srv/mail/",
    "mysqldump": "mysqldump: Got errno 28 on write",
    "pg_dump": "pg_dump: error: query failed: FATAL:  terminating connection",
    "mariabackup": "[00] 2026-11-22 01:30:10 Error: cannot write",
    "mongodump": "2026-11-22T01:10:30.100+0000\tFailed: disk full",
    "pgbackrest": "2026-11-22 02:31:02.201 P00   INFO: backup command end: aborted with exception [082]",
    "tar": "tar: Exiting with failure status due to previous errors",
    "gitlab": "2026-11-22 03:01:40 UTC -- Dumping repositories ... [FAILED]",
    "urbackup": "2026-11-22 01:00:41(error): Backup failed",
    "script": "Status: FAILED",
}
GOOD = [
    (label["tool"], MAILS[label["file"]].parts[0])
    for label in LABELS
    if label["tool"] in TROUBLE and label["kind"] == "report" and len(label["jobs"]) == 1 and not label.get("maintenance")
    if label["jobs"][0]["status"] == "success"
    and '{"' not in MAILS[label["file"]].parts[0].text
    and MAILS[label["file"]].parts[0].text
]

SCRAPS = st.sampled_from(
    [
        *("\n", "\t", " " * 9, ":", "0", "99999999999999999999", "31.02.2026", "24:61", "Status: OK", "Errors: -1", "-1 GB"),
        *("é\u202f", "{", "]", '"', "<a>", "\x1b[31m", "2026-11-22 02:00:01", "1e400", "NaN", "rc ", "Size: ", "💾", "\x00"),
        *("١٢٣ MB", "²", "((((", "|", "----"),
    ]
)


@st.composite
def mangled(draw: st.DrawFn) -> Part:
    """A part of a mail of ours with pieces cut out, doubled, moved and put in."""
    part = draw(st.sampled_from(PARTS))
    text = part.text[:6000]
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 200)))
        piece = draw(st.sampled_from(["", text[start:end] * 2, text[end : end + 80]]) | SCRAPS | st.text(max_size=8))
        text = text[:start] + piece + text[end:]
    subject = part.subject if draw(st.booleans()) else draw(st.text(max_size=60))
    return Part(text=text, subject=subject, sent=part.sent, name=part.name, media_type=part.media_type)


@pytest.mark.thorough
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(part=mangled())
def test_no_mangled_text_breaks_a_reader(part: Part) -> None:
    for report in (*(read(part) or ()), *shapes.guess(part)):
        assert len(report.said) <= 200
        assert report.said.isprintable()
        assert report.size is None or 0 <= report.size <= 10**18


@pytest.mark.thorough
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(good=st.sampled_from(GOOD), place=st.floats(0, 1))
def test_a_line_of_trouble_anywhere_leaves_no_success_alone(good: tuple[str, Part], place: float) -> None:
    tool, part = good
    lines = part.text.split("\n")
    at = round(place * len(lines))
    text = "\n".join([*lines[:at], TROUBLE[tool], *lines[at:]])
    reports = read(Part(text=text, subject=part.subject, sent=part.sent)) or ()
    assert {report.status for report in reports} != {"success"}, text


@pytest.mark.thorough
@pytest.mark.parametrize(
    "piece",
    [
        *("a", "x y ", "no\n", "1 ", "error: \n", "- ", "Start: 2026-11-22 01:00\n", "\t", " ", "{", '[{"a":', "<a>", "> "),
        *("| a | b |\n", "12:00 ", "--- Logging error ---\n", "WARNING:\n\nThe profile's folder\n", "Transferred: 1 B / 1 B, "),
        *(
            "\n",
            " \n",
            "\t\n",
            "Backup job: ",
            "Status OK ",
            "1.1.",
            "Nov 1 ",
            "terminating with ",
            "rc ",
            "exit code ",
            "/usr/bin/rsync \\\n",
        ),
        *("Job  Status  Size\n", '"Backup ', "Attempt 1/2 succeeded\n", "a: b\n", "2026/11/22 02:00:00 ERROR : "),
    ],
)
def test_a_long_text_of_anything_is_read_in_a_moment(piece: str) -> None:
    text = (piece * (LONG // len(piece) + 1))[:LONG]
    began = time.process_time()
    read(Part(text=text, subject="Backup report"))
    shapes.guess(Part(text=text, subject="Backup report"))
    assert time.process_time() - began < BUDGET_SECONDS


@pytest.mark.thorough
def test_each_mail_cut_off_anywhere_is_read_without_an_error() -> None:
    for one in MAILS.values():
        for part in one.parts[:1]:
            for cut in range(0, len(part.text), max(1, len(part.text) // 12)):
                read(Part(text=part.text[:cut], subject=part.subject, sent=part.sent))
        read_mail(one)
