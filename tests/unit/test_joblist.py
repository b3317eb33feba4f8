"""The job list: every row that can be understood becomes a job, every other one says what is wrong with it."""

import csv
import io
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.backup.job import Job, Target
from workflows.backup.job_id import JOB_ID_MAX
from workflows.backup.joblist import COLUMNS, JobList, RowError, job_from_cells, parse_jobs, rows_of, slug_of
from workflows.backup.rules import Rules, parse_rules

ORDERS = {"name": "Orders database", "target": "s3://acme-backups/orders/", "schedule": "daily 02:00"}


def export(*rows: dict[str, str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", extrasaction="raise")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def listed(*rows: dict[str, str], rules: Rules | None = None) -> JobList:
    return parse_jobs(export(*rows), timezone="Asia/Singapore", rules=rules or Rules())


def one(**cells: str) -> Job:
    read = listed(ORDERS | cells)
    assert read.errors == ()
    return read.jobs[0]


def error_of(**cells: str) -> RowError:
    read = listed(ORDERS | cells)
    assert read.jobs == ()
    assert len(read.errors) == 1
    return read.errors[0]


def test_a_full_row_becomes_a_job() -> None:
    job = one(
        job_id="orders-db",
        what="nightly dump",
        group="Database",
        owner_email="Sam@Acme.example",
        target="s3://acme-backups/orders/ heartbeat",
        layout="restic",
        schedule="daily 02:00",
        timezone="europe/berlin",
        window="26h",
        min_size="500MB",
        critical="Yes",
        report_from="Veeam · nas-02 · Nightly VMs",
    )

    assert (job.job_id, job.name, job.what, job.group) == ("orders-db", "Orders database", "nightly dump", "Database")
    assert (job.owner_email, job.layout, job.timezone, job.critical) == ("sam@acme.example", "restic", "Europe/Berlin", True)
    assert job.targets == (Target("s3", "acme-backups", "orders/"), Target("heartbeat"))
    assert (job.window, job.min_size, job.report_from) == (timedelta(hours=26), 500_000_000, "Veeam · nas-02 · Nightly VMs")
    assert job.schedule is not None
    assert (job.schedule.text, job.schedule.zone) == ("daily 02:00", "Europe/Berlin")


def test_blank_cells_mean_the_usual() -> None:
    job = one()

    assert (job.job_id, job.layout, job.timezone, job.critical) == ("orders-database", "files", "Asia/Singapore", False)
    assert (job.owner_email, job.window, job.min_size, job.row_number) == ("", None, None, 2)


def test_a_job_keeps_the_cells_as_typed_and_can_be_rebuilt_from_them() -> None:
    job = one(window=" 26 Hours", critical="TRUE")

    assert job.cells == ORDERS | {"window": "26 Hours", "critical": "TRUE"}
    rebuilt = job_from_cells(job.cells, timezone="Asia/Singapore", rules=Rules())
    assert isinstance(rebuilt, Job)
    assert (rebuilt.job_id, rebuilt.window, rebuilt.targets) == (job.job_id, job.window, job.targets)


def test_stored_cells_that_are_no_longer_right_say_why() -> None:
    assert job_from_cells({"name": "Orders"}, timezone="UTC", rules=Rules()) == (
        RowError(
            0,
            "target",
            "there is no target",
            "s3://bucket/prefix, heartbeat or report, or several separated by a space",
            "orders",
            "Orders",
        ),
        RowError(
            0,
            "window",
            "there is neither a schedule nor a window",
            "a window such as 26h, 2d or 1w, or a schedule such as daily 02:00",
            "orders",
            "Orders",
        ),
    )
    assert job_from_cells({}, timezone="UTC", rules=Rules())[0].column == "name"  # type: ignore[index]  # it is no Job


# --- which job a row means -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Orders database", "orders-database"),
        ("  Café Köln / NAS_2 ", "cafe-koln-nas-2"),
        ("Straße", "strasse"),
        ("数据库 备份", "数据库-备份"),
        ("สำรอง ข้อมูล", "สํารอง-ข้อมูล"),
        ("—!—", ""),
        ("", ""),
    ],
)
def test_a_name_makes_an_id_in_any_alphabet(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@given(st.text(max_size=100))
@settings(max_examples=150, deadline=None)
def test_an_id_made_of_a_name_can_be_written_back_into_the_list(name: str) -> None:
    slug = slug_of(name)

    if slug:
        assert len(slug) <= JOB_ID_MAX
        assert one(job_id=slug).job_id == slug


@pytest.mark.parametrize("job_id", ["orders db", "#fleet", "a" * (JOB_ID_MAX + 1), "-a", "a/b", "a#b", "a\nb", "a:b"])
def test_an_id_that_a_button_or_a_link_cannot_carry_is_refused(job_id: str) -> None:
    error = error_of(job_id=job_id)

    assert (error.column, error.job_id, error.name) == ("job_id", "", "Orders database")


@pytest.mark.parametrize("row", [{"job_id": "Sentinel-Canary"}, {"job_id": "", "name": "Sentinel canary"}])
def test_the_id_of_the_weekly_test_is_reserved(row: dict[str, str]) -> None:
    read = listed(ORDERS | row, ORDERS)

    assert [job.row_number for job in read.jobs] == [3]
    (error,) = read.errors
    assert (error.row_number, error.column, error.job_id) == (2, "job_id" if row["job_id"] else "name", "")
    assert "is reserved: under this id the sentinel tests itself" in error.problem
    assert dict(rows_of("name,target\nSentinel canary,heartbeat\n") or ()) == {}


def test_the_second_row_of_one_id_is_an_error_and_the_first_counts() -> None:
    read = listed(ORDERS | {"job_id": "orders"}, ORDERS | {"job_id": "Orders", "name": "Other"})

    assert [job.name for job in read.jobs] == ["Orders database"]
    assert read.errors == (RowError(3, "job_id", '"Orders" is the id of row 2', "a job_id of its own", "", "Other"),)


def test_a_name_never_takes_the_id_that_another_row_states() -> None:
    read = listed(ORDERS, ORDERS | {"job_id": "orders-database", "name": "Renamed since"}, ORDERS | {"name": "Ledger"})

    assert [(job.job_id, job.name) for job in read.jobs] == [("orders-database", "Renamed since"), ("ledger", "Ledger")]
    assert [(error.row_number, error.column) for error in read.errors] == [(2, "name")]


def test_a_row_without_a_name_goes_by_its_id() -> None:
    assert one(name="", job_id="orders-db").name == "orders-db"


def test_a_row_with_neither_name_nor_id_is_an_error_and_a_blank_row_is_nothing() -> None:
    read = listed({}, ORDERS | {"name": ""}, {"name": ""}, ORDERS)

    assert [(error.row_number, error.column) for error in read.errors] == [(3, "name")]
    assert [job.row_number for job in read.jobs] == [5]


# --- cells ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("s3://acme-backups", ["s3://acme-backups/"]),
        ("S3://acme-backups//orders/db-", ["s3://acme-backups/orders/db-"]),
        ("Heartbeat,report", ["heartbeat", "report"]),
        ("s3://acme-backups/a/\ns3://acme-nas/b/; heartbeat", ["s3://acme-backups/a/", "s3://acme-nas/b/", "heartbeat"]),
    ],
)
def test_targets_are_read_as_typed(text: str, targets: list[str]) -> None:
    assert [target.text for target in one(target=text).targets] == targets


