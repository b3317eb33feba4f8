"""The front door: which part of a mail speaks, and which reader."""

from datetime import UTC, datetime

from workflows.backup.reports.read import read, read_mail
from workflows.kernel.mail import Mail, Part

SENT = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
GOOD = "processed 10 files, 1.000 MiB in 0:01\nsnapshot 0a1b2c3d saved\n"
BAD = "rsync error: error in file IO (code 11) at receiver.c(393) [receiver=3.2.7]\n"


def mail(*parts: Part, automatic: str = "") -> Mail:
    return Mail(id="1", sender="root@atlas.example.org", subject="night", sent=SENT, parts=parts, automatic=automatic)


def test_the_first_part_that_a_reader_knows_speaks() -> None:
    reading = read_mail(mail(Part(text="see below"), Part(text=GOOD), Part(text="notes")))
    assert (reading.format, reading.reports[0].tool) == ("restic", "restic")
    assert reading.part is not None
    assert reading.part.text == GOOD


def test_a_log_that_says_otherwise_is_believed_before_a_good_body() -> None:
    reading = read_mail(mail(Part(text=GOOD), Part(text=BAD, name="rsync.log")))
    assert [report.status for report in reading.reports] == ["failure"]


def test_what_a_person_wrote_above_a_report_is_not_read() -> None:
    reading = read_mail(mail(Part(text=BAD), Part(text=GOOD, comment=True)))
    assert [report.tool for report in reading.reports] == ["rsync"]
    assert read_mail(mail(Part(text=GOOD, comment=True))).format == ""


def test_an_automatic_answer_says_nothing() -> None:
    assert read_mail(mail(Part(text=GOOD), automatic="out of office")).reports == ()


def test_of_what_looks_like_a_newsletter_only_a_format_with_a_name_is_believed() -> None:
    assert len(read_mail(mail(Part(text=GOOD), automatic="newsletter")).reports) == 1
    loose = Part(text="Job: a\nStatus: OK\nStart: 2026-11-22 01:00\n", subject="Backup")
    assert len(read_mail(mail(loose)).reports) == 1
    assert read_mail(mail(loose, automatic="newsletter")).reports == ()


def test_a_mail_that_nobody_knows_is_left_to_somebody_else() -> None:
    reading = read_mail(mail(Part(text="The harbour was calm.")))
    assert (reading.reports, reading.format, reading.part) == ((), "", None)
    assert read(Part(text="The harbour was calm.")) is None


def test_colours_and_quotation_marks_do_not_hide_a_report() -> None:
    assert len(read(Part(text="\x1b[32;01m" + GOOD.replace("\n", "\x1b[0m\r\n"))) or ()) == 1
    assert len(read(Part(text="Sam wrote:\n" + "".join(f"> {line}\n" for line in GOOD.splitlines()))) or ()) == 1
