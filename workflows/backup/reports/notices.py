"""Mails about backups that tell of no run: licences, test mails, full mailboxes, newsletters. They speak, and say nothing."""

import re

from workflows.backup.reports.report import Report
from workflows.kernel.mail import Part

_SUBJECT = re.compile(
    r"\b(?:licen[cs]e|subscription|support contract|lizenz|abonnement|licence|licencia|licenza)\b.{0,60}\b(?:expir|renew"
    r"|läuft|abgelaufen|ablauf"
    r"|caduc|scad|update available|nearing)"
    r"|\btest (?:e-?mail|message|mail|notification)\b|\btestnachricht\b|\btest-?mail\b|\bmessage de test\b|\bmensaje de prueba\b"
    r"|\bmessaggio di prova\b|\bnew version\b|\bupdate available\b|\bis now available\b|\bwelcome to\b|\bwebinar\b|\bnewsletter\b"
    r"|\bpassword (?:reset|changed)\b|\bnew (?:login|sign-in)\b|\bverify your\b|\binvoice\b|\brechnung\b",
    re.IGNORECASE,
)
_TEXT = re.compile(
    r"successfully set up (?:the )?(?:e-?mail )?notification|this is a test (?:e-?mail|message|notification)|dies ist eine test"
    r"|\b(?:license|licence|lizenz|subscription) (?:for .{1,60} )?(?:will expire|expires|has expired|läuft .{0,40}ab)"
    r"|\bunsubscribe\b.{0,200}\bnewsletter\b|\bview (?:this email )?in (?:your )?browser\b"
    r"|\byou are receiving this (?:e-?mail )?because you"
    r"|\b(?:sign|log) ?in (?:within|now|here|to (?:keep|avoid|restore|verify))\b|\bverify your (?:account|mailbox|identity)"
    r"|\byour mailbox\b.{0,80}\b(?:full|storage|quota|suspend)|\bmailbox storage\b|\bce message est un test\b",
    re.IGNORECASE | re.DOTALL,
)
_NEWS = re.compile(
    r"\b(?:unsubscribe|abbestellen|abmelden|se désabonner|darse de baja|annulla l'iscrizione|uitschrijven)\b", re.IGNORECASE
)
_SALES = re.compile(
    r"\b(?:save \d+ ?%|in this issue|case study|read more|learn more|register now|free trial|did you know)\b", re.IGNORECASE
)


def read(part: Part) -> tuple[Report, ...] | None:
    """No run, where this is one of them; None where it is not."""
    text = part.text[:20_000]
    sold = bool(_NEWS.search(text) and _SALES.search(text))
    return () if sold or _SUBJECT.search(part.subject) or _TEXT.search(text[:4000]) else None