@pytest.mark.parametrize(
    ("cells", "column", "fix"),
    [
        ({"target": ""}, "target", "s3://bucket/prefix, heartbeat or report"),
        ({"target": "https://acme-backups.s3.amazonaws.com"}, "target", "s3://bucket/prefix"),
        ({"target": "s3://Acme/x"}, "target", "lower-case"),
        ({"target": "s3://a..b/x"}, "target", "3 to 63"),
        ({"target": "s3://10.0.0.1/x"}, "target", "3 to 63"),
        ({"target": "s3:///x"}, "target", "3 to 63"),
        ({"target": "s3://acme-backups/" + "é" * 600}, "target", "1024 bytes"),
        ({"target": "s3://acme-backups/My Files/"}, "target", "s3://acme-backups/My covers every key"),
        ({"target": "heartbeat heartbeat"}, "target", "each target once"),
        ({"target": "s3://acme/x s3://acme//x"}, "target", "each target once"),
        ({"layout": "zip"}, "layout", "one of files, restic, borg"),
        ({"layout": "velero"}, "layout", "velero cannot be read yet"),
        ({"layout": "marker:"}, "layout", "marker:_SUCCESS"),
        ({"layout": "kopia"}, "layout", "heartbeat or report beside"),
        ({"layout": "sync"}, "layout", "heartbeat or report beside"),
        ({"layout": "restic", "target": "heartbeat"}, "layout", "an s3://bucket/prefix target"),
        ({"owner_email": "sam"}, "owner_email", "an e-mail address"),
        ({"schedule": "sometimes"}, "schedule", "daily 02:00"),
        ({"schedule": "0 0 31 2 *"}, "schedule", "daily 02:00"),
        ({"timezone": "Asia/Singapur"}, "timezone", "Asia/Singapore"),
        ({"window": "26hours?"}, "window", "26h, 2d or 1w"),
        ({"min_size": "-5 MB"}, "min_size", "500MB, 1.2 GiB or 1,234,567"),
        ({"critical": "perhaps"}, "critical", "yes or no"),
        ({"schedule": ""}, "window", "a window such as 26h, 2d or 1w"),
    ],
)
def test_a_cell_that_cannot_be_read_names_its_column_and_what_would_be_right(
    cells: dict[str, str], column: str, fix: str
) -> None:
    error = error_of(**cells)

    assert (error.row_number, error.column, error.job_id) == (2, column, "orders-database")
    assert fix in error.fix


