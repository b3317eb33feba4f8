"""What came of a job: its runs and what was done about it, page by page. Pure.

Lines rather than a table: Slack shows no table in a modal, and only outside of code does it write times in the reader's zone.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from listeners import block_kit, faces, texts
from listeners.cards import HISTORY
from workflows.backup.evidence import Outcome, Run
from workflows.backup.standing import Standing
from workflows.kernel.ports import AuditEntry, Json, Message
from workflows.kernel.quantities import age_text, size_text

if TYPE_CHECKING:
    from workflows.backup.viewing import History

OLDER, NEWER = "history_older", "history_newer"
RUNS_A_PAGE, ACTS_A_PAGE = 15, 15

_OUTCOME: dict[Outcome, str] = {
    "ok": ":large_green_circle: ok",
    "warning": ":large_yellow_circle: with warnings",
    "failed": ":red_circle: failed",
    "running": ":hourglass_flowing_sand: still going",
    "unsure": ":grey_question: unsure",
}
_ACT = {
    "opened": "found it broken",
    "worse": "found it worse",
    "better": "found it better",
    "not_fixed": "found it not fixed",
    "reminder": "said it again",
    "recovered": "found it good again",
    "escalate": "escalated it",
    "mark_fixed": "marked it fixed",
    "snooze": "snoozed it",
    "mute": "muted it",
    "unmute": "unmuted it",
    "size_right": "said that its size is right",
    "refused": "was refused",
    "now_waiting": "waits for its first run",
    "now_all_green": "found it good",
    "now_not_observed": "could not see it",
    "now_off_list": "took it off the watch",
    "now_alert": "found it broken",
    "now_warn": "found it odd",
    "key_show": "was shown its key",
    "key_rotate": "made a new key",
    "key_path_off": "switched its address off",
    "key_path_on": "switched its address on",
    "ask_proposal": "asked for its row",
    "approve_proposal": "approved its row",
    "edit_proposal": "edited its row",
    "discard_proposal": "discarded its proposal",
}
_PROGRAMS = {"checker": "The check", "drive-sync": "The sheet's sync", "intake": "The mail reader", "heartbeat": "A check-in"}


def history_message(history: "History", *, now: datetime, zone: str, page: int = 0) -> Message:
    """The answer to `/backup history`."""
    blocks = history_blocks(history, now=now, zone=zone, page=page)
    return Message(
        text=f"{texts.without_markup(faces.title(history.standing))}: its runs and what was done", blocks=tuple(blocks)
    )


def history_modal(history: "History", *, now: datetime, zone: str, page: int = 0) -> Json:
    return {
        "type": "modal",
        "title": block_kit.plain_text("History", 24),
        "close": block_kit.plain_text("Close", 24),
        "blocks": history_blocks(history, now=now, zone=zone, page=page),
    }


def history_button(standing: Standing) -> Json:
    return block_kit.button(HISTORY, "History", f"{standing.job_id} {standing.break_id}")


def history_blocks(history: "History", *, now: datetime, zone: str, page: int = 0) -> list[Json]:
    """The newest first; a page past the end is the last one."""
    runs = sorted(history.standing.runs, key=lambda run: run.at, reverse=True)
    pages = max(1, -(-len(runs) // RUNS_A_PAGE), -(-len(history.acts) // ACTS_A_PAGE))
    page = min(max(page, 0), pages - 1)
    blocks = [block_kit.section(f"{faces.title(history.standing)}{_which(page, pages)}")]
    shown = runs[page * RUNS_A_PAGE : (page + 1) * RUNS_A_PAGE]
    kinds = len({run.kind for run in runs}) > 1  # one kind only is no news
    blocks += _told(
        "Runs", [_run_line(run, kinds=kinds, now=now, zone=zone) for run in shown], "No run is known yet." if not runs else ""
    )
    acts = history.acts[page * ACTS_A_PAGE : (page + 1) * ACTS_A_PAGE]
    lines = [_act_line(entry, now=now, zone=zone) for entry in acts]
    blocks += _told("What was done", lines, "Nothing yet." if not history.acts else "")
    if history.more and page == pages - 1:
        blocks.append(block_kit.context("What is older stands in the audit table."))
    turning = list(_turning(history.standing, page, pages))
    return [*blocks, block_kit.actions(*turning)] if turning else blocks


def _which(page: int, pages: int) -> str:
    return f" · page {page + 1} of {pages}" if pages > 1 else ""


def _turning(standing: Standing, page: int, pages: int) -> Iterator[Json]:
    if page > 0:
        yield block_kit.button(NEWER, "Newer", f"{standing.job_id} {page - 1}")
    if page < pages - 1:
        yield block_kit.button(OLDER, "Older", f"{standing.job_id} {page + 1}")


def _told(heading: str, lines: Sequence[str], nothing: str) -> list[Json]:
    if not lines:
        return [block_kit.section(f"*{heading}*\n{nothing}")] if nothing else []
    return block_kit.sections([f"*{heading}*", *lines])


def _run_line(run: Run, *, kinds: bool, now: datetime, zone: str) -> str:
    outcome = ":red_circle: empty" if run.size == 0 and run.outcome in {"ok", "warning"} else _OUTCOME[run.outcome]
    took = age_text(run.finished - run.started) if run.started and run.finished and run.finished > run.started else ""
    parts = [
        f"{outcome}  {texts.moment_text(run.at, now=now, zone=zone)}",
        size_text(run.size) if run.size is not None else "",
        f"took {took}" if took else "",
        texts.words(run.kind, 30) if kinds and run.kind else "",
        texts.code(run.ref, 80) if run.ref else texts.words(run.source, 20),
        "no longer there" if run.gone else "",
        texts.words(run.note, 120) if run.note else "",
    ]
    return " · ".join(part for part in parts if part)


def _act_line(entry: AuditEntry, *, now: datetime, zone: str) -> str:
    who = _PROGRAMS.get(entry.by) or texts.person(entry.by)
    did = _ACT.get(entry.action) or texts.words(entry.action.replace("_", " "), 60)
    asked = entry.after.get("asked") if entry.action == "refused" else None
    what = f" ({texts.words(str(asked).replace('_', ' '), 40)})" if asked else ""
    why = f": {texts.words(entry.why, 160)}" if entry.why else ""
    return f"{texts.moment_text(entry.at, now=now, zone=zone)}  {who} {did}{what}{why}"
