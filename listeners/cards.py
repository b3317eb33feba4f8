"""The living message of a break: one card for all that can happen to it. Pure; imports without Bolt.

The action ids stand beside the buttons that carry them. A button's value is "<job_id> <break_id>".
"""

from datetime import datetime
from urllib.parse import quote

from listeners import block_kit, faces, stories, texts
from listeners.canary_card import canary_message, past_canary
from listeners.faces import Face
from listeners.landing import landing
from listeners.own_words import OwnWords, own_line
from listeners.sparkline import sparkline
from workflows.backup.job_id import is_reserved
from workflows.backup.saying import broken
from workflows.backup.standing import Standing
from workflows.kernel.ports import Json, Message

MARK_FIXED = "mark_fixed"
SNOOZE = "snooze"
MUTE = "mute"
UNMUTE = "unmute"
CHECK = "check"
EXPLAIN = "explain"
HISTORY = "history"


def living_message(standing: Standing, *, now: datetime, zone: str, own: OwnWords | None = None) -> Message:
    """What is now true of a job's present (or last) break.

    Args:
        standing: with its row, runs, findings and answer.
        now: aware, UTC.
        zone: IANA name; times are written in it where Slack cannot show the reader's own.
        own: the company's own first lines.
    """
    if is_reserved(standing.job_id):
        return canary_message(standing, now=now, zone=zone)
    shown = faces.face(standing, now=now)
    first, rest = stories.story(standing, shown, now=now, zone=zone)
    own_words = own_line(standing, shown, own, now=now, zone=zone)
    headline = own_words or f"{faces.EMOJI[shown]}  {faces.title(standing)}{first}"
    blocks = [block_kit.section("\n".join([headline, *rest]))]
    if shown not in {"fine", "pending", "waiting", "off_list"}:
        blocks.append(block_kit.fields(*_numbers(standing, now=now, zone=zone)))
    small_print = [text for text in _small_print(standing, shown, now=now, zone=zone) if text]
    if small_print:
        blocks.append(block_kit.context(*small_print))
    buttons = buttons_for(standing, shown)
    if buttons:
        blocks.append(block_kit.actions(*buttons, explain_button(standing)))
    return Message(text=texts.without_markup(headline), blocks=tuple(blocks))


def thread_line(standing: Standing, *, now: datetime, zone: str, own: OwnWords | None = None) -> Message:
    """The one line that notifies, in the thread of the living message: worse, not fixed, escalated, a reminder, or back."""
    shown = faces.face(standing, now=now)
    first, rest = stories.story(standing, shown, now=now, zone=zone)
    since = f", since {texts.moment_text(standing.broke_at, now=now, zone=zone)}" if standing.broke_at else ""
    reminded = "Still: " if standing.loud_kind == "reminder" else ""
    tail = since if reminded else "".join(f". {line}" for line in rest[:1])
    own_words = own_line(standing, shown, own, now=now, zone=zone, reminder=bool(reminded))
    line = own_words or f"{faces.EMOJI[shown]}  {reminded}{faces.title(standing)}{first}{tail}"
    return Message(text=texts.without_markup(line), blocks=(block_kit.section(line),))


def closed_message(standing: Standing, *, now: datetime, zone: str) -> Message:
    """What stands in the message of an earlier break, once that is over: no buttons, and where to look instead."""
    if is_reserved(standing.job_id):
        return past_canary()
    since = f" since {texts.moment_text(standing.broke_at, now=now, zone=zone)}" if broken(standing) and standing.broke_at else ""
    after = f"It is broken again{since}; a newer message tells." if since else "It is fine now."
    line = f":white_circle:  {faces.title(standing)}: this break is over. {after}"
    return Message(text=texts.without_markup(line), blocks=(block_kit.section(line),))