def test_every_bad_cell_of_a_row_is_told_at_once_and_harms_no_other_row() -> None:
    read = listed(ORDERS | {"window": "x", "min_size": "y", "critical": "z"}, ORDERS | {"name": "Ledger"})

    assert [(error.row_number, error.column) for error in read.errors] == [(2, "window"), (2, "min_size"), (2, "critical")]
    assert [job.job_id for job in read.jobs] == ["ledger"]


@pytest.mark.parametrize(
    ("text", "critical"), [("yes", True), ("TRUE", True), ("x", True), ("✓", True), ("no", False), ("FALSE", False), ("", False)]
)
def test_critical_is_ticked_in_any_way(text: str, critical: bool) -> None:
    assert one(critical=text).critical is critical


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        ("Restic", "restic"),
        ("walg", "wal-g"),
        ("pgBackRest", "pgbackrest"),
        ("Marker: _SUCCESS", "marker:_SUCCESS"),
        ("", "files"),
    ],
)
def test_layouts_are_known_in_any_case(text: str, layout: str) -> None:
    assert one(layout=text).layout == layout


@pytest.mark.parametrize("layout", ["kopia", "sync"])
@pytest.mark.parametrize("claim", ["heartbeat", "report"])
def test_layouts_without_an_end_mark_are_fine_beside_a_claim(layout: str, claim: str) -> None:
    assert one(layout=layout, target=f"s3://acme-backups/x/ {claim}").layout == layout


@pytest.mark.parametrize("section", ["[defaults]", "[group database]", "[job orders-database]", "[job Orders Database]"])
def test_the_rules_may_give_the_window_that_a_row_leaves_out(section: str) -> None:
    rules = parse_rules(f"{section}\nwindow: 26h", config={})

    read = listed(ORDERS | {"schedule": "", "group": "Database"}, rules=rules)

    assert read.errors == ()
    assert read.jobs[0].window is None
    assert rules.thresholds(read.jobs[0]).window == timedelta(hours=26)


# --- rows that can be used but are odd -----------------------------------------------------------


@pytest.mark.parametrize(
    ("schedule", "window", "problem"),
    [
        ("mon-fri 02:00", "26h", "the window is 26 h, but mon-fri 02:00 leaves 72 h from Fri to Mon"),
        ("0 2 * * 2,4", "4d", "the window is 4 d, but 0 2 * * 2,4 leaves 5 d from Thu to Tue"),
        ("*/15 9-17 * * 1-5", "20h", "the window is 20 h, but */15 9-17 * * 1-5 leaves 63 h 15 min from Fri to Mon"),
        ("weekly sun 03:00", "6d", "the window is 6 d, but weekly sun 03:00 leaves 7 d"),
        ("daily 02:00", "20h", "the window is 20 h, but daily 02:00 leaves 24 h"),
        ("monthly 1 04:00", "30d", "the window is 30 d, but monthly 1 04:00 leaves 31 d"),
    ],
)
def test_a_window_shorter_than_the_longest_gap_is_a_warning_that_names_the_days(schedule: str, window: str, problem: str) -> None:
    read = listed(ORDERS | {"schedule": schedule, "window": window})

    assert [(warning.row_number, warning.column, warning.problem) for warning in read.warnings] == [(2, "window", problem)]
    assert read.jobs[0].warnings == (problem,)


def test_a_window_as_long_as_the_gap_is_no_warning() -> None:
    read = listed(ORDERS | {"schedule": "mon-fri 02:00", "window": "72h"})

    assert read.warnings == ()
    assert read.jobs[0].warnings == ()


