"""Mails of every make, as the texts they hold."""

import base64
from datetime import UTC, datetime

import pytest

from tests.fixtures.mails import only_part, raw, read, received, written


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("utf-8", "Größe 37,42 GB – fertig"),
        ("iso-8859-1", "Größe 37,42 GB"),
        ("windows-1252", "Größe – fertig"),
        ("windows-1251", "Резервное копирование завершено"),
        ("koi8-r", "Резервное копирование завершено"),
        ("gb18030", "备份任务已完成"),
        ("gb2312", "备份任务已完成"),
        ("big5", "備份工作已完成"),
        ("shift_jis", "バックアップが完了しました"),
        ("iso-2022-jp", "バックアップが完了しました"),
        ("euc-kr", "백업이 완료되었습니다"),
        ("utf-7", "Größe 5 GB"),
        ("utf-16", "Größe 5 GB"),
        ("cp850", "Größe 5 GB"),
    ],
)
def test_a_declared_charset_is_read(charset: str, text: str) -> None:
    data = base64.encodebytes(text.encode(charset))
    headers = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n"
    assert only_part(raw(data, headers=headers)).text.strip() == text


@pytest.mark.parametrize(
    ("declared", "really", "text"),
    [
        ("utf8mb4", "utf-8", "Größe"),
        ("cp-850", "cp850", "Größe"),
        ("iso-8859-8-i", "iso8859-8", "גיבוי הושלם"),
        ("no-such-charset", "utf-8", "Größe"),
        ("rot13", "utf-8", "Größe"),
        ("unicode_escape", "utf-8", r"a\nb Größe"),
        ("us-ascii", "utf-8", "Größe"),
        ("us-ascii", "cp1252", "Größe – fertig"),
        ("utf-8", "cp1252", "Fertig für heute: Größe"),
        ("utf-8", "cp1251", "Резервное копирование завершено успешно"),
        ("utf-8", "gb18030", "备份任务已完成，没有错误"),
        ("utf-8", "cp932", "バックアップが完了しました"),
        ("utf-8", "utf-16-le", "Backup of srv02 done"),
        ("x" * 500, "utf-8", "Größe"),
    ],
)
def test_a_charset_that_is_unknown_or_wrong_is_found_by_the_bytes(declared: str, really: str, text: str) -> None:
    mail = raw(text.encode(really), headers=f'Content-Type: text/plain; charset="{declared}"\nContent-Transfer-Encoding: 8bit\n')
    assert only_part(mail).text == text


def test_soft_line_ends_of_quoted_printable_are_undone() -> None:
    mail = raw(
        b"sending incremental fi=\r\nle list =3D done=20\nsize 5 G=\nB", headers="Content-Transfer-Encoding: quoted-printable\n"
    )
    assert only_part(mail).text == "sending incremental file list = done \nsize 5 GB"


def test_base64_with_junk_in_it_and_a_missing_end_is_read() -> None:
    data = base64.b64encode(b"finished: 12 of 12 volumes, none missed").rstrip(b"=")
    mail = raw(b"!!" + data[:20] + b"\r\n -- \x00" + data[20:], headers="Content-Transfer-Encoding: base64\n")
    assert only_part(mail).text.startswith("finished: 12 of 12 volumes, none missed"[:20])


def test_flowed_lines_are_one_line_and_quotes_stay_apart() -> None:
    mail = raw(b"a long line that \ngoes on\n> quoted \n> too\n-- \nSam", headers="Content-Type: text/plain; format=flowed\n")
    assert only_part(mail).text == "a long line that goes on\n> quoted too\n-- \nSam"


def test_colours_progress_lines_and_invisible_marks_leave_plain_lines() -> None:
    mail = raw("10%\r20%\r\n\x1b[01;31merror\x1b[0m\x00 on\u00a0db\u200b1\u202e\n".encode())
    assert only_part(mail).text.rstrip("\n") == "10%\n20%\nerror on db1"


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        ("=?utf-8?B?R3LDtsOfZQ==?=", "Größe"),
        ("=?iso-8859-1?Q?Gr=F6=DFe_5_GB?= heute", "Größe 5 GB heute"),
        ("=?utf-8?B?R3LDt?= =?utf-8?B?sOfZQ==?=", "Größe"),
        ("=?utf-8?Q?Gr=C3?= =?utf-8?Q?=B6=C3=9Fe?=", "Größe"),
        ("=?gb2312?B?sbi33c3qs8k=?=", "备份完成"),
        ("=?utf-8*de?Q?Gr=C3=B6=C3=9Fe?=", "Größe"),
        ("=?utf-8?Q?broken", "=?utf-8?Q?broken"),
        ("=?no-such?Q?plain?=", "plain"),
        ("=?utf-8?B?%%%?= left", "left"),
        ("[OK] a=?b?=c", "[OK] a=?b?=c"),
        ("two\n lines", "two lines"),
    ],
)
def test_subjects_are_decoded_however_they_are_broken(header: str, subject: str) -> None:
    assert read(raw(b"x", subject=header)).subject == subject


