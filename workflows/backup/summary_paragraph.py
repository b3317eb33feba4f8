"""One paragraph about a day: its words, and whom they speak of. Written here in plain code; a model may write another one.

A paragraph never holds a name. It holds "{j1}", and beside it stands who that is: what somebody typed into a sheet reaches
neither the model nor the sentence around it, and each surface makes it safe in its own way.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from workflows.backup.summary_facts import TROUBLED, Facts, Recovered, Watched
from workflows.kernel.quantities import age_text

NAMED_MAX = 3
"""So many jobs of one kind are named; the list below the paragraph has them all."""

TOKEN = re.compile(r"\{(j[0-9]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """`text` with "{j1}" for names; `names`: j1 -> the name as typed, hostile. `plain`: no model wrote it; `why`: why not."""

    text: str
    names: Mapping[str, str]
    plain: bool = True
    why: str = ""

    def told(self, name: Callable[[str], str]) -> str:
        """The words, each name made by `name` into what may stand there."""
        return TOKEN.sub(lambda token: name(self.names[token[1]]), self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Whom a paragraph may speak of, by the name it has for them: j1, j2, …; the most urgent first."""

    troubled: Mapping[str, Watched]
    quiet: Mapping[str, Watched]
    recovered: Mapping[str, Recovered]

    @property
    def names(self) -> dict[str, str]:
        known = {**self.troubled, **self.quiet} | {key: one.job for key, one in self.recovered.items()}
        return {key: job.name for key, job in known.items()}


def cast_of(facts: Facts) -> Cast:
    """Those that are troubled or not seen; those that somebody keeps quiet, or that wait; those that are fine again."""
    troubled = [*facts.of(*TROUBLED)[:NAMED_MAX], *facts.of("unseen")[:NAMED_MAX]]
    quiet = [job for mood in ("pending", "snoozed", "muted", "waiting") for job in facts.of(mood)[:NAMED_MAX]]
    keys = iter(f"j{number}" for number in range(1, 100))
    return Cast(
        troubled={next(keys): job for job in troubled},
        quiet={next(keys): job for job in quiet},
        recovered={next(keys): one for one in facts.recovered[:NAMED_MAX]},
    )


def plain_paragraph(facts: Facts, *, why: str = "") -> Paragraph:
    """The facts as a person would tell them: how it is at large, what is wrong, what is kept quiet, what came back."""
    cast = cast_of(facts)
    sentences = [
        _at_large(facts),
        _wrong(facts, cast),
        _unseen(facts, cast),
        *_quiet(facts, cast),
        _waiting(facts, cast),
        _came_back(facts, cast),
        _proposals(facts),
    ]
    if facts.all_fine and not facts.proposals:
        sentences.append("Nothing needs you today.")
    text = with_blind_spans(" ".join(sentence for sentence in sentences if sentence), facts)
    return Paragraph(text=text, names=cast.names, why=why)


def with_blind_spans(text: str, facts: Facts) -> str:
    """Whoever wrote the text: since when nobody looks is said before all else, and when nobody looked after it."""
    return " ".join(part for part in (_nobody_looks(facts), text, _nobody_looked(facts)) if part)


def _nobody_looks(facts: Facts) -> str:
    on = [span for span in facts.blind if span.until is None]
    if not on:
        return ""
    return f"Nobody has looked since {_moment(min(span.since for span in on), facts)}; what follows was true then."


def _at_large(facts: Facts) -> str:
    fine, watched = facts.counts["fine"], len(facts.jobs)
    if fine == watched:
        return "The one backup on the list is fine." if watched == 1 else f"All {watched} backups are fine."
    if facts.counts["waiting"] == watched:
        return "The one backup on the list is new." if watched == 1 else f"All {watched} backups are new."
    if fine == 0:
        return "The one backup on the list is not fine." if watched == 1 else f"None of the {watched} backups is fine."
    return f"{fine} of {watched} backups {_are(fine)} fine."


