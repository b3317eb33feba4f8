"""Files attached to mails: texts of every kind, archives, and archives that mean harm."""

import gzip
import io
import zipfile
from email.message import EmailMessage

import pytest

from tests.fixtures.mails import read, written


def _with(*files: tuple[str, bytes], media_type: str = "application/octet-stream", text: str = "see attached") -> EmailMessage:
    mail = written()
    mail.set_content(text)
    for name, data in files:
        main, sub = media_type.split("/")
        mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return mail


def _zip(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("run.log", b"copied 12 files\n", "text/plain"),
        ("run.txt", "Größe 5 GB\n".encode("utf-16"), "text/plain"),
        ("run.json", b'{"status": "ok"}', "application/json"),
        ("run.xml", b"<?xml version='1.0'?><run/>", "application/xml"),
        ("run.csv", b"job;status\na;ok\n", "text/csv"),
        ("result", b'{"status": "ok"}', "application/json"),
        ("noname", b"plain words of a log\n", "text/plain"),
        ("run.out", "Größe\n".encode("cp1252"), "text/plain"),
    ],
)
def test_texts_are_read_by_name_or_by_content(name: str, data: bytes, media_type: str) -> None:
    body, file = read(_with((name, data))).parts
    assert (body.text.strip(), file.name, file.media_type) == ("see attached", name, media_type)
    assert file.text.strip()


def test_an_html_file_is_told_as_text() -> None:
    file = read(_with(("run.html", b"<table><tr><td>Status<td>OK</table>"))).parts[1]
    assert (file.text, file.media_type) == ("Status\tOK", "text/html")
    assert "<table>" in file.html


def test_files_in_a_zip_are_parts_of_their_own() -> None:
    data = _zip(("logs/run.log", b"copied\n"), ("logs/", b""), ("../../etc/run.json", b"{}"), ("picture.png", b"\x89PNG"))
    names = [part.name for part in read(_with(("all.zip", data))).parts]
    assert names == ["", "all.zip/logs/run.log", "all.zip/etc/run.json"]


def test_a_gzipped_log_is_read() -> None:
    file = read(_with(("run.log.gz", gzip.compress(b"copied 12 files\n")))).parts[1]
    assert (file.name, file.text) == ("run.log", "copied 12 files\n")


@pytest.mark.thorough
def test_the_end_of_a_long_log_in_a_zip_is_kept() -> None:
    log = b"".join(b"file %d was copied to the other side\n" % number for number in range(75_000)) + b"finished: failed\n"
    text = read(_with(("all.zip", _zip(("run.log", log))))).parts[1].text
    assert len(text) <= 2 * 1024 * 1024
    assert text.startswith("file 0 was")
    assert text.endswith("finished: failed\n")


def test_a_zip_bomb_is_stopped_and_told() -> None:
    mail = read(_with(("all.zip", _zip(("run.log", b"0" * 12_000_000)))))
    assert any("unpacks to far more than it should" in problem for problem in mail.problems)
    assert sum(len(part.text) for part in mail.parts) < 3 * 1024 * 1024


@pytest.mark.thorough
def test_a_gzip_bomb_is_stopped_and_told() -> None:
    mail = read(_with(("run.log.gz", gzip.compress(b"0" * 12_000_000))))
    assert any("unpacks to far more than it should" in problem for problem in mail.problems)


def test_an_archive_of_very_many_files_is_read_in_part() -> None:
    mail = read(_with(("all.zip", _zip(*((f"{number}.log", b"x") for number in range(150))))))
    assert mail.problems == ("all.zip: more than 100 files; the rest was left out",)
    assert len(mail.parts) == 101


def test_a_list_of_contents_that_is_too_long_is_not_read() -> None:
    data = bytearray(_zip(("run.log", b"copied")))
    end = data.rindex(b"PK\x05\x06")
    data[end + 12 : end + 16] = (50_000_000).to_bytes(4, "little")
    assert read(_with(("all.zip", bytes(data)))).problems == ("all.zip: a zip file with too many files in it",)


def test_an_archive_within_an_archive_is_not_opened() -> None:
    mail = read(_with(("all.zip", _zip(("inner.zip", _zip(("run.log", b"copied")))))))
    assert mail.problems == ("all.zip/inner.zip: an archive within an archive is not opened",)


def test_an_encrypted_zip_is_told() -> None:
    data = bytearray(_zip(("run.log", b"copied"), method=zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert read(_with(("all.zip", bytes(data)))).problems == ("all.zip/run.log: encrypted with a password",)


def test_methods_that_take_unknown_memory_are_not_unpacked() -> None:
    mail = read(_with(("all.zip", _zip(("run.log", b"copied"), method=zipfile.ZIP_LZMA))))
    assert mail.problems == ("all.zip/run.log: packed in a way that is not read",)


@pytest.mark.parametrize("cut", [4, 20, 40, 60, 90])
def test_a_zip_that_is_cut_off_is_told(cut: int) -> None:
    data = _zip(("run.log", b"copied 12 files of many"))
    assert read(_with(("all.zip", data[:cut]))).problems


def test_a_zip_with_a_broken_byte_does_no_harm() -> None:
    sound = _zip(("run.log", b"copied 12 files of many"))
    for place in range(0, len(sound), 3):
        data = bytearray(sound)
        data[place] ^= 0xFF
        assert read(_with(("all.zip", bytes(data)))).parts


def test_what_holds_no_text_is_named_only_where_nothing_else_can_be_read() -> None:
    picture = ("chart.png", b"\x89PNG\r\n")
    assert read(_with(picture)).problems == ()
    assert read(_with(picture, text="")).problems == ("chart.png: no text (application/octet-stream)",)
    tnef = b'x\x9f>"' + b"\x01\x00" * 50
    assert "winmail.dat" in read(_with(("winmail.dat", tnef), media_type="application/ms-tnef", text="")).problems[0]
    sealed = _with(("smime.p7m", b"0\x82"), media_type="application/pkcs7-mime", text="")
    assert "sealed" in read(sealed).problems[0]


def test_binaries_under_the_name_of_a_log_are_not_taken_for_text() -> None:
    assert read(_with(("run.log", bytes(range(256)) * 40), text="")).problems == ("run.log: no text (application/octet-stream)",)


def test_no_more_parts_are_read_than_anyone_looks_at() -> None:
    mail = read(_with(*((f"{number}.log", b"copied") for number in range(150))))
    assert len(mail.parts) == 120
    assert mail.problems
