"""Mails that are forwarded or quoted in others: the original is the report, what a person wrote above it is not."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from tests.fixtures.mails import only_part, raw, read, written
from workflows.kernel.mail import Part

REPORT = "job: nightly\nstatus: failed\nsize: 5 GB"


def _forwarded(text: str) -> Part:
    """The original in a mail that a person forwarded with the word "fyi" above it."""
    mail = read(raw(text.encode(), headers="Content-Type: text/plain; charset=utf-8\n", subject="Fwd: nightly"))
    original, comment = mail.parts
    assert comment.comment
    assert comment.text.strip() == "fyi"
    assert (comment.subject, comment.sender) == ("Fwd: nightly", "nas@acme.example")
    assert not original.comment
    return original


@pytest.mark.parametrize(
    "block",
    [
        (
            "---------- Forwarded message ---------\nFrom: Nas <nas@dc.example>\n"
            "Date: Thu, Nov 19, 2026 at 9:12 PM\nSubject: nightly\nTo: <sam@acme.example>"
        ),
        (
            "---------- Forwarded message ---------\nVon: Nas <nas@dc.example>\n"
            "Date: Do., 19. Nov. 2026 um 21:12 Uhr\nSubject: nightly\nTo: Sam"
        ),
        (
            "________________________________\nFrom: Nas <nas@dc.example>\n"
            "Sent: Thursday, November 19, 2026 9:12 PM\nTo: Sam\nSubject: nightly"
        ),
        (
            "-----Original Message-----\nFrom: Nas [mailto:nas@dc.example]\nSent: 19 November 2026 21:12\n"
            "To: Sam; Kim\n Lee\nSubject: nightly"
        ),
        "Von: Nas <nas@dc.example>\nGesendet: Donnerstag, 19. November 2026 21:12\nAn: Sam\nBetreff: nightly",
        (
            "-----Ursprüngliche Nachricht-----\nVon: nas@dc.example\n"
            "Gesendet: Donnerstag, 19. November 2026 21:12\nAn: Sam\nBetreff: nightly"
        ),
        "De : Nas <nas@dc.example>\nEnvoyé : jeudi 19 novembre 2026 21:12\nÀ : Sam\nObjet : nightly",
        "De: Nas <nas@dc.example>\nEnviado el: jueves, 19 de noviembre de 2026 21:12\nPara: Sam\nAsunto: nightly",
        "Da: Nas <nas@dc.example>\nInviato: giovedì 19 novembre 2026 21:12\nA: Sam\nOggetto: nightly",
        "Van: Nas <nas@dc.example>\nVerzonden: donderdag 19 november 2026 21:12\nAan: Sam\nOnderwerp: nightly",
        "De: Nas <nas@dc.example>\nEnviada em: quinta-feira, 19 de novembro de 2026 21:12\nPara: Sam\nAssunto: nightly",
        "Od: Nas <nas@dc.example>\nWysłano: czwartek, 19 listopada 2026 21:12\nDo: Sam\nTemat: nightly",
        "Fra: Nas <nas@dc.example>\nSendt: torsdag den 19. november 2026 21:12\nTil: Sam\nEmne: nightly",
        "Från: Nas <nas@dc.example>\nSkickat: den 19 november 2026 21:12\nTill: Sam\nÄmne: nightly",
        "Lähettäjä: Nas <nas@dc.example>\nLähetetty: torstai 19. marraskuuta 2026 21.12\nVastaanottaja: Sam\nAihe: nightly",
        "Od: Nas <nas@dc.example>\nOdesláno: čtvrtek 19. listopadu 2026 21:12\nKomu: Sam\nPředmět: nightly",
        "От: Nas <nas@dc.example>\nОтправлено: 19 ноября 2026 г. 21:12\nКому: Sam\nТема: nightly",
        "Kimden: Nas <nas@dc.example>\nGönderildi: 19 Kasım 2026 Perşembe 21:12\nKime: Sam\nKonu: nightly",
        "发件人: Nas <nas@dc.example>\n发送时间: 2026年11月19日 21:12\n收件人: Sam\n主题: nightly",
        "寄件者： Nas <nas@dc.example>\n日期： 2026年11月19日 下午9:12\n收件者： Sam\n主旨： nightly",
        "差出人: Nas <nas@dc.example>\n送信日時: 2026年11月19日 21:12\n宛先: Sam\n件名: nightly",
        "보낸 사람: Nas <nas@dc.example>\n보낸 날짜: 2026년 11월 19일 오후 9:12\n받는 사람: Sam\n제목: nightly",
        (
            "Begin forwarded message:\n\nFrom: Nas <nas@dc.example>\nSubject: nightly\n"
            "Date: 19. November 2026 at 21:12:00 CET\nTo: Sam"
        ),
        (
            "Anfang der weitergeleiteten Nachricht:\n\nVon: Nas <nas@dc.example>\nBetreff: nightly\n"
            "Datum: 19. November 2026 um 21:12:00 MEZ\nAn: Sam"
        ),
        (
            "Début du message réexpédié :\n\nDe: Nas <nas@dc.example>\nObjet: nightly\n"
            "Date: 19 novembre 2026 à 21:12:00 UTC+1\nÀ: Sam"
        ),
        (
            "-------- Weitergeleitete Nachricht --------\nBetreff: \tnightly\n"
            "Datum: \tThu, 19 Nov 2026 21:12:00 +0100\nVon: \tNas <nas@dc.example>\nAn: \tSam"
        ),
        (
            "*From:* Nas <nas@dc.example>\n*Sent:* Thursday, November 19, 2026 9:12 PM\n*To:* Sam\n"
            "*Cc:* A; B\n*Bcc:* C\n*Subject:* nightly"
        ),
        "From: Nas <nas@dc.example>\n\nSent: 2026-11-19 21:12\n\nTo: Sam\n\nSubject: nightly",
    ],
)
def test_a_forwarded_report_is_the_part_that_counts(block: str) -> None:
    original = _forwarded(f"fyi\n\n{block}\n\n{REPORT}\n")
    assert original.text.strip() == REPORT
    assert (original.subject, original.sender) == ("nightly", "nas@dc.example")
    assert original.sent == datetime(2026, 11, 19, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "On Thu, Nov 19, 2026 at 9:12 PM root <nas@dc.example> wrote:",
        "On Thu, Nov 19, 2026 at 9:12 PM a very long name of a machine in a rack <\nnas@dc.example> wrote:",
        "Am 19.11.2026 um 21:12 schrieb Nas <nas@dc.example>:",
        "Le jeu. 19 nov. 2026 à 21:12, Nas <nas@dc.example> a écrit :",
        "El jue, 19 nov 2026 a las 21:12, Nas (<nas@dc.example>) escribió:",
        "Il giorno gio 19 nov 2026 alle ore 21:12 Nas <nas@dc.example> ha scritto:",
        "Op do 19 nov. 2026 om 21:12 schreef Nas <nas@dc.example>:",
        "Em qui., 19 de nov. de 2026 às 21:12, Nas <nas@dc.example> escreveu:",
        "czw., 19 lis 2026 o 21:12 Nas <nas@dc.example> napisał(a):",
        "Den tors 19 nov. 2026 kl 21:12 skrev Nas <nas@dc.example>:",
        "19 ноября 2026 г., 21:12, Nas <nas@dc.example> написал:",
        "2026年11月19日 21:12，Nas <nas@dc.example> 写道：",
        "2026年11月19日(木) 21:12 Nas <nas@dc.example>:",
    ],
)
def test_a_quoted_report_is_the_part_that_counts(line: str) -> None:
    quoted = "\n".join(f"> {row}" for row in REPORT.split("\n"))
    original = _forwarded(f"fyi\n\n{line}\n\n{quoted}\n")
    assert original.text.strip() == REPORT
    assert original.sender == "nas@dc.example"
    assert original.sent == datetime(2026, 11, 19, 20, 12, tzinfo=UTC)


def test_what_is_written_right_above_a_quote_is_not_taken_for_its_heading() -> None:
    original = _forwarded("fyi\nOn Thu, Nov 19, 2026 at 9:12 PM root <nas@dc.example> wrote:\n> status: failed\n")
    assert original.text == "status: failed"


def test_what_is_written_below_and_between_quotes_is_no_report() -> None:
    mail = read(
        raw(b"On 19 Nov 2026 at 21:12 nas@dc.example wrote:\n> status: failed\nbut it worked\n> size: 5 GB\nall is well\n")
    )
    assert [part.text for part in mail.parts] == ["status: failed\nsize: 5 GB", "but it worked\nall is well"]
    assert [part.comment for part in mail.parts] == [False, True]


def test_a_mail_in_which_everything_is_quoted_is_unquoted() -> None:
    assert only_part(raw(b"> status: failed\n>\n> size: 5 GB\n")).text == "status: failed\n\nsize: 5 GB"


def test_apple_mail_quotes_what_it_forwards() -> None:
    block = "> From: Nas <nas@dc.example>\n> Subject: nightly\n> Date: 19 November 2026 at 21:12:00 GMT+1\n> To: Sam"
    original = _forwarded(f"fyi\n\nBegin forwarded message:\n\n{block}\n> \n> status: failed\n")
    assert (original.text.strip(), original.subject, original.sender) == ("status: failed", "nightly", "nas@dc.example")


def test_a_report_forwarded_twice_is_found_at_the_bottom() -> None:
    first = "From: Nas <nas@dc.example>\nSent: Thursday, November 19, 2026 9:12 PM\nTo: Kim\nSubject: nightly"
    second = "From: Kim <kim@acme.example>\nSent: Friday, November 20, 2026 8:00 AM\nTo: Sam\nSubject: FW: nightly"
    mail = read(raw(f"please look\n\n{second}\n\nme neither\n\n{first}\n\nstatus: failed\n".encode()))
    assert [(part.text, part.sender) for part in mail.parts] == [
        ("status: failed", "nas@dc.example"),
        ("me neither", "kim@acme.example"),
        ("please look", "nas@acme.example"),
    ]


def test_an_html_forward_is_split_like_a_plain_one() -> None:
    mail = written(subject="WG: nightly")
    block = (
        "<b>Von:</b> Nas &lt;nas@dc.example&gt;<br><b>Gesendet:</b> Donnerstag, 19. November 2026 21:12<br>"
        "<b>An:</b> Sam<br><b>Betreff:</b> nightly"
    )
    table = "<table><tr><td>Status<td>Failed<tr><td>Size<td>5 GB</table>"
    mail.set_content(f"<p>fyi</p><hr><div>{block}</div>{table}", subtype="html")
    parts = read(mail).parts
    assert [(part.text, part.subject) for part in parts] == [("Status\tFailed\nSize\t5 GB", "nightly"), ("fyi", "WG: nightly")]


def test_an_attached_mail_comes_before_what_was_written_with_it() -> None:
    original = written(subject="nightly", sender="Nas <nas@dc.example>")
    original.set_content("status: failed")
    original.add_attachment("log line", filename="run.log")
    mail = written(subject="Fwd: nightly", sender="Sam <sam@acme.example>")
    mail.set_content("see attached, all good")
    mail.add_attachment(original)
    assert [(part.text.strip(), part.name, part.sender, part.comment) for part in read(mail).parts] == [
        ("status: failed", "", "nas@dc.example", False),
        ("log line", "run.log", "nas@dc.example", False),
        ("see attached, all good", "", "sam@acme.example", True),
    ]


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "7bit"])
def test_an_attached_mail_is_found_in_every_encoding_and_as_a_file(encoding: str) -> None:
    inner = raw(b"status: failed", subject="nightly")
    outer = EmailMessage()
    outer["From"] = "sam@acme.example"
    outer.set_content("see attached")
    outer.add_attachment(inner, maintype="application", subtype="octet-stream", cte=encoding, filename="nightly.eml")
    assert [(part.text.strip(), part.subject) for part in read(outer).parts] == [
        ("status: failed", "nightly"),
        ("see attached", ""),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "From: 2026-11-19\nTo: 2026-11-20\nData: 5 GB\nstatus: ok",
        "Date: today\nSubject: share\nstatus: ok",
        ">f+++++++++ docs/a.bin\n>f+++++++++ docs/b.bin\n>f.st...... docs/c.bin\n",
        "--- Start running command at 21:12 ---\nstatus: ok\n--- Finished ---",
        "--------------[ Statistics ]--------------\nErrors 0",
        "log said:\n\n2026-11-19 21:12 wrote: 5 files",
        "On srv02 the following was copied:\n/etc\n/home",
        "forwarded message count: 0\noriginal message count: 0",
    ],
)
def test_reports_with_lines_that_look_alike_are_left_whole(text: str) -> None:
    part = only_part(raw(text.encode()))
    assert part.text == text.strip("\n")
    assert not part.comment


@pytest.mark.parametrize(
    ("written_as", "expected"),
    [
        ("11/23/2026 21:12", datetime(2026, 11, 23, 20, 12, tzinfo=UTC)),
        ("23/11/2026 21:12", datetime(2026, 11, 23, 20, 12, tzinfo=UTC)),
        ("03/04/2026 21:12", None),
        ("03.04.2026 21:12", datetime(2026, 4, 3, 20, 12, tzinfo=UTC)),
        ("31 February 2026 21:12", None),
        ("99.99.9999 99:99", None),
        ("some day", None),
        ("Thu, 19 Nov 2026 21:12:00 -0500", datetime(2026, 11, 20, 2, 12, tzinfo=UTC)),
        ("12 March 2026 12:05 AM", datetime(2026, 3, 11, 23, 5, tzinfo=UTC)),
    ],
)
def test_a_date_is_read_when_it_is_sure(written_as: str, expected: datetime | None) -> None:
    original = _forwarded(f"fyi\n\nFrom: nas@dc.example\nSent: {written_as}\nTo: Sam\nSubject: nightly\n\nok\n")
    assert original.sent == expected
