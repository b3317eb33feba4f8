"""Whether a mail that no reader of ours knows may be a backup report at all: cheap, in many languages, no model asked.

A report speaks of backups, says how something ended, and gives a number that only a machine writes down: a size, a time of day, a
duration; or it gives two such numbers. Newsletters speak of backups without results; questions and thanks give no such numbers.
"""

import re

from workflows.backup.reports.backup_words import speaks_of_backup
from workflows.backup.reports.statuses import status_of
from workflows.kernel.mail import Mail, Part

LOOKED_AT = 10_000
LINES_MAX = 200
"""So much of a text is looked at, at its beginning and at its end: results stand at either."""

_SIZE = r"\d[\d.,\s'’]*\s?(?:[kmgtp]i?b|[kmgtp]o|bytes?|octets|байт|[кмгт]б|gig|meg)\b"
_CLOCK = r"\b[0-2]?\d:[0-5]\d(?::[0-5]\d)?\b|\b[0-2]?\dh[0-5]\d\b"
_UNITS = r"s|sec\w*|min\w*|hours?|hrs?|std|stunden|heures?|horas?|ore|uur|timmar|timer|godz\w*|час\w*|dakika|分|秒|분"
_LENGTH = rf"\b\d+\s?(?:{_UNITS})\b"
_NUMBERS = tuple(re.compile(pattern) for pattern in (_SIZE, f"{_CLOCK}|{_LENGTH}"))


def plausible(mail: Mail) -> bool:
    """Whether the mail is worth asking the model about."""
    if mail.automatic:
        return False
    return any(speaks_of_backup(part) and _reports(part) for part in mail.parts if not part.comment)


def _ends(text: str) -> str:
    return text if len(text) <= 2 * LOOKED_AT else f"{text[:LOOKED_AT]}\n{text[-LOOKED_AT:]}"


def _reports(part: Part) -> bool:
    text = f"{part.subject}\n{_ends(part.text)}"
    numbers = sum(pattern.search(text.lower()) is not None for pattern in _NUMBERS)
    if numbers != 1:
        return numbers > 1
    lines = [line for line in text.splitlines() if line.strip()]
    looked_at = lines if len(lines) <= 2 * LINES_MAX else lines[:LINES_MAX] + lines[-LINES_MAX:]
    return any(status_of(line) is not None and not line.rstrip().endswith("?") for line in looked_at)
