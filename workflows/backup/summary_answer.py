"""What a model is asked to write of a day, and whether what it wrote is true.

It is given counts, ages and words of our own, and instead of names "{j1}": nothing that somebody typed reaches it. Of its
words only those pass that are known here, so that each sentence can be held against the facts: whose it is, how many, how long.
Whatever is not certain to be true is thrown away; the same facts in plain code take its place.
"""

from collections.abc import Mapping

from workflows.backup.summary_facts import COUNTED, Count, Facts
from workflows.backup.summary_paragraph import Paragraph, age_of, cast_of, with_blind_spans
from workflows.backup.summary_truth import TEXT_MAX, Untrue, attention, hold_against
from workflows.backup.summary_vocabulary import NUMBERS, STATES, UNITS, WORDS
from workflows.kernel.model import Form, Model
from workflows.kernel.ports import Json
from workflows.kernel.quantities import age_text

INSTRUCTIONS = f"""\
You write one short paragraph about the state of a company's backups this morning, in plain English, \
for people who are no experts.
You are given facts, one a line. Say only what they say: first how many are fine, then what is wrong, then what else there is. \
Two to five sentences, without a heading, a list, a link, an emoji or advice, and never a guess at a reason.
{{j1}}, {{j2}} and so on stand for the names of backups. Write them just so. Name every one that fails, warns or is not observed.
Say what is wrong with one in the words of its fact, right behind its name: "{{j1}} has had no fresh backup for 52 h".
Copy counts and ages from the facts. Never count anything yourself, and never write "all", "the rest" or "the others" unless \
the facts say that all are fine. Tell of one backup at a time, and of what is fine in a sentence of its own.
A paragraph with a word that neither stands in the facts nor in this list is thrown away: \
{", ".join(sorted(WORDS | STATES.keys() | NUMBERS.keys() | UNITS.keys()))}."""

FORM = Form(
    name="write_summary",
    purpose="Writes the paragraph about this morning's state of the backups.",
    schema={
        "type": "object",
        "properties": {"paragraph": {"type": "string", "maxLength": TEXT_MAX}},
        "required": ["paragraph"],
    },
)


def written_by(model: Model, facts: Facts) -> Paragraph:
    """The model's paragraph. Raises Untrue, or whatever the model raises."""
    return read_answer(model.ask(INSTRUCTIONS, told_to_model(facts), FORM), facts)


def told_to_model(facts: Facts) -> str:
    """The facts, one a line."""
    cast = cast_of(facts)
    lines = [f"backups watched: {len(facts.jobs)}", *(f"{_SHOWN[kind]}: {n}" for kind, n in facts.counts.items())]
    if facts.all_fine:
        lines.append("all are fine")
    if attention(facts):
        lines.append(f"need attention: {attention(facts)}")
    for key, job in {**cast.troubled, **cast.quiet}.items():
        age = age_of(job, facts)
        parts = [_SHOWN[COUNTED[job.mood]], job.trouble, f"for {age}" if age else ""]
        parts.append("escalated" if job.mood == "escalated" else "")
        lines.append(f"{{{key}}}: {'; '.join(part for part in parts if part)}")
    lines += [
        f"{{{key}}}: recovered{f' after {age_text(one.lasted)}' if one.lasted else ''}" for key, one in cast.recovered.items()
    ]
    if facts.proposals:
        lines.append(f"proposals waiting for approval: {len(facts.proposals)}")
    return "\n".join(lines)


def read_answer(answer: Json, facts: Facts) -> Paragraph:
    """The paragraph, if every word of it is borne out by the facts. Raises Untrue."""
    text = answer.get("paragraph")
    if not isinstance(text, str):
        raise Untrue("paragraph is no text")
    text = " ".join(text.split())
    hold_against(text, facts)
    return Paragraph(text=with_blind_spans(text, facts), names=cast_of(facts).names, plain=False)


_SHOWN: Mapping[Count, str] = {
    "fine": "fine",
    "failing": "failing",
    "warning": "with a warning",
    "unseen": "not observed",
    "pending": "said to be fixed",
    "snoozed": "snoozed",
    "muted": "muted",
    "waiting": "waiting for its first run",
}
