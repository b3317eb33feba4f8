"""The row that a stranger's check-in or report proposes: sound, of its own, and free of what a stranger could hide in it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bolt_app.adapters.memory.bus import MemoryBus
from bolt_app.adapters.memory.proposals import MemoryProposals
from tests.flows.company import MONDAY
from tests.flows.office import NIGHTLY, Office
from workflows.backup.job import Job
from workflows.backup.joblist import job_from_cells
from workflows.backup.matching import Known, match
from workflows.backup.proposing import clean, cleaned, propose_report, report_from, report_id
from workflows.backup.reports.report import Report
from workflows.backup.rules import Rules
from workflows.kernel.proposal import Proposal

AT = MONDAY.isoformat()
hostile = st.text(max_size=300) | st.sampled_from(
    [
        "=IMPORTXML(1)",
        "＝1",
        "@SUM(A1)",
        "+1",
        "-x",
        "'=1",
        "\x00\x1b[31m",
        "<!channel>",
        "a·b",
        "·",
        " ",
        "\u202egnp.exe",
        "🦊" * 200,
    ]
)
reports = st.builds(
    Report, tool=hostile, status=st.just("success"), job=hostile, series=hostile, host=hostile, what=hostile, target=hostile
)


def proposed(report: Report, **more: Any) -> Proposal:
    proposals = MemoryProposals()
    sighting = {"id": "m1#1", "at": AT, "outcome": "ok", "size": 10**9}
    propose_report(report, sighting, zone="UTC", proposals=proposals, bus=MemoryBus(), now=MONDAY, **more)
    (proposal,) = proposals.every()
    return proposal


def test_a_report_becomes_a_whole_row() -> None:
    assert proposed(NIGHTLY).cells == {
        "job_id": "nightly-vms",
        "name": "Nightly VMs",
        "what": "14 virtual machines on nas-02",
        "target": "report",
        "window": "26 h",
        "min_size": "500 MB",
        "report_from": "veeam · nas-02 · Nightly VMs",
    }


def test_a_check_in_becomes_a_whole_row() -> None:
    office = Office()
    office.beat("pg-main", size=None)
    assert office.only().cells == {"job_id": "pg-main", "name": "pg-main", "target": "heartbeat", "window": "26 h"}


@settings(max_examples=60, deadline=None)
@given(report=reports)
def test_whatever_a_report_holds_its_row_is_sound_and_no_formula(report: Report) -> None:
    proposal = proposed(report)
    job = job_from_cells(proposal.cells, timezone="UTC", rules=Rules())
    assert isinstance(job, Job), job
    assert job.job_id == proposal.key
    for text in (*proposal.cells.values(), proposal.learned):
        assert not text.startswith(("=", "+", "-", "@", "'", "\t"))
        assert text.isprintable()
        assert len(text) <= 400


@pytest.mark.parametrize(
    ("host", "known", "job_id"),
    [
        ("nas-02", set(), "nightly-vms"),
        ("nas-02", {"Nightly-VMs"}, "nightly-vms-nas-02"),
        ("", {"nightly-vms"}, "nightly-vms-????"),
        ("nas-02", {"nightly-vms", "nightly-vms-nas-02"}, "nightly-vms-????"),
    ],
)
def test_an_id_that_is_taken_is_not_proposed(host: str, known: set[str], job_id: str) -> None:
    report = Report(tool="veeam", status="success", job="Nightly VMs", host=host)
    mark = report_id(report).rpartition("-")[2][:4]
    assert proposed(report, known=known).key == job_id.replace("????", mark)


def test_a_report_without_a_job_is_named_after_what_it_tells() -> None:
    assert proposed(Report(tool="restic", status="success", host="nas-02")).cells["name"] == "restic on nas-02"
    assert proposed(Report(tool="", status="success")).cells["name"] == "Backup"


def test_an_archives_name_that_changes_every_night_is_one_proposal() -> None:
    nights = [Report(tool="borg", status="success", job=f"web-2026-11-{day}", series="web", host="web1") for day in (16, 17)]
    assert report_id(nights[0]) == report_id(nights[1])
    assert report_from(nights[0]) == "borg · web1 · web"


@pytest.mark.parametrize(
    "report",
    [
        NIGHTLY,
        Report(tool="borg", status="success", job="web", host="web1"),
        Report(tool="restic", status="success", job="a · b"),
    ],
)
def test_what_is_filled_in_is_found_again_by_the_next_report(report: Report) -> None:
    job = Known(job_id="nightly", name="Nightly", zone="UTC", report_from=report_from(report), told_by_report=True)
    assert match(report, [job]).kind == "sure"


@pytest.mark.parametrize(
    ("text", "is_"),
    [
        ("=1+1", "1+1"),
        ("  +@-=x", "x"),
        ("＝＋1", "1"),
        ("a\n\tb\x00c", "a b c"),
        ("x" * 100, "x" * 39 + "…"),
        ("e\u0301", "é"),
        ("\ud800broken", "broken"),
    ],
)
def test_a_strangers_text_is_one_clean_line(text: str, is_: str) -> None:
    assert clean(text, 40) == is_


def test_a_sighting_is_kept_with_known_fields_in_utc() -> None:
    told = {
        "id": "x",
        "at": "2026-11-16T10:00:00+01:00",
        "started": "2026-11-16T09:00:00",
        "outcome": "odd",
        "size": -1,
        "more": 1,
    }
    kept = cleaned(told, "Europe/Berlin")
    assert (kept["at"], kept["started"]) == ("2026-11-16T09:00:00.000000+00:00", "2026-11-16T08:00:00.000000+00:00")
    assert (kept["outcome"], kept["size"], kept["finished"], "more" in kept) == ("unknown", None, None, False)


@pytest.mark.parametrize("told", [{"id": "x"}, {"at": AT}, {"id": "x", "at": "soon"}])
def test_a_sighting_without_id_or_moment_is_refused(told: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="a sighting wants an id and a moment"):
        cleaned(told)


def test_an_end_in_the_future_is_not_believed() -> None:
    assert cleaned({"id": "x", "at": AT, "finished": "2026-12-24T00:00:00Z"})["finished"] is None


def test_a_tool_without_a_name_is_not_called_script() -> None:
    cells = proposed(Report(tool="script", status="success", job="Ledger")).cells
    assert cells["report_from"] == "Ledger"
    assert "what" not in cells
    assert proposed(Report(tool="script", status="success", job="Ledger", host="nas-2")).cells["report_from"] == "nas-2 · Ledger"
