"""The words in which a model may write of a day: enough for plain English, too few to say what the facts do not."""

from collections.abc import Mapping

STATES: Mapping[str, str] = {
    "fine": "fine",
    "green": "fine",
    "failing": "failing",
    "failed": "failing",
    "fail": "failing",
    "fails": "failing",
    "warning": "warning",
    "warnings": "warning",
    "warn": "warning",
    "warns": "warning",
    "unseen": "unseen",
    "snoozed": "snoozed",
    "muted": "muted",
    "pending": "pending",
    "waiting": "waiting",
    "wait": "waiting",
    "waits": "waiting",
    "escalated": "escalated",
    "recovered": "recovered",
    "attention": "attention",
    "proposal": "proposals",
    "proposals": "proposals",
    "watched": "watched",
}
"""Words that say how something is, and of what: each must be true of whom it is said, or of as many as it counts."""

PHRASES = (
    (r"\bnot (?:being )?observed\b|\bcannot be (?:seen|observed)\b", "unseen"),
    (r"\bsaid to be fixed\b|\bmarked (?:as )?fixed\b", "pending"),
    (r"\b(proposals?) (?:is |are )?(?:still )?wait(?:s|ing)? for approval\b", r"\1"),
    (r"\bfine again\b|\bcame back\b|\bback to (?:fine|green)\b", "recovered"),
)
"""Phrases that are one word here."""

_SAYING_NOTHING = """
a an the this that these which who it its they their them and or but also as well while whereas though although however
too in on at of out for from with by to after over under about now currently still yet already again today morning only overall
total further more additional additionally addition beside besides meanwhile there here among including namely list first
is are was were be been being has have had having needs need needed remains remain continues continue stays stay
backup backups job jobs run runs
"""
WORDS = frozenset(_SAYING_NOTHING.split())
WORDS_WHEN_ALL_IS_FINE = frozenset(("all", "every", "everything", "each"))

_COUNTING = "one two three four five six seven eight nine ten eleven twelve"
NUMBERS: Mapping[str, int] = {word: number for number, word in enumerate(_COUNTING.split(), start=1)}
UNITS: Mapping[str, str] = {
    **dict.fromkeys(("h", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "day", "days"), "d"),
    **dict.fromkeys(("min", "minute", "minutes"), "min"),
    **dict.fromkeys(("time", "times"), "times"),
}
