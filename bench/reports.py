"""How well the readers read: a table by tool, over a folder of mails with a labels.jsonl beside them.

`make bench` takes the mails of the tests; `REPORTS=/path make bench` any other folder whose labels have the same shape
(tests/fixtures/reports/README.md).
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.figure import Figure, at_least, at_most
from workflows.backup.reports.read import Reading, read_mail
from workflows.backup.reports.report import Report
from workflows.kernel import mail

OURS = Path(__file__).parent.parent / "tests" / "fixtures" / "reports"
NEAR = 0.0005
"""Of a size: a report rounds."""

Label = Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class Score:
    """What was counted for one tool.

    Attributes:
        mails, runs: how many. status: runs whose status is right. good: failures and warnings that were read as success.
        jobs, sizes, times: how many are stated; the same with _right.
        invented: values given where the text states none. unread: mails that no reader knows, left to a model.
        proposals: runs told from what is no report. wrong: which mails, for people.
    """

    mails: int = 0
    runs: int = 0
    status: int = 0
    good: int = 0
    jobs: int = 0
    jobs_right: int = 0
    sizes: int = 0
    sizes_right: int = 0
    times: int = 0
    times_right: int = 0
    invented: int = 0
    unread: int = 0
    proposals: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


def measure() -> list[Figure]:
    folder = Path(os.environ.get("REPORTS") or OURS)
    scores = scored(folder)
    print(table(scores), file=sys.stderr, flush=True)  # what goes to stdout are the figures
    total = Score()
    for score in scores.values():
        total.add(score)
    return [
        at_least("runs with the right status", _percent(total.status, total.runs), 97, "%", note=f"{total.runs} runs, {folder}"),
        at_most("failures and warnings read as success", total.good, 0, "runs"),
        at_least("job names right where stated", _percent(total.jobs_right, total.jobs), 90, "%"),
        at_least("sizes right where stated", _percent(total.sizes_right, total.sizes), 90, "%"),
        at_most("values that no text states", total.invented, 0.01 * total.runs, "values"),
        at_most("mails that need a model", total.unread, 0, "mails"),
        at_most("proposals from what is no report", total.proposals, 0, "runs"),
    ]


COLUMNS = ("mails", "status", "bad→good", "job", "size", "times", "invented", "model", "false")


def table(scores: Mapping[str, Score]) -> str:
    """A line for each tool: right of stated; what went wrong stands behind it."""
    lines = [f"{'tool':<24}" + "".join(f"{name:>10}" for name in COLUMNS)]
    for tool, one in sorted(scores.items()):
        told = (
            one.mails,
            f"{one.status}/{one.runs}",
            one.good,
            f"{one.jobs_right}/{one.jobs}",
            f"{one.sizes_right}/{one.sizes}",
            f"{one.times_right}/{one.times}",
            one.invented,
            one.unread,
            one.proposals,
        )
        lines.append(f"{tool:<24}" + "".join(f"{value!s:>10}" for value in told) + f"  {'; '.join(one.wrong)}".rstrip())
    return "\n".join(lines)


def scored(folder: Path) -> dict[str, Score]:
    scores: dict[str, Score] = {}
    for line in (folder / "labels.jsonl").read_text("utf-8").splitlines():
        label = json.loads(line)
        reading = read_mail(mail.read_mail((folder / label["file"]).read_bytes()))
        scores.setdefault(label["tool"], Score()).add(score_of(label, reading))
    return scores


def score_of(label: Label, reading: Reading) -> Score:
    score = Score(mails=1)
    if label["kind"] == "not_report":
        score.proposals = sum(not report.maintenance for report in reading.reports)
        score.wrong += [f"{label['file']}: no report"] if score.proposals else []
        return score
    score.unread = int(not reading.format)
    if not reading.reports and "not_report" in label.get("kind_alt", ()):
        return score
    for job, report in _paired(label["jobs"], reading.reports):
        _judge(score, label, job, report)
    return score


def _paired(jobs: list[Label], reports: tuple[Report, ...]) -> Iterator[tuple[Label, Report | None]]:
    """Each labelled run with what was read of it: by name, else in the order of the mail."""
    left = list(reports)
    for job in jobs:
        named = [report for report in left if job.get("job_name") and report.job == job["job_name"]]
        report = next(iter([*named, *left]), None)
        if report is not None:
            left.remove(report)
        yield job, report


def _judge(score: Score, label: Label, job: Label, report: Report | None) -> None:
    name = label["file"].removesuffix(".eml")
    allowed = {job["status"], *_alts(label, job, "status")}
    score.runs += 1
    right = report is not None and report.status in allowed
    score.status += right
    if not right:
        score.wrong.append(f"{name}: {report.status if report else 'nothing'} for {job['status']}")
    if report is None:
        score.jobs += job.get("job_name") is not None
        score.sizes += job.get("size_bytes") is not None
        return
    score.good += report.status == "success" and "success" not in allowed
    _value(score, "jobs", name, {job.get("job_name")} | _alts(label, job, "job_name"), report.job or None, job.get("job_name"))
    if not job.get("size_any") and not label.get("size_any"):
        sizes = {job.get("size_bytes")} | _alts(label, job, "size") | _alts(label, job, "size_bytes")
        _value(score, "sizes", name, sizes, report.size, job.get("size_bytes"))
    for which in ("started", "finished"):
        if job.get("started_any") or label.get("started_any"):
            continue
        moments = {_moment(one) for one in ({job.get(which)} | _alts(label, job, which))}
        told = report.started if which == "started" else report.finished
        _value(score, "times", f"{name} {which}", moments, told.replace(microsecond=0) if told else None, _moment(job.get(which)))


def _alts(label: Label, job: Label, what: str) -> set[Any]:
    return {*(job.get(f"{what}_alt") or ()), *(label.get(f"{what}_alt") or ())}


def _value(score: Score, what: str, name: str, right: Iterable[Any], told: Any, stated: Any) -> None:  # noqa: ANN401 - any value of a label
    """Counts one value: right, missing, wrong or invented."""
    known = {one for one in right if one is not None}
    ok = any(_same(told, one) for one in known)
    if stated is not None:
        setattr(score, what, getattr(score, what) + 1)
        setattr(score, f"{what}_right", getattr(score, f"{what}_right") + ok)
        if not ok:
            score.wrong.append(f"{name}: {what} {told!s} for {stated!s}")
    elif told is not None and not ok:
        score.invented += 1
        score.wrong.append(f"{name}: invented {told!s}")


def _same(told: Any, right: Any) -> bool:  # noqa: ANN401 - the same
    if isinstance(told, int) and isinstance(right, int):
        return abs(told - right) <= max(1, NEAR * right)
    return bool(told == right)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(microsecond=0) if text else None


def _percent(part: int, of: int) -> float:
    return 100.0 if not of else 100 * part / of