def test_a_prefix_that_also_holds_another_jobs_files_is_a_warning() -> None:
    read = listed(
        ORDERS | {"name": "A", "target": "s3://acme-backups/orders"},
        ORDERS | {"name": "B", "target": "s3://acme-backups/orders-archive/ heartbeat"},
        ORDERS | {"name": "C", "target": "s3://acme-nas/orders/"},
    )

    assert [(warning.job_id, warning.problem) for warning in read.warnings] == [
        ("a", "s3://acme-backups/orders also holds the files of B (row 3)")
    ]


def test_a_borg_repository_that_nobody_checks_in_for_is_a_warning_that_says_why() -> None:
    read = listed(ORDERS | {"layout": "borg"})

    (warning,) = read.warnings
    assert (warning.row_number, warning.column) == (2, "layout")
    assert "cannot tell a backup from a rename" in warning.problem
    assert "heartbeat beside the s3 target" in warning.fix
    assert read.jobs[0].warnings == (warning.problem,)


@pytest.mark.parametrize("beside", ["heartbeat", "report"])
def test_with_a_heartbeat_or_a_report_beside_it_a_borg_repository_is_none(beside: str) -> None:
    read = listed(ORDERS | {"layout": "borg", "target": f"s3://acme-backups/borg/ {beside}"})

    assert read.warnings == ()


def test_prefixes_side_by_side_are_no_warning() -> None:
    read = listed(
        ORDERS | {"name": "A", "target": "s3://acme-backups/a/ s3://acme-backups/a/full/"},
        ORDERS | {"name": "B", "target": "s3://acme-backups/b/"},
        ORDERS | {"name": "C", "target": "s3://acme-backups/b/", "layout": "marker:done"},
    )

    assert read.warnings == ()


def test_a_mistyped_header_is_a_warning_and_an_unrelated_one_is_none() -> None:
    text = "name,target,schedule,min sise (MB),our notes\nOrders,heartbeat,daily 02:00,5,x\n"

    read = parse_jobs(text, timezone="UTC", rules=Rules())

    assert len(read.jobs) == 1
    assert [(warning.column, warning.fix) for warning in read.warnings] == [("min sise (MB)", "perhaps min_size")]


# --- the list as a whole -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["", "colour\nred\n", "name,schedule\nOrders,hourly\n", "target\nheartbeat\n", "name,Name,target\na,b,heartbeat\n"]
)
def test_a_list_that_cannot_be_read_is_not_an_empty_one(text: str) -> None:
    read = parse_jobs(text, timezone="UTC", rules=Rules())

    assert (read.readable, read.jobs) == (False, ())
    assert len(read.errors) == 1


def test_a_list_of_no_rows_is_empty() -> None:
    assert listed() == JobList()


def test_a_row_broken_in_the_export_harms_no_other_row() -> None:
    text = export(ORDERS) + '"Broken,row\n' + export(ORDERS | {"name": "Ledger"}).splitlines()[1] + "\n"

    read = parse_jobs(text, timezone="UTC", rules=Rules())

    assert [job.job_id for job in read.jobs] == ["orders-database", "ledger"]
    assert [error.row_number for error in read.errors] == [3]


typed = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "#",
            "s3://",
            "s3://acme/\ud7ff",
            "heartbeat",
            "kopia",
            "* * * * *",
            "0 0 30 2 *",
            "marker:x",
            "1e9",
            "UTC",
            "UTC\x00",
            "../..",
            '"',
            "yes",
        ]
    ),
)


@given(st.lists(st.dictionaries(st.sampled_from(COLUMNS), typed), max_size=4))
@settings(max_examples=100, deadline=None)
def test_any_text_in_any_cell_gives_a_job_or_says_why_not(rows: list[dict[str, str]]) -> None:
    read = listed(*rows, ORDERS | {"job_id": "sentinel.sound"})

    assert read.jobs[-1].job_id == "sentinel.sound"
    assert len({job.job_id.casefold() for job in read.jobs}) == len(read.jobs)
    assert all(error.row_number > 1 and error.column in COLUMNS and error.problem and error.fix for error in read.errors)
    for job in read.jobs:
        assert isinstance(job_from_cells(job.cells, timezone="Asia/Singapore", rules=Rules()), Job)


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_is_a_list_or_says_why_not(text: str) -> None:
    read = parse_jobs(text, timezone="UTC", rules=Rules())

    assert read.readable or read.errors