def _wrong(facts: Facts, cast: Cast) -> str:
    jobs = facts.of(*TROUBLED)
    told = [_trouble(key, job, facts) for key, job in cast.troubled.items() if job.mood in TROUBLED]
    more = len(jobs) - len(told)
    if more:
        told.append(f"{more} more {'needs' if more == 1 else 'need'} attention")
    return _sentence(told, "; ")


def _trouble(key: str, job: Watched, facts: Facts) -> str:
    age = age_of(job, facts)
    return f"{{{key}}} {job.trouble}{f', for {age} now' if age else ''}{', and was escalated' if job.mood == 'escalated' else ''}"


def _unseen(facts: Facts, cast: Cast) -> str:
    jobs = facts.of("unseen")
    if not jobs:
        return ""
    named = [f"{{{key}}}" for key, job in cast.troubled.items() if job.mood == "unseen"]
    return f"{_and(named, len(jobs))} cannot be seen, so nobody knows how {'it is' if len(jobs) == 1 else 'they are'}."


def _quiet(facts: Facts, cast: Cast) -> list[str]:
    """Those that are not fine either, but that somebody has taken in hand, or does not want to hear of."""
    said = {
        "pending": ("is said to be fixed, which its next run decides", "are said to be fixed, which their next runs decide"),
        "snoozed": ("{trouble}, and is snoozed", "need attention as well, and are snoozed"),
        "muted": ("{trouble}, but is muted", "need attention as well, but are muted"),
    }
    sentences = []
    for mood, (one, several) in said.items():
        jobs = [job for job in facts.jobs if job.mood == mood]
        named = [f"{{{key}}}" for key, job in cast.quiet.items() if job.mood == mood]
        if jobs:
            end = one.replace("{trouble}", jobs[0].trouble) if len(jobs) == 1 else several
            sentences.append(f"{_and(named, len(jobs))} {end}.")
    return sentences


def _waiting(facts: Facts, cast: Cast) -> str:
    jobs = facts.of("waiting")
    if not jobs:
        return ""
    named = [f"{{{key}}}" for key, job in cast.quiet.items() if job.mood == "waiting"]
    return f"{_and(named, len(jobs))} {'waits for its first run' if len(jobs) == 1 else 'wait for their first runs'}."


def _came_back(facts: Facts, cast: Cast) -> str:
    if not facts.recovered:
        return ""
    told = [
        f"{{{key}}}{f' after {age_text(one.lasted)}' if one.lasted else ''}{f' ({one.times} times)' if one.times > 1 else ''}"
        for key, one in cast.recovered.items()
    ]
    return f"Fine again since yesterday: {_and(told, len(facts.recovered))}."


def _nobody_looked(facts: Facts) -> str:
    """How long in all; two checks that did not come at the same time are one such time."""
    over = sorted((span.since, span.until) for span in facts.blind if span.until is not None)
    if not over:
        return ""
    dark, until = timedelta(), over[0][0]
    for since, end in over:
        dark += max(end - max(since, until), timedelta())
        until = max(until, end)
    return f"For {age_text(dark)} nobody looked; what happened then is judged by what it left behind."


def _proposals(facts: Facts) -> str:
    count = len(facts.proposals)
    return f"{count} proposal{' waits' if count == 1 else 's wait'} for approval." if count else ""


def age_of(job: Watched, facts: Facts) -> str:
    """How long it is not fine already, "" where that is not known."""
    since = job.standing.broke_at if job.mood not in {"fine", "waiting"} else None
    return age_text(facts.at - since) if since is not None and facts.at > since else ""


# --- words ---------------------------------------------------------------------------------------


def _moment(moment: datetime, facts: Facts) -> str:
    local, today = moment.astimezone(ZoneInfo(facts.zone)), facts.at.astimezone(ZoneInfo(facts.zone))
    return f"{local:%H:%M}" if local.date() == today.date() else f"{local:%A %H:%M}"


def _and(named: Sequence[str], count: int) -> str:
    """As a list in a sentence; what is not named is counted."""
    parts = [*named, f"{count - len(named)} more"] if count > len(named) else list(named)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _sentence(parts: Sequence[str], between: str) -> str:
    return f"{between.join(parts)}." if parts else ""


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
