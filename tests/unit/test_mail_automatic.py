"""Mails that no one wrote on purpose, and those of tools, which are not among them."""

import pytest

from tests.fixtures.mails import raw, read


def _kind(headers: str = "", *, subject: str = "Nightly run", body: str = "done") -> str:
    return read(raw(body.encode(), headers=headers, subject=subject)).automatic


@pytest.mark.parametrize(
    "subject",
    [
        "Out of Office: nightly",
        "Automatic reply: nightly",
        "AW: Abwesenheitsnotiz",
        "Automatische Antwort: nightly",
        "Réponse automatique : nightly",
        "Respuesta automática: nightly",
        "Risposta automatica: nightly",
        "Automatisch antwoord: nightly",
        "Resposta automática: nightly",
        "Odpowiedź automatyczna: nightly",
        "Autosvar: nightly",
        "Автоматический ответ: nightly",
        "自动答复: nightly",
        "自動応答: nightly",
        "자동 회신: nightly",
    ],
)
def test_an_absent_person_is_known_by_the_subject(subject: str) -> None:
    assert _kind(subject=subject) == "out of office"


@pytest.mark.parametrize(
    "headers", ["Auto-Submitted: auto-replied (vacation)\n", "X-Autoreply: yes\n", "Precedence: auto_reply\n"]
)
def test_an_absent_person_is_known_by_the_headers(headers: str) -> None:
    assert _kind(headers) == "out of office"


@pytest.mark.parametrize(
    ("headers", "subject", "body"),
    [
        ("Auto-Submitted: auto-generated\nPrecedence: bulk\nX-Auto-Response-Suppress: All\n", "Cron <root@web01> run", "done"),
        ("X-Cron-Env: <SHELL=/bin/sh>\n", "Cron <root@web01> run", "done"),
        ("List-Id: <alerts.acme.example>\n", "[Success] Nightly", "done"),
        (
            "",
            "[OK] run",
            "done\n--\nIf you wish to stop receiving notifications, click here to unsubscribe: https://sns.example/",
        ),
        ("List-Unsubscribe: <mailto:x@acme.example>\n", "[OK] run", "All 3 volumes were copied."),
        ("", "Servers out of office hours: nightly run", "done"),
        ("", "Ausente: volumen nocturno", "falta"),  # missing, not away
        ("", "Replica: auto reply queue ok", "done"),
    ],
)
def test_mails_of_tools_are_not_taken_for_automatic_answers(headers: str, subject: str, body: str) -> None:
    assert _kind(headers, subject=subject, body=body) == ""


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ("List-Unsubscribe: <https://x.example>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n", "Hello"),
        ("List-Unsubscribe: <https://x.example>\nPrecedence: bulk\n", "Five reasons. Unsubscribe: https://x.example"),
        ("List-Unsubscribe: <https://x.example>\nX-Campaign-Id: 7\n", "Hello"),
        ("", "View this email in your browser. Save 20% today. Unsubscribe here."),
        ("", "In dieser Ausgabe: fünf Gründe. Im Browser ansehen. Newsletter abbestellen."),
    ],
)
def test_newsletters_are_known_by_two_marks(headers: str, body: str) -> None:
    assert _kind(headers, body=body) == "newsletter"


def test_bounces_and_receipts_are_known_by_their_form() -> None:
    bounce = "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n"
    body = b"--b\n\nIt could not be delivered.\n--b\nContent-Type: message/delivery-status\n\nAction: failed\n--b--\n"
    mail = read(raw(body, headers=bounce))
    assert mail.automatic == "bounce"
    assert mail.parts[0].text == "It could not be delivered."
    assert _kind("Content-Type: multipart/report; report-type=disposition-notification\n") == "read receipt"
    daemon = raw(b"failed").replace(b"From: nas@", b"From: MAILER-DAEMON@")
    assert read(daemon).automatic == "bounce"
    postmaster = raw(b"queue is empty").replace(b"From: nas@", b"From: postmaster@")
    assert read(postmaster).automatic == ""