def test_a_header_of_eight_bit_bytes_is_read() -> None:
    assert read("Subject: Größe\n\nx".encode("latin-1")).subject == "Größe"


@pytest.mark.parametrize(
    "parameter",
    [
        "filename*=utf-8''gr%C3%B6%C3%9Fe.log",
        "filename*0*=utf-8''gr%C3%B6; filename*1*=%C3%9Fe; filename*2=.log",
        'filename="=?utf-8?Q?gr=C3=B6=C3=9Fe.log?="',
        'filename="C:\\\\logs\\\\größe.log"',
    ],
)
def test_file_names_are_read_in_every_spelling(parameter: str) -> None:
    mail = raw(b"done", headers=f"Content-Type: application/octet-stream\nContent-Disposition: attachment; {parameter}\n")
    assert only_part(mail).name.endswith("größe.log")


def test_the_plain_form_is_preferred_and_the_page_comes_along() -> None:
    mail = written()
    mail.set_content("All 3 volumes were copied without errors.\n")
    mail.add_alternative("<p>All <b>3</b> volumes were copied without errors.</p>", subtype="html")
    part = only_part(mail)
    assert part.text.strip() == "All 3 volumes were copied without errors."
    assert "<b>3</b>" in part.html


@pytest.mark.parametrize("plain", ["", "  \n", "Your mail program does not support HTML.", "View this email in your browser."])
def test_a_plain_form_that_only_stands_in_for_the_page_is_not_read(plain: str) -> None:
    mail = written()
    mail.set_content(plain)
    mail.add_alternative("<p>All 3 volumes were copied. Status: OK. Size: 5 GB. Time: 3 minutes 12 seconds.</p>", subtype="html")
    part = only_part(mail)
    assert part.text.startswith("All 3 volumes")
    assert part.media_type == "text/html"


def test_a_page_sent_as_plain_text_is_read_as_a_page() -> None:
    assert only_part(raw(b"<html><body><table><tr><td>Status<td>OK</table></body></html>")).text == "Status\tOK"


def test_a_log_shown_between_two_forms_of_the_text_is_a_part_of_its_own() -> None:
    mail = raw(
        b"--o\nContent-Type: text/plain\n\nSee the log.\n--o\nContent-Type: multipart/mixed; boundary=i\n\n"
        b"--i\nContent-Type: text/html\n\n<p>See the log.</p>\n"
        b'--i\nContent-Type: text/plain\nContent-Disposition: inline; filename="run.log"\n\ncopied 12 files\n--i--\n--o--\n',
        headers="Content-Type: multipart/alternative; boundary=o\n",
    )
    assert [(part.name, part.text) for part in read(mail).parts] == [("", "See the log."), ("run.log", "copied 12 files")]


@pytest.mark.parametrize("declared", ["", "; boundary=wrong", '; boundary=""'])
def test_a_boundary_that_is_missing_or_wrong_is_found(declared: str) -> None:
    body = b"preamble\n--b1\nContent-Type: text/plain\n\nfirst\n--b1\nContent-Type: text/plain\n\nsecond\n"
    mail = read(raw(body, headers=f"Content-Type: multipart/mixed{declared}\n"))
    assert [part.text for part in mail.parts] == ["first", "second"]


def test_a_boundary_that_begins_like_another_does_not_end_it() -> None:
    body = b"--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n\ninner\n--bb--\n--b\n\nouter\n--b--\nepilogue"
    assert [part.text for part in read(raw(body, headers="Content-Type: multipart/mixed; boundary=b\n")).parts] == [
        "inner",
        "outer",
    ]


def _nested(levels: int) -> bytes:
    body = b"Content-Type: text/plain\n\ninnermost\n"
    for level in range(levels):
        body = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n%s\n--b%d--\n" % (level, level, body, level)
    return b"From: nas@acme.example\nMIME-Version: 1.0\n" + body


def test_fifty_levels_of_nesting_are_followed_and_thousands_are_refused() -> None:
    assert only_part(_nested(50)).text.strip() == "innermost"
    deep = read(_nested(3_000))
    assert deep.problems == ("parts nested deeper than 60 levels were left out",)
    assert deep.parts[0].text == ""


def test_a_mail_of_nothing_is_one_empty_part_with_its_subject() -> None:
    mail = read(raw(b"", subject="[Success] Nightly"))
    assert [(part.text, part.subject) for part in mail.parts] == [("", "[Success] Nightly")]
    assert read(b"").parts[0].text == ""


