"""Whether a paragraph is true: each of its words is known, and each sentence is held against the facts.

Sentences are looked at as rows of words: names ("{j1}"), what is wrong in our own words ("<has no fresh backup>"), states
("failing"), numbers, and words that say nothing by themselves. A number counts the state behind it, or is somebody's age; any
other state, or trouble, is said of whoever was named before it. Pure.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflows.backup.summary_facts import COUNTED, TROUBLED, Facts, Watched
from workflows.backup.summary_paragraph import Cast, age_of, cast_of
from workflows.backup.summary_vocabulary import NUMBERS, PHRASES, STATES, UNITS, WORDS, WORDS_WHEN_ALL_IS_FINE
from workflows.kernel.quantities import age_text

TEXT_MIN, TEXT_MAX = 10, 700
_TOKEN = re.compile(r"\{j\d+\}|<[^<>]*>|\d+|[^\W\d_]+|\S")
_OF_ALL = re.compile(rf"\bof (?:the |our |these )?({'|'.join(NUMBERS)}|\d+)\b", re.IGNORECASE)
_SILENT = frozenset(".,;:()'’-–—")


class Untrue(ValueError):
    """A text that the facts do not bear out, or that nobody can be sure of; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Truth:
    """What may be said.

    Attributes:
        of: key -> the states and troubles that are true of them. ages: key -> (number, unit) that may be told of them.
        counts: state -> how many. words: those that say nothing by themselves. all_fine: "fine" needs nobody it is said of.
    """

    of: Mapping[str, frozenset[str]]
    ages: Mapping[str, frozenset[tuple[int, str]]]
    counts: Mapping[str, int]
    words: frozenset[str]
    all_fine: bool


def hold_against(text: str, facts: Facts) -> None:
    """Raises Untrue unless every sentence is true, and nothing that is wrong is left out."""
    if not TEXT_MIN <= len(text) <= TEXT_MAX:
        raise Untrue(f"it has {len(text)} characters, not {TEXT_MIN} to {TEXT_MAX}")
    cast = cast_of(facts)
    truth = _truth(facts, cast)
    counted: set[str] = set()
    named: set[str] = set()
    for sentence in re.split(r"(?<=[.;])\s+", _with_our_phrases(text, cast)):
        tokens = tuple(_tokens(sentence, truth))
        places = _hold_counts(tokens, truth)
        counted |= {STATES[tokens[place]] for place in places}
        named |= _hold_names(tokens, places, truth)
    _hold_to_all(facts, cast, counted, named)


def attention(facts: Facts) -> int:
    """How many need somebody, and are not taken in hand."""
    return len(facts.of(*TROUBLED, "unseen"))


def _truth(facts: Facts, cast: Cast) -> _Truth:
    jobs = {**cast.troubled, **cast.quiet}
    of = {key: frozenset({job.trouble, COUNTED[job.mood], *_besides(job)}) for key, job in jobs.items()}
    ages = {key: _measured(age_of(job, facts)) for key, job in jobs.items()}
    for key, one in cast.recovered.items():
        of[key] = frozenset({"recovered", "fine"})
        ages[key] = _measured(age_text(one.lasted) if one.lasted else "") | {(one.times, "times")}
    counts: dict[str, int] = {
        **dict(facts.counts.items()),
        "watched": len(facts.jobs),
        "attention": attention(facts),
        "recovered": len(facts.recovered),
        "proposals": len(facts.proposals),
        "escalated": len(facts.of("escalated")),
    }
    words = WORDS | (WORDS_WHEN_ALL_IS_FINE if facts.all_fine else frozenset())
    return _Truth(of=of, ages=ages, counts=counts, words=words, all_fine=facts.all_fine)


def _besides(job: Watched) -> Iterator[str]:
    if job.mood in TROUBLED or job.mood == "unseen":
        yield "attention"
    if job.mood == "escalated":
        yield "escalated"
    if job.mood in {"snoozed", "muted", "pending"} and job.standing.level == "alert":
        yield "failing"


def _measured(age: str) -> frozenset[tuple[int, str]]:
    """As in "52 h"."""
    found = re.search(r"(\d+) (\w+)", age)
    return frozenset({(int(found[1]), UNITS[found[2]])}) if found else frozenset()


# --- a text as words -----------------------------------------------------------------------------


def _with_our_phrases(text: str, cast: Cast) -> str:
    """Each phrase of ours as one word: "not observed" as "unseen", a trouble as "<its words>"."""
    if set(text) & set("<>"):
        raise Untrue("it holds markup")
    troubles = {job.trouble for job in {**cast.troubled, **cast.quiet}.values()} - {""}
    for trouble in sorted(troubles, key=len, reverse=True):
        text = re.sub(_spoken(trouble), f"<{trouble}>", text, flags=re.IGNORECASE)
    for phrase, word in PHRASES:
        text = re.sub(phrase, word, text, flags=re.IGNORECASE)
    return text


def _spoken(trouble: str) -> str:
    """A trouble as it may be written in a sentence: "has had no fresh backup" too, and with or without its commas."""
    words = [re.escape(word.strip(",")) for word in trouble.split()]
    if words[0] == "has":
        words[0] = "ha(?:s had|s|d|ve had)"
    between = r"[\s,]+"
    return rf"\b{between.join(words)}\b"


