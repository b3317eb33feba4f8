"""How a run ended, by the words for it in many languages. Safe before clever: of contradicting signs the worst counts.

"Errors: 0", "0 failed", "Fehler: keine", "no errors were found", "sans erreur" are no bad signs, and no good ones either.
"Completed with errors" is a warning: it finished, and says itself that something is missing.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from workflows.backup.reports import doubts, words
from workflows.backup.reports.report import Status

WORST: tuple[Status, ...] = ("failure", "warning", "unknown", "running", "success")
"""Of several runs, the first of these is what one wants to know."""


def worst(statuses: Iterable[Status]) -> Status:
    """The worst of them; unknown for none."""
    found = set(statuses)
    return next((status for status in WORST if status in found), "unknown")


def _one_word(word: str) -> str:
    stem = re.escape(word.removesuffix("*"))
    if not word[0].isalpha() or ord(word[0]) > 0x2FFF:
        return stem
    return rf"\b{stem}\w{{0,12}}" if word.endswith("*") else rf"\b{stem}\b"


def _any(plain: str, phrases: str = "") -> str:
    listed = [_one_word(word) for word in plain.split()]
    listed += [rf"\b{re.escape(phrase)}" for phrase in phrases.split("\n") if phrase]
    return "|".join(listed)


_BAD_WORDS = _any(words.FAILURE + words.WARNING) + r"|\bexceptions?\b|\bproblem\w{0,3}\b|\bissues?\b|\bmissed\b"
_NONE = "|".join(re.escape(word) for word in words.NONE.split() if word[0].isalpha() or word == "0")
_NONE_BEHIND = "|".join(re.escape(word) for word in words.NONE.split() if word != "0")

_ZERO_BEFORE = re.compile(
    rf"(?<![\w.,])(?:{_NONE})\s+"
    rf"(?:(?!space|response|connection|such|route|reply|answer|valid|longer|more)\w{{1,15}}\s+)?(?:{_BAD_WORDS})"
    rf"(?:\s+(?:or|und|oder|et|o|y|e|and|/)\s+(?:{_BAD_WORDS}))?"
)
_ZERO_BEHIND = re.compile(
    rf"(?:{_BAD_WORDS})(?:\(\w{{1,3}}\))?(?:(?:\s+\w{{1,12}})?\s*(?:count)?\s*[:：=\t|]?|(?:\s+\w{{1,12}}){{2,4}}\s*[:：=\t|])\s*"
    rf"(?:0(?![\w.,:%]*\d)(?=$|[\s.,;)\]|/])|(?:{_NONE_BEHIND})(?:\s(?:found|reported|detected))?(?=\s*(?:$|[\t\n.,;)\]|/])))"
)
"""A word for none counts behind a bad word only where nothing else follows: "Error: no space left" and "Failed - offline" are
bad."""
_PARTIAL = re.compile(
    rf"(?:{_any('', words.PARTIAL_PHRASES)})(?!\s+(?:status|code|[0-9]))|\bcompleted\b.{{0,20}}\bw/\s?(?:errors|warnings)"
)
_FAILURE = re.compile(_any(words.FAILURE, words.FAILURE_PHRASES))
_WARNING = re.compile(_any(words.WARNING))
_RUNNING = re.compile(_any("", words.RUNNING_PHRASES))
_SUCCESS = re.compile(rf"(?<![.-])(?:{_any(words.SUCCESS)})(?!\w*[-.]\w)")
_DENIED = doubts.denied(_any(words.SUCCESS))
_AHEAD = doubts.ahead(_any(words.SUCCESS))
_NO_SUCCESS = re.compile(
    r"(?<![\w.,:])0\s+(?:success|succeed|erfolg)\w{0,8}"
    r"|(?:success|succeed|erfolg)\w{0,8}\s*[:：=\t|]\s*\d+\b(?![\w.,:%]*\d)"
    r"|\b(?:last|latest|letzte\w?|derni[eè]re?|[uú]ltim[ao])\s+(?:known\s+)?(?:good|success\w*|completed|erfolgreich\w*)"
    r"|^\W*(?:expected|previous|prior|vorherige\w?|vorige\w?|précédent\w?|anterior|precedente)\b.*"
)
"""None or a number that succeeded, the last one that did, and what is only expected are no good signs."""
_BLANKS = re.compile(r"\s{2,}")
_LOOKED_AT, _REMEMBERED = 8000, 500


def status_of(text: str) -> Status | None:
    """What a short text says of an end (a cell, the value of a label, a subject, a sentence); None where it says nothing."""
    return _short_status(text) if len(text) <= _REMEMBERED else _status_of(text)


def _status_of(text: str) -> Status | None:
    plain = without_zeros(text[:_LOOKED_AT])
    rest = _PARTIAL.sub(" ", plain)
    if _FAILURE.search(rest) or _DENIED.search(rest):
        return "failure"
    if rest != plain or _WARNING.search(rest) or doubts.left_out(rest):
        return "warning"
    if _RUNNING.search(rest) or _AHEAD.search(rest):
        return "running"
    return (doubts.short_of(rest) or "success") if _SUCCESS.search(_NO_SUCCESS.sub(" ", rest)) else None


_short_status = lru_cache(maxsize=8192)(_status_of)  # the same line is judged by one reader after the other


def without_zeros(text: str) -> str:
    """The text in lower case, without what says that there were no errors, no warnings, nothing that failed."""
    plain = _BLANKS.sub(_one_blank, text.lower())
    return _ZERO_BEHIND.sub(" ", _ZERO_BEFORE.sub(" ", plain))


def _one_blank(found: re.Match[str]) -> str:
    """A page of blanks is one, and still a new line or a new cell where it was one: patterns try every way to part blanks."""
    return next((one for one in "\n\t" if one in found[0]), " ")


def words_of(text: str, status: Status) -> str:
    """The line of a text that gives it this status, for people; "" when none does. At most 200 characters."""
    return next((said(line) for line in text.splitlines() if status_of(line) == status), "")


def said(line: str) -> str:
    """A line of a report as people are shown it: on one line, without control characters, at most 200 characters."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in line[:1000]).split())
    return plain if len(plain) <= 200 else plain[:199] + "…"
