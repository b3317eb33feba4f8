"""What the subject of a report names: "[Success] Nightly files", "Sauvegarde terminée : clients", "Backup of fs01 failed"."""

import re

from workflows.backup.reports.backup_words import is_backup_line
from workflows.backup.reports.cron import cron_of
from workflows.backup.reports.moments import day_of
from workflows.backup.reports.statuses import status_of

_FORWARDED = re.compile(r"^(?:\s*(?:fwd?|wg|tr|rv|i|enc|doorst|vs|vb|pd|re|aw|sv|antw|rif)\s*:\s*)+", re.IGNORECASE)
_BRACKETED = re.compile(r"^[\W_]*[\[(]([^\])]{1,40})[\])]\s*")
_PARTED = re.compile(r"\s+[-–—|/]\s+|\s*:\s+|\s+[•·>»]\s+")
_GENERIC = re.compile(
    r"(?:\b(?:back-?\s?ups?|job|task|report|reports|status|of|for|on|the|your|daily|nightly|weekly|summary|notification"
    r"|alert|alerts|critical|log|run|has"
    r"|was|is|been|with|result|sicherung|datensicherung|auftrag|bericht|von|auf|wurde|der|die|das|sauvegarde|de|la|le|les"
    r"|rapport|tâche|du"
    r"|est|copia|seguridad|respaldo|informe|tarea|del|el|en|processo|rapporto|di|da|cópia|segurança|trabalho|info|warn"
    r"|warning|ok|error|errors"
    r"|server|host|accounts|objects|files|vms|completed|finished|successfully|success|successful|failed|failure|succeeded"
    r"|done)\b|[\W_])+",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\s+(?:(?:at|um|à|om|alle|kl\.?|@)\s+)?\d{1,2}[:h]\d{2}(?::\d{2})?(?:\s?[ap]m)?\b", re.IGNORECASE)
_COUNT = re.compile(r"[\d.,:;/%()#]+")
_ON = r"\b(?:on|auf|sur|en|op|på|su|em|von)\s+"
_NO_NAME = (
    r"on|of|for|to|at|in|with|and|or|is|was|were|has|had|not|back-?ups?|job|task|report|summary|status|state|log|failed|auf|von"
    r"|sur|de"
)
_ON_HOST = re.compile(
    rf"(?:{_ON}(?:the\s+)?)?\b(?:server|host|rechner|machine|computer|serveur"
    rf"|servidor)\s+(?!(?:{_NO_NAME})\b)([A-Za-zÀ-ÿ][\w.-]{{1,60}})"
    rf"|{_ON}((?=[^\s]{{0,60}}[\d.-])[A-Za-zÀ-ÿ][\w.-]{{1,60}}|[A-ZÀ-Ý][\w.-]*-[\w.-]+)",
    re.IGNORECASE,
)
_NAMED_FIRST = re.compile(r"^[\W_]*\[((?=[^\]]*[\d.-])[A-Za-z][\w.-]{1,60})\]")


def plain_subject(subject: str) -> str:
    """Without "Fwd:", "WG:", "Re:"."""
    return _FORWARDED.sub("", subject[:500]).strip()


def is_answer(subject: str) -> bool:
    return re.match(r"\s*(?:re|aw|sv|antw|rif|rép|odp)\s*:", subject, re.IGNORECASE) is not None


def name_in(subject: str) -> str:
    """The name of a job in a subject; "" where it has none, or is cron's."""
    plain = plain_subject(subject)
    if cron_of(plain).command:
        return ""
    bracketed = _BRACKETED.match(plain)
    marked = bracketed is not None and status_of(bracketed[1]) is not None
    rest = plain[bracketed.end() :] if bracketed else plain
    pieces = [piece.strip(" \"'„“”«»[]()") for piece in _PARTED.split(_CLOCK.sub("", rest)) if piece.strip()]
    named = [piece for piece in pieces if _is_name(piece)]
    named.sort(key=is_backup_line)  # what only says whose report it is comes last
    if named:
        return named[0] if marked or len(pieces) > 1 else _bare(named[0])
    return next((name for piece in pieces if (name := _bare(piece))), "")


def host_in(subject: str) -> str:
    """The machine, where the subject says on which one."""
    plain = plain_subject(subject)
    found = _ON_HOST.search(plain) or _NAMED_FIRST.search(plain)
    return next((name.rstrip(".-") for name in found.groups() if name), "") if found else ""


def _is_name(piece: str) -> bool:
    """Whether this is the name of something: no status, no date, no general words alone."""
    return status_of(piece) is None and day_of(piece) is None and not _GENERIC.fullmatch(piece) and len(piece) <= 80


def _bare(piece: str) -> str:
    """One piece without the words that all reports have; "" where what is left is a sentence."""
    words = [
        word
        for word in piece.split()
        if not (_GENERIC.fullmatch(word) or _COUNT.fullmatch(word) or status_of(word) is not None or is_backup_line(word))
    ]
    name = " ".join(words)
    return name if len(words) <= 3 and any(c.isalpha() for c in name) and day_of(piece) is None else ""