def buttons_for(standing: Standing, shown: Face) -> list[Json]:
    """The buttons that make sense now, the most likely one first and primary."""
    value = f"{standing.job_id} {standing.break_id}"
    if standing.muted:
        return [block_kit.button(UNMUTE, "Unmute", value, primary=True)]
    if shown in {"fine", "waiting", "off_list"} or not standing.break_id:
        return []
    if shown == "pending":
        first = block_kit.button(CHECK, "Check now", value, primary=True)
    else:
        first = block_kit.button(MARK_FIXED, "Mark fixed", value, primary=True)
    return [first, block_kit.button(SNOOZE, "Snooze…", value), mute_button(standing, value)]


def explain_button(standing: Standing) -> Json:
    """The fourth and last: nothing is answered by it."""
    return block_kit.button(EXPLAIN, "Explain", f"{standing.job_id} {standing.break_id}")


def mute_button(standing: Standing, value: str) -> Json:
    confirm = block_kit.confirmation(
        f"Mute {texts.cut_middle(faces.plain_title(standing), 80)}?",
        "It is still checked and stays on your board, but says nothing until someone unmutes it.",
        yes="Mute",
        no="Keep watching",
    )
    return block_kit.button(MUTE, "Mute", value, confirm=confirm)


def _numbers(standing: Standing, *, now: datetime, zone: str) -> list[tuple[str, str]]:
    good = faces.newest_good(standing)
    schedule = (
        texts.words(standing.row.get("schedule", ""), 100)
        or f"within {texts.words(standing.row.get('window', ''), 100) or 'its window'}"
    )
    missed = f" · {standing.missed} missed" if standing.missed else ""
    return [
        ("Last good run", stories.run_text(good, now=now, zone=zone) if good else "none yet"),
        ("Runs", f"{schedule}{missed}"),
        landing(standing.row.get("target", "")),
        ("Owner", faces.owner(standing)),
    ]


def _small_print(standing: Standing, shown: Face, *, now: datetime, zone: str) -> list[str]:
    line = sparkline(standing) if shown != "fine" else ""
    count = f"Last {len(line)} runs" if len(line) > 1 else "Last run"
    looks_again = standing.due is not None and standing.due > now and shown not in {"fine", "off_list"}
    return [
        f"{count}  {line}" if line else "",
        _newest_file(standing) if shown != "fine" else "",
        " · ".join(so_far(standing, now=now, zone=zone)),
        f"looks again {texts.at_text(standing.due, now=now, zone=zone)}" if looks_again and standing.due else "",
    ]


def so_far(standing: Standing, *, now: datetime, zone: str) -> list[str]:
    """The story of the break so far, in its order."""
    told = (
        [f"broken since {texts.moment_text(standing.broke_at, now=now, zone=zone)}"]
        if standing.broke_at and standing.break_id
        else []
    )
    answer = standing.answer
    if answer is not None:
        done = {"fixed": "marked fixed", "snooze": "snoozed", "mute": "muted", "unmute": "unmuted"}[answer.kind]
        why = f" (“{texts.words(answer.reason, 200)}”)" if answer.reason else ""
        told.append(f"{done} by {texts.person(answer.by)} {texts.at_text(answer.at, now=now, zone=zone)}{why}")
        if answer.kind == "fixed" and answer.until and standing.state == "pending_fixed":
            told.append(f"decided by {texts.moment_text(answer.until, now=now, zone=zone)}")
    if standing.state == "all_green" and standing.ended_at:
        told.append(f"good again {texts.at_text(standing.ended_at, now=now, zone=zone)}")
    return told


def _newest_file(standing: Standing) -> str:
    """A link to the newest object that is still there, in the S3 console."""
    there = [run for run in standing.runs if run.source == "object" and run.ref and not run.gone]
    run = max(there, key=lambda run: run.at, default=None)
    if run is None or not run.target.startswith("s3://"):
        return ""
    bucket = run.target.removeprefix("s3://").split("/", 1)[0]
    label = texts.name(run.ref.rstrip("/").rsplit("/", 1)[-1].replace("|", "¦"), 60)
    url = f"https://s3.console.aws.amazon.com/s3/object/{quote(bucket, safe='')}?prefix={quote(run.ref, safe='')}"
    return f"newest file <{url}|{label}>" if len(url) < 1500 else f"newest file {label}"
