"""The rules and the voice in force: what people wrote, or while that has mistakes, the last version without any."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from workflows.backup.rules import Rules, parse_rules
from workflows.backup.voice import Voice, parse_voice
from workflows.kernel.calendar import BusinessHours
from workflows.kernel.ports import Document, Documents
from workflows.kernel.quiet import QuietHours


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where the three documents lie, and what the configuration adds.

    Attributes:
        config: the rules that /bk/config sets, by parameter name.
        admin: e-mail address of the last resort. timezone: IANA name for rows and people that state none.
    """

    jobs_key: str
    rules_key: str
    voice_key: str
    timezone: str
    admin: str
    config: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Rules and voice, in force together.

    Attributes:
        rules, voice: with the mistakes of the present documents, where the last good ones had to stand in.
        texts: object key -> the text in force of each of the two, to be kept for when it goes bad.
    """

    rules: Rules
    voice: Voice
    texts: Mapping[str, str]
    sources: Sources

    def hours(self, email: str) -> BusinessHours:
        """The business hours of one person, in their zone."""
        return _hours(self.rules.quiet_hours, self.voice.zone(email) or self.sources.timezone)


def words_of(
    rules: Document | None, voice: Document | None, sources: Sources, *, last_good: Callable[[], Mapping[str, str]]
) -> Words:
    """What these two documents say. `last_good` gives texts by key; it is asked only when one of the two has mistakes."""
    in_force, rules_text = _rules_in_force(text_of(rules), sources, last_good)
    spoken, voice_text = _voice_in_force(text_of(voice), sources, last_good)
    texts = {sources.rules_key: rules_text, sources.voice_key: voice_text}
    return Words(rules=in_force, voice=spoken, texts=texts, sources=sources)


def read_words(documents: Documents, sources: Sources, *, last_good: Callable[[], Mapping[str, str]]) -> Words:
    """Rules and voice as they are now. Raises what the documents raise."""
    return words_of(documents.read(sources.rules_key), documents.read(sources.voice_key), sources, last_good=last_good)


def text_of(document: Document | None) -> str:
    return document.text if document else ""


def _rules_in_force(text: str, sources: Sources, last_good: Callable[[], Mapping[str, str]]) -> tuple[Rules, str]:
    """The rules of this text; where it has mistakes, those of the last good one, which then carry these mistakes."""
    rules = parse_rules(text, config=sources.config)
    good = last_good().get(sources.rules_key) if rules.mistakes else None
    if good is None:
        return rules, text
    return replace(parse_rules(good, config=sources.config), mistakes=rules.mistakes), good


def _voice_in_force(text: str, sources: Sources, last_good: Callable[[], Mapping[str, str]]) -> tuple[Voice, str]:
    voice = parse_voice(text)
    good = last_good().get(sources.voice_key) if voice.mistakes else None
    return (voice, text) if good is None else (replace(parse_voice(good), mistakes=voice.mistakes), good)


@lru_cache(maxsize=256)
def _hours(quiet: QuietHours, zone: str) -> BusinessHours:
    return BusinessHours(
        opens=quiet.quiet_to, closes=quiet.quiet_from, days=quiet.working_days, holidays=quiet.days_off, zone=zone
    )
