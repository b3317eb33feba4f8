"""Mails about backups that tell of no run: licences, test mails, full mailboxes, newsletters. They speak, and say nothing."""

import re

from workflows.backup.reports.backup_words import is_backup_line
from workflows.backup.reports.cron import cron_of
from workflows.backup.reports.report import Report
from workflows.backup.reports.subjects import plain_subject
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
_CHANGED = re.compile(
    r"\b(?:back-?up|recovery|verification|security|one-time) codes?\b"
    r"|\b(?:job|plan|policy|schedule|task|agent|client|account|user|settings?|configuration)s?(?: \S{1,30}){0,2}"
    r" (?:created|added|deleted|removed|changed|modified|edited|updated|enabled|installed|upgraded|registered|renamed)"
    r"(?=\s*(?:$|[:.]|(?:by|on|in|from|successfully)\b))"
    r"|\b(?:agent|client|firmware|software|plugin|app) (?:update|upgrade|installation)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\bsecurity (?:alert|notice|advisory)\b|\bsign(?:ed)?-?in\b|\bpassword\b|\btwo-factor\b|\bpayment\b|\breceipt\b"
    r"|\byour order\b"
    r"|\border (?:no|number|confirm)|\bfree trial\b|\binvitation\b|\b(?:system|dsm|version) (?:update|upgrade|installation)\b"
    r"|\b(?:has been|was|successfully) (?:successfully )?(?:updated|upgraded|installed) (?:to|on)\b"
    r"|\bcertificate\b|\bdomain (?:transfer|renew|expir)|\buptime\b|\bmonitor\b.{0,40}\b(?:down|up)\b|\breplication lag\b"
    r"|\bdeploy(?:ment|ed)\b|\bticket #?\d|\breminder\b|\bshared\b.{0,60}\b(?:file|folder|with you)\b|^\W*shared:"
    r"|\bcredit (?:report|score)\b|\bcleaning required\b|\bups\b.{0,30}\bbattery\b|\bpredicted\b|\bs\.?m\.?a\.?r\.?t\b"
    r"|\b(?:ip address|login) (?:\S+ )?(?:blocked|attempt)|\btemperature\b|\bfan (?:fail|speed|error)",
    re.IGNORECASE,
)
"""What else machines write about; said in front of any word of a backup, for a backup may fail for want of a password."""
_SPACE = re.compile(
    r"^(?:\W*\[[^\]]{0,60}\])?[\W_]*(?:(?:warning|alert|critical|notice|your|the|\S{1,30}:)[\W_]+){0,2}"
    r"(?:icloud |mailbox |storage |disk |free |drive |volume |pool |cloud |available )*"
    r"(?:storage|space|disk|volume|pool|mailbox|drive)\b[^:]{0,30}\b(?:full|low|running out|nearly|nearing|exceed\w*|\d+ ?%)",
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
    subject = plain_subject(part.subject)
    other = _OTHER.search(subject)
    elsewhere = other is not None and not is_backup_line(subject[: other.start()]) and not cron_of(subject).command
    told = _SUBJECT.search(subject) or _CHANGED.search(subject) or _SPACE.search(subject) or _TEXT.search(text[:4000])
    return () if sold or elsewhere or told else None
