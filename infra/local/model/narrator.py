"""Writes the sentinel's paragraph about a day by a few plain patterns, so that the way through Bedrock can be walked here.

Its facts are lines such as "fine: 24" and "{j1}: failing; has no fresh backup; for 52 h". A real model writes better.
"""

import re
from typing import Any

Json = dict[str, Any]

NAMED_MAX, TEXT_MAX = 3, 650
_ABOUT = re.compile(r"^(\{j\d+\}): ([^;]+)(?:; (.+))?$")


def narrate(facts: str) -> Json:
    """The form, filled in."""
    counts = dict(line.split(": ", 1) for line in facts.splitlines() if line[:1] != "{" and ": " in line)
    watched, fine = counts.get("backups watched", "0"), counts.get("fine", "0")
    if watched == fine:
        sentences = [f"This morning {'the one backup' if fine == '1' else f'all {fine} backups'} {_are(fine)} fine."]
    else:
        sentences = [f"This morning {fine} of {watched} backups {_are(fine)} fine."] if fine != "0" else []
    if int(counts.get("need attention", "0")) > NAMED_MAX:
        sentences.append(f"{counts['need attention']} backups need attention.")
    sentences += [_sentence(*found.groups()) for line in facts.splitlines() if (found := _ABOUT.match(line))]
    while len(" ".join(sentences)) > TEXT_MAX:  # the most urgent come first
        sentences.pop()
    return {"paragraph": " ".join(sentences)}


def deny(facts: str) -> Json:
    """What a model says that makes everything look well."""
    return {"paragraph": f"All backups are fine this morning, {', '.join(re.findall(r'{j[0-9]+}', facts)) or 'every one'} too."}


def _sentence(name: str, state: str, rest: str | None) -> str:
    parts = (rest or "").split("; ") if rest else []
    trouble = next((part for part in parts if not part.startswith("for ") and part != "escalated"), "")
    age = next((f", {part} now" for part in parts if part.startswith("for ")), "")
    if state.startswith(("recovered", "failing", "with a warning")):
        return f"{name} {trouble or state.replace('recovered', 'has recovered')}{age}."
    return f"{name} is {state}."


def _are(count: str) -> str:
    return "is" if count == "1" else "are"
