"""What takes a good word back: that it is denied, lies ahead, or counts only a part of what there was.

"Not yet finished", "ohne Erfolg", "未成功" are bad; "98 % complete" and "will be completed" are still to come; "2 of 5 VMs",
"completed, 3 files were not copied" and "finished: disk full" are no clean end. All texts here are in lower case.
"""

import re
from collections.abc import Iterator

from workflows.backup.reports.report import Status

_NOT = (
    r"\w{0,9}n['’]t|not|never|neither|nicht|niemals|pas|jamais|non|no\s+(?:se|ha|han|fue|pudo|est\w{1,3})|nunca|não|nao|niet"
    r"|nooit"
    r"|nie|inte|ikke|aldri|aldrig|neby\w{1,5}|nem|ei|eivät|не"
)
_WITHOUT = (
    r"without|no|nothing|kein\w{0,2}|ohne|sans|aucun\w?|senza|nessun\w?|sin|ning[uú]n\w?|sem|nenhum\w?|geen|zonder|inget"
    r"|ingen|utan|uden"
    r"|uten|bez|nincs|без"
)
_WORD = r"[^\s.!?:;,|()=\d-]{1,20}\s+"
_DENIED_INSIDE = re.compile(
    r"[未不没沒][^\s。,，]{0,4}(?:成功|完成|完了|正常|结束|結束)|(?:成功|完了|終了)(?:しません|していません|できません|しなかった|せず|されません)|未完"
    r"|(?:완료|성공)\S{0,3}\s?(?:못|않)|tamamlana?ma|başarılama|yapılama|alınama|\bne(?:dokon|ukon|úspěš|uspes|dokonč)\w*"
    r"|\bnie(?:ukończ|zakończ|komplet|powodz)\w*|\bне(?:заверш|успеш|выполн|удач)\w*|\bun(?:finished|completed|successful\w*)\b"
)
_DENIED_BEHIND = (
    r"\W{1,3}(?:inte|ikke|nicht|niet)\b"
    r"|\W{0,3}[?:=]\s*(?:no|nein|non|nee|false|falsch|nie|нет|não|never|none|n/a)\b|\s*[:=]\s*[-–—]\s*$"
)
_AHEAD = (
    r"(?:will|should|shall|must|to be|about to|expected to|scheduled to|almost|nearly|not yet|yet to|wird bald|beinahe|fast"
    r"|presque"
    r"|casi|quasi|bijna|prawie|nästan|næsten|почти)"
)
_PERCENT = re.compile(
    r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,2})?)\s?%\s?(?:\w{1,10}\s)?(?:complet|done|finish|fertig|abgeschlossen|termin)"
)
_RATE = re.compile(r"\brate\b\W{0,3}(?:of |is |was )?(\d{1,2}(?:[.,]\d{1,2})?)\s?%")
_OF = re.compile(
    r"(?<![\w./:-])(?<!part )(?<!tape )(?<!step )(?<!page )(?<!disk )(?<!disc )(?<!attempt )(?<!try )(\d{1,6})\s?"
    r"(?:/|of|out of|von|de|sur|di|van|z|av|af|из)\s?(\d{1,6})\s+(?!gb|mb|kb|tb|gib|mib|kib|tib|bytes?\b|b\b|am\b|pm\b|days?\b"
    r"|hours?\b|[a-z]{3,9}\s\d{4})[^\W\d_]{2,}"
)
_KEPT = r"backed up|saved|copied|processed|included|stored|uploaded|protected|archived|written|transferred"
_LEFT_OUT = re.compile(
    rf"\b(?:not|n['’]t|never)\s+(?:yet\s+)?(?:be(?:en)?\s+|get\s+)?(?:{_KEPT})\b(?!\s*(?:files?|items?)?\s*[:=]\s*(?:0\b|none))"
    r"|\bnicht\s+(?:gesichert|kopiert|gelesen|übertragen|verarbeitet|gespeichert)\b(?!\s*[:=]\s*(?:0\b|keine))"
    r"|\bpas\s+(?:été\s+)?(?:sauvegardé|copié)\w{0,2}\b|\bno\s+(?:se\s+)?(?:copiad|respaldad|guardad|copiaron)\w{0,2}\b"
    r"|\bnon\s+(?:\w+\s+)?(?:salvat|copiat)\w\b|\bniet\s+(?:opgeslagen|gekopieerd|geback)\w*"
)
_NOTHING = re.compile(
    rf"\b(?:nothing|no (?:files?|data|objects?|items?|vms?))\s+(?:was|were|has been|have been|got|found)\s*(?:{_KEPT}|found)?\b"
    r"|\bno (?:data|files|objects) (?:found|selected|to back)|\bnichts gesichert|\bkeine (?:dateien|daten) (?:gesichert|gefunden)"
)
_TROUBLE = re.compile(
    r"\b(?:mismatch\w*|offline|inaccessible|unreadable|unverified|abnormal\w*|exceeded|too early|too soon|prematurely|unplugged"
    r"|broken pipe|connection (?:reset|closed|lost)|lost connection|read-only file|(?:disk|volume|device|drive|tape"
    r"|target) (?:is )?full"
    r"|out of (?:space|memory|disk)|segfault|segmentation fault|input/output error|files? (?:is |are |was |were )?(?:locked"
    r"|in use)"
    r"|only part\w*|partly|half (?:done|finished|complete\w?)|terminated(?!\s(?:success|normal|correct|ok\b))|until then"
    r"|until \d)\b"
)
_CODE = re.compile(
    r"(?<![\w./-])(?:(?:exit(?:ed)?|return(?:ed)?)(?:[ _-]?(?:with|code|status|value))+|rc"
    r"|errorlevel)\s{0,3}[:=]?\s{0,3}(-?\d{1,10})\b"
)


def denied(success: str) -> re.Pattern[str]:
    """The pattern that finds a denied success. `success`: the pattern of the words for it."""
    return re.compile(
        rf"(?<![\w'’])(?:(?:{_NOT})\s+(?:{_WORD}){{0,3}}?|(?:{_WITHOUT})\s+(?:{_WORD})?)(?:{success})"
        rf"|(?:{success}){_DENIED_BEHIND}|{_DENIED_INSIDE.pattern}"
    )


def ahead(success: str) -> re.Pattern[str]:
    """The pattern that finds one that is still to come."""
    return re.compile(rf"\b{_AHEAD}\s+(?:{_WORD}){{0,3}}?(?:{success})")


def short_of(text: str) -> Status | None:
    """What makes less of a good word in the same text; None where nothing does."""
    if _NOTHING.search(text) or any(int(found[1]) != 0 for found in _CODE.finditer(text)):
        return "failure"
    if _PERCENT.search(text):
        return "running"
    if _LEFT_OUT.search(text) or _TROUBLE.search(text) or _RATE.search(text) or any(_parts(text)):
        return "warning"
    return None


def left_out(text: str) -> bool:
    """Whether it says by itself that something was not saved."""
    return _LEFT_OUT.search(text) is not None


def _parts(text: str) -> Iterator[bool]:
    """Of each "2 of 5 volumes", whether it is less than all."""
    for found in _OF.finditer(text):
        yield int(found[1]) < int(found[2])
