"""What is done with backups and is none: restores, verifications, pruning; told by the subject, or by a label."""

import re

_UPKEEP = (
    r"(?:restor\w*|recover(?:ed\b|y (?:of|test|job|drill|was|has|completed|failed|finished|succeeded))|verif\w*|validat\w*"
    r"|integrity|consistency|prun\w*|purg\w*|retention (?:policy|job|run|applied)|clean-?\s?up|garbage|compact\w*"
    r"|scrub\w*|health check|check ?db|delet\w*|remov\w*|rotation|thinning|consolidat\w*|wiederherstell\w*|rücksicherung"
    r"|überprüf\w*|prüfung|verifizier\w*|bereinig\w*|lösch\w*"
    r"|restaura\w*|vérif\w*|purge|nettoyage|suppression|comprueb\w*|comprobaci\w*|verificaci\w*|limpieza|eliminaci\w*"
    r"|ripristin\w*|verific\w*|pulizia"
    r"|eliminazione|herstel\w*|verifi[eë]r\w*|controle|opruim\w*|przywrac\w*|weryfikac\w*|восстановлен\w*|проверк\w*"
    r"|リストア|復元|検証|还原|恢复|验证|清理)"
)
_BACKUP = (
    r"(?:back-?\s?ups?|sicherung\w*|datensicherung\w*|sauvegardes?|copias?(?: de seguridad)?|respaldos?|kopi\w zapasow\w*"
    r"|バックアップ|备份)"
)
_FIRST = re.compile(rf"^(?:(?!{_BACKUP}).)*?(?<![\w.-]){_UPKEEP}(?![\w.-]*\w-\w)(?!\s+{_BACKUP})", re.IGNORECASE)
_OF_BACKUPS = re.compile(
    rf"{_BACKUP}[\s-]*(?:set |chain |file )?(?:was |were |has been |have been )?(?:successfully )?{_UPKEEP}(?![\w.-]*-\w)",
    re.IGNORECASE,
)
_AND = re.compile(rf"\b(?:and|und|et|y|e|en|&|\+)\s+{_UPKEEP}|{_UPKEEP}\s+(?:and|und|et|y|e|en|&|\+)\s+{_BACKUP}", re.IGNORECASE)
_ACTION = re.compile(rf"\W*{_UPKEEP}\b", re.IGNORECASE)


def tells_of_upkeep(subject: str) -> bool:
    """Whether a subject is about what is done with backups: "Restore of fs01 completed", "Backup verification failed"."""
    return not _AND.search(subject) and bool(_FIRST.search(subject) or _OF_BACKUPS.search(subject))


def is_upkeep(action: str) -> bool:
    """The same for the value of a label such as "Operation"."""
    return _ACTION.match(action) is not None and not _AND.search(action)