def _tokens(sentence: str, truth: _Truth) -> Iterator[str]:
    """In lower case, numbers as digits; commas are left out, and "of the 31" once it is known to be all."""
    for token in _TOKEN.findall(_without_the_whole(sentence, truth)):
        word = str(NUMBERS.get(token.lower(), token.lower()))
        if token.startswith("<") or word.isdecimal() or word in truth.words or word in STATES or word in UNITS:
            yield token if token.startswith("<") else word
        elif token.startswith("{") and token[1:-1] in truth.of:
            yield token
        elif token not in _SILENT:
            raise Untrue(f"it says {token!r}, which nobody knows")


def _without_the_whole(sentence: str, truth: _Truth) -> str:
    for whole in _OF_ALL.findall(sentence):
        if int(NUMBERS.get(whole.lower(), whole)) != truth.counts["watched"]:
            raise Untrue(f"it speaks of {whole} in all")
    return _OF_ALL.sub("", sentence)


def _is_age(tokens: Sequence[str], at: int) -> bool:
    return tokens[at].isdecimal() and at + 1 < len(tokens) and tokens[at + 1] in UNITS


# --- what is counted -----------------------------------------------------------------------------


def _hold_counts(tokens: Sequence[str], truth: _Truth) -> frozenset[int]:
    """Every number that is no age is as many as are in the state behind it. Returns where these states stand."""
    places = set()
    for at, token in enumerate(tokens):
        if token.isdecimal() and not _is_age(tokens, at):
            place = _state_behind(tokens, at)
            if place is None or truth.counts.get(STATES[tokens[place]], 0) != int(token):
                raise Untrue(f"it counts {token} {tokens[place] if place else 'of something'}")
            places.add(place)
    return frozenset(places)


def _state_behind(tokens: Sequence[str], at: int) -> int | None:
    """The first state behind this number, and before any other that counts."""
    for place in range(at + 1, len(tokens)):
        if tokens[place] in STATES:
            return place
        if tokens[place].isdecimal() and not _is_age(tokens, place):
            return None
    return None


# --- what is said of somebody --------------------------------------------------------------------


def _hold_names(tokens: Sequence[str], counted: frozenset[int], truth: _Truth) -> set[str]:
    """Something true is said of everyone who is named, and nothing else. Returns who was named."""
    groups = list(_groups(tokens))
    first = groups[0][1] if groups else len(tokens)
    ahead = _said(range(first), tokens, counted)
    if not groups and any(not truth.counts.get(state) or (state == "fine" and not truth.all_fine) for state in ahead):
        raise Untrue(f"it says {', '.join(ahead)} of nobody")
    for index, (keys, start, end) in enumerate(groups):
        said = _said(range(start, end), tokens, counted) + (ahead if index == 0 else [])
        heard = {*said, *(STATES[token] for token in tokens[0 if index == 0 else start : end] if token in STATES)}
        for key in keys:
            if not truth.of[key].issuperset(said) or not heard & truth.of[key]:
                raise Untrue(f"it says {', '.join(said) or 'nothing'} of {key}")
        _hold_ages(range(start, end), tokens, [truth.ages[key] for key in keys])
    _hold_ages(range(first), tokens, [])
    return {key for keys, _, _ in groups for key in keys}


def _groups(tokens: Sequence[str]) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Those who are named together, from where they are named, and until where it may be said how they are."""
    places = [at for at, token in enumerate(tokens) if token.startswith("{")]
    together: list[int] = []
    for at, end in zip(places, [*places, len(tokens)][1:], strict=True):
        together.append(at)
        if end == len(tokens) or set(tokens[at + 1 : end]) - {"and", "as", "well", "also"}:
            yield tuple(tokens[place][1:-1] for place in together), together[0], end
            together = []


def _said(places: Iterable[int], tokens: Sequence[str], counted: frozenset[int]) -> list[str]:
    """The troubles and states that stand here, but for those that a number counts."""
    troubles = [tokens[at][1:-1] for at in places if tokens[at].startswith("<")]
    return troubles + [STATES[tokens[at]] for at in places if tokens[at] in STATES.keys() - {"watched"} and at not in counted]


def _hold_ages(places: Iterable[int], tokens: Sequence[str], ages: Sequence[frozenset[tuple[int, str]]]) -> None:
    for at in places:
        if _is_age(tokens, at):
            told = (int(tokens[at]), UNITS[tokens[at + 1]])
            if not ages or any(told not in known for known in ages):
                raise Untrue(f"it says {tokens[at]} {tokens[at + 1]} of somebody else")


# --- what is left out ----------------------------------------------------------------------------


def _hold_to_all(facts: Facts, cast: Cast, counted: set[str], named: set[str]) -> None:
    silent = sorted(cast.troubled.keys() - named)
    if silent:
        raise Untrue(f"it leaves out {', '.join(silent)}")
    for kind in ("failing", "warning", "unseen"):
        known = sum(COUNTED[job.mood] == kind for job in cast.troubled.values())
        jobs = sum(COUNTED.get(job.mood) == kind for job in facts.jobs)
        if jobs > known and not counted & {kind, "attention"}:
            raise Untrue(f"it does not say how many are {kind}")
