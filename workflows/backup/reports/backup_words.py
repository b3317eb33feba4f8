"""Whether a text speaks of backups at all, in any language that reports come in."""

import re

from workflows.kernel.mail import Part

_WORDS = (
    r"back-?\s?ups?|sicherung|sicherheitskopie|sauvegarde|copias?\b|respaldo|salvataggi|cópia|kopi[aeię] zapasow|záloh|zaloh"
    r"|mentés|резервн|бэкап|yedek|备份|備份|バックアップ|백업|säkerhetskopi|sikkerhe[td]skopi|varmuuskopi|reservekopie"
    r"|protection (?:group|job|policy|run)|dump|snapshot|replicat|replikation|archiv|\bsync|restic|borg|rsync|vault"
)
_NAMED = re.compile(_WORDS.partition("|protection")[0], re.IGNORECASE)
"""Words for nothing but a backup: archives, snapshots and vaults there are of other things too."""
_ANY = re.compile(_WORDS, re.IGNORECASE)


def speaks_of_backup(part: Part) -> bool:
    return bool(_ANY.search(part.subject) or _ANY.search(part.name) or _ANY.search(part.text[:20_000]))


def is_backup_line(line: str) -> bool:
    return bool(_ANY.search(line))


def names_backup(text: str) -> bool:
    """Whether it speaks of a backup, and not only of something like it (a sync, an archive)."""
    return _NAMED.search(text) is not None
