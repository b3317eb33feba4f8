"""Whether a text speaks of backups at all, in any language that reports come in."""

import re

from workflows.kernel.mail import Part

_WORDS = (
    r"back-?\s?ups?|sicherung|sicherheitskopie|sauvegarde|copias?\b|respaldo|salvataggi|cópia|kopi[aeię] zapasow|záloh|zaloh"
    r"|mentés|резервн|бэкап|yedek|备份|備份|バックアップ|백업|säkerhetskopi|sikkerhe[td]skopi|varmuuskopi|reservekopie"
    r"|dump|snapshot|replicat|replikation|archiv|\bsync|restic|borg|rsync|vault"
)
_ANY = re.compile(_WORDS, re.IGNORECASE)


def speaks_of_backup(part: Part) -> bool:
    return bool(_ANY.search(part.subject) or _ANY.search(part.name) or _ANY.search(part.text[:20_000]))


def is_backup_line(line: str) -> bool:
    return bool(_ANY.search(line))
