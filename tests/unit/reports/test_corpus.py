"""Every mail of the fixtures is read as its label says."""

import json

import pytest

from bench.reports import OURS, Label, score_of
from workflows.backup.reports.read import read_mail
from workflows.kernel import mail

LABELS = [json.loads(line) for line in (OURS / "labels.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("label", LABELS, ids=[label["file"] for label in LABELS])
def test_the_mail_is_read_as_labelled(label: Label) -> None:
    reading = read_mail(mail.read_mail((OURS / label["file"]).read_bytes()))
    score = score_of(label, reading)
    assert score.wrong == []
    assert score.unread == 0
    if label["kind"] == "report":
        assert len(reading.reports) == len(label["jobs"])
        assert {report.maintenance for report in reading.reports} == {label.get("maintenance", False)}


def test_each_mail_has_its_label() -> None:
    assert {label["file"] for label in LABELS} == {path.name for path in OURS.glob("*.eml")}