@pytest.mark.parametrize("data", [b"\0" * 500, b"\xff\xfe", b":", b"\n\n", b"\r", b"MZ\x90\x00\x03", bytes(range(256)) * 8])
def test_bytes_that_are_no_mail_are_read_without_an_error(data: bytes) -> None:
    assert len(read(data).parts) == 1


@pytest.mark.parametrize(
    "header",
    [
        "Message-ID: <[anu10].1c69fb81.7aec0@[anu13].example>",
        'To: "',
        "Date: Fri, 99 Foo 2026 99:99:99 +9999",
        "Date: =?utf-8?q?never?=",
        'From: "((((((((" <',
        "Content-Type: text/plain; charset*=''%",
        "Content-Type: multipart/mixed; boundary*0*=x'y'z",
        "Content-Disposition: ;;;==;",
        "Content-Transfer-Encoding: nonsense",
        "Subject: " + "=?utf-8?q?" * 200,
        "no header at all",
    ],
)
def test_headers_that_break_stricter_readers_do_no_harm(header: str) -> None:
    assert read(f"{header}\nSubject: x\n\nhello\n".encode()).parts[0].text.strip() == "hello"


def test_a_forgotten_blank_line_and_a_line_of_garbage_between_headers_are_survived() -> None:
    assert read(b"Subject: x\nhello: there it is not\nthe body begins here\nand goes on\n").parts[0].text.startswith("the body")
    assert read(b"Subject: x\n@@@ garbage\nDate: Fri, 20 Nov 2026 08:15:00 +0100\n\nhello").sent is not None


def test_sent_is_in_utc_and_none_where_the_date_is_none() -> None:
    assert read(raw(b"x")).sent == datetime(2026, 11, 20, 7, 15, tzinfo=UTC)
    assert read(b"Date: yesterday\n\nx").sent is None


@pytest.mark.parametrize(
    ("header", "sender"),
    [
        ("Nas <Nas@Acme.example>", "nas@acme.example"),
        ("nas@acme.example", "nas@acme.example"),
        ("root@web01", "root@web01"),
        ('"boss@acme.example" <x@evil.example>', "x@evil.example"),
        ("boss@acme.example <x@evil.example>", "x@evil.example"),
        ("nas@acme.example (it (really) is)", "nas@acme.example"),
        ("nas@bücher.example", "nas@xn--bcher-kva.example"),
        ("a@acme.example, b@acme.example", ""),
        ("Nas", ""),
        ("", ""),
    ],
)
def test_the_sender_is_the_one_address_in_from(header: str, sender: str) -> None:
    assert read(f"From: {header}\n\nx".encode()).sender == sender


def test_a_mail_keeps_its_id_however_often_and_by_whichever_way_it_arrives() -> None:
    mail = raw(b"done", headers="Message-ID:  <AbC.1@Acme.example>\n")
    assert read(mail).id == "AbC.1@Acme.example"
    assert read(received(mail, results="amazonses.com; spf=none")).id == "AbC.1@Acme.example"
    nameless = raw(b"done")
    assert read(nameless).id.startswith("sha-")
    again = received(nameless, results="amazonses.com; spf=none").replace(b"1r0fhk3", b"9zzz")
    assert read(again).id == read(nameless).id
    assert read(raw(b"failed")).id != read(nameless).id
    assert read(raw(b"done", subject="another")).id != read(nameless).id


def test_an_id_of_any_length_is_bounded() -> None:
    long = read(raw(b"x", headers=f"Message-ID: <{'a' * 5000}@acme.example>\n")).id
    other = read(raw(b"x", headers=f"Message-ID: <{'b' * 5000}@acme.example>\n")).id
    assert long.startswith("sha-")
    assert len(long) < 60
    assert long != other


@pytest.mark.thorough
def test_of_a_text_that_is_too_long_head_and_tail_are_kept() -> None:
    lines = b"".join(b"copied file number %d of the whole share\n" % number for number in range(55_000))
    part = only_part(raw(b"begin\n" + lines + b"finished: ok\n"))
    assert len(part.text) <= 2 * 1024 * 1024
    assert part.text.startswith("begin\n")
    assert part.text.endswith("\nfinished: ok")
    assert all(line.endswith("whole share") for line in part.text.split("\n")[1:-1])


@pytest.mark.parametrize(
    "media_type", ["plain/text", "text", "text/plain(really)", "TEXT/PLAIN", "ext/plain;;", "text/x-unknown"]
)
def test_a_body_of_a_type_that_does_not_exist_is_read_as_text(media_type: str) -> None:
    assert only_part(raw(b"copied 12 files", headers=f"Content-Type: {media_type}\n")).text == "copied 12 files"
