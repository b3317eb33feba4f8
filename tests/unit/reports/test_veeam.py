from datetime import timedelta

import pytest

from tests.unit.reports.letters import at, letter, only
from workflows.backup.reports.report import Report
from workflows.backup.reports.veeam import read
from workflows.kernel.mail import Part

GB = 1024**3


def session(
    *,
    subject: str = "[Success] Files of the office (2 objects)",
    head: str = "Backup job: Files of the office→Success",
    processed: str = "Created by BK01\\root at 1/2/2026 8:00:00 AM.→2 of 2 VMs processed",
    day: str = "Thursday, May 7, 2026 9:00:05 PM",
    times: tuple[str, str] = ("9:00:05 PM", "9:20:15 PM"),
    took: str = "0:20:10",
    size: str = "120.5 GB",
    counts: tuple[int, int, int] = (2, 0, 0),
    foot: str = "Veeam Backup & Replication 12.3.0.310",
) -> Part:
    return letter(
        f"""
        {head}
        {processed}
        {day}
        Success→{counts[0]}→Start time→{times[0]}→Total size→{size}→Backup size→10.0 GB
        Warning→{counts[1]}→End time→{times[1]}→Data read→20.0 GB→Dedupe→1.0x
        Error→{counts[2]}→Duration→{took}→Transferred→9.0 GB→Compression→1.7x
        Details
        Name→Status→Start time→End time→Size→Read→Transferred→Duration→Details
        srv-a→Success→9:00:20 PM→9:10:00 PM→100.5 GB→15.0 GB→7.0 GB→0:09:40→
        srv-b→Success→9:00:20 PM→9:20:00 PM→20.0 GB→5.0 GB→2.0 GB→0:19:40→
        {foot}
        """,
        subject,
    )


def one(part: Part) -> Report:
    return only(read(part))


def test_a_session_with_everything() -> None:
    report = one(session())
    assert (report.tool, report.status, report.job) == ("veeam-br", "success", "Files of the office")
    assert report.started == at("2026-05-07 21:00:05")
    assert report.finished == at("2026-05-07 21:20:15")
    assert report.duration == timedelta(minutes=20, seconds=10)
    assert report.size == round(120.5 * GB)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"subject": "[Warning] Files of the office (2 objects) 1 warning", "counts": (1, 1, 0)}, "warning"),
        ({"subject": "[Failed] Files of the office (2 objects) 1 error", "counts": (1, 0, 1)}, "failure"),
        ({"head": "Backup job: Files of the office→Failed"}, "failure"),
        ({"subject": "[Success] Files of the office", "counts": (1, 0, 1)}, "failure"),
        ({"counts": (1, 1, 0)}, "warning"),
        ({"processed": "→1 of 2 VMs processed"}, "warning"),
        ({"processed": "→0 of 0 VMs processed"}, "warning"),
        ({"subject": "Fwd: [Failed] Files of the office (2 objects) 1 error"}, "failure"),
        (
            {"subject": "[Success] Failed logins archive (2 objects)", "head": "Backup job: Failed logins archive→Success"},
            "success",
        ),
    ],
)
def test_the_worst_sign_decides(change: dict[str, str], status: str) -> None:
    assert one(session(**change)).status == status  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        ("Donnerstag, 7. Mai 2026 21:00:05", "21:00:05", "21:20:15"),
        ("jeudi 7 mai 2026 21:00:05", "21:00:05", "21:20:15"),
        ("jueves, 7 de mayo de 2026 21:00:05", "21:00:05", "21:20:15"),
        ("giovedì 7 maggio 2026 21.00.05", "21.00.05", "21.20.15"),
        ("torsdag den 7 maj 2026 21:00:05", "21:00:05", "21:20:15"),
        ("четверг, 7 мая 2026 г. 21:00:05", "21:00:05", "21:20:15"),
        ("czwartek, 7 maja 2026 21:00:05", "21:00:05", "21:20:15"),
        ("quinta-feira, 7 de maio de 2026 21:00:05", "21:00:05", "21:20:15"),
        ("donderdag 7 mei 2026 21:00:05", "21:00:05", "21:20:15"),
        ("2026年5月7日 21:00:05", "21:00:05", "21:20:15"),
        ("07 May 2026 21:00:05", "21:00:05", "21:20:15"),
        ("Thursday, 7 May 2026 9:00:05 pm", "9:00:05 pm", "9:20:15 pm"),
        ("5/7/2026 9:00:05 PM", "9:00:05 PM", "9:20:15 PM"),
        ("2026-05-07 21:00:05", "21:00:05", "21:20:15"),
    ],
)
def test_the_day_stands_in_the_headline_in_the_language_of_the_server(day: str, start: str, end: str) -> None:
    report = one(session(day=day, times=(start, end)))
    assert (report.started, report.finished) == (at("2026-05-07 21:00:05"), at("2026-05-07 21:20:15"))


def test_an_end_after_midnight_is_on_the_next_day() -> None:
    assert one(session(times=("11:50:00 PM", "12:10:00 AM"), took="0:20:00")).finished == at("2026-05-08 00:10")


def test_a_run_of_days_ends_days_later() -> None:
    report = one(session(times=("9:00:05 PM", "1:00:05 AM"), took="2.04:00:00"))
    assert report.finished == at("2026-05-10 01:00:05")


def test_a_cell_with_its_own_date_counts() -> None:
    assert one(session(times=("9:00:05 PM", "5/9/2026 1:00:05 AM"), took="28:00:00")).finished == at("2026-05-09 01:00:05")


@pytest.mark.parametrize("size", ["1,5 TB", "1.5 TB"])
def test_sizes_are_powers_of_1024_with_any_decimal_mark(size: str) -> None:
    assert one(session(size=size)).size == 3 * 1024**4 // 2


@pytest.mark.parametrize(
    ("head", "subject", "job"),
    [
        ("Backup job: Mail store (Retry 3)→Warning", "[Warning] Mail store (1 objects)", "Mail store"),
        ("Backup job: Mail store (Retry)→Warning", "", "Mail store"),
        ("Backup job: Mail store (Incremental)→Success", "[Success] Mail store (4 objects)", "Mail store"),
        ("Backup Copy job: Offsite\\Mail store→Success", "[Success] Offsite\\Mail store (4 objects)", "Offsite\\Mail store"),
        ("Replication job: To second site→Success", "[Success] To second site (4 objects)", "To second site"),
        ("File Backup job: Shares→Success", "[Success] Shares (1 objects)", "Shares"),
        ("Backup to Tape job: Weekly tapes→Success", "[Success] Weekly tapes", "Weekly tapes"),
        ("Configuration Backup Job→Success", "[Success] Configuration Backup Job", "Configuration Backup Job"),
    ],
)
def test_a_job_is_called_the_same_every_time(head: str, subject: str, job: str) -> None:
    assert one(session(head=head, subject=subject)).job == job


def test_the_agent_names_its_machine() -> None:
    part = session(
        head="Agent Backup job: Whole laptop→Success",
        subject="[Success] lap-9 - Whole laptop",
        foot="Veeam Agent for Microsoft Windows 6.2",
    )
    assert (one(part).tool, one(part).host, one(part).job) == ("veeam-agent", "lap-9", "Whole laptop")


def test_microsoft_365_has_no_total_size() -> None:
    part = letter(
        """
        Backup job: Mailboxes→Warning
        Created by BK01\\root at 1/2/2026 8:00:00 AM.→10 of 11 objects processed
        Thursday, May 7, 2026 9:00:05 PM
        Success→10→Start time→9:00:05 PM→Transferred→2.5 GB (300 items)
        Warning→1→End time→9:20:15 PM→Processing rate→5.0 MB/s (3 items/s)
        Error→0→Duration→0:20:10→Bottleneck→Source
        Veeam Backup for Microsoft 365 8.0
        """,
        "[Warning] Mailboxes",
    )
    assert (one(part).tool, one(part).status, one(part).job) == ("veeam-m365", "warning", "Mailboxes")
    assert one(part).size == round(2.5 * GB)


def test_surebackup_is_upkeep() -> None:
    assert one(session(head="SureBackup job: Prove it→Success", subject="[Success] Prove it")).maintenance


@pytest.mark.parametrize("between", ["   ", "\n", " "])
def test_a_forward_as_plain_text_is_read_as_well(between: str) -> None:
    part = session(subject="Fwd: [Warning] Files of the office (2 objects) 1 warning", counts=(1, 1, 0))
    report = one(Part(text=part.text.replace("\t", between), subject=part.subject, sent=part.sent))
    assert (report.status, report.job, report.size) == ("warning", "Files of the office", round(120.5 * GB))
    assert (report.started, report.finished) == (at("2026-05-07 21:00:05"), at("2026-05-07 21:20:15"))


@pytest.mark.parametrize("subject", ["Veeam Backup & Replication: licence expires in 3 days", "Veeam: test e-mail"])
def test_notices_are_no_runs(subject: str) -> None:
    assert read(letter("Backups would fail then. Start time 10:00 Duration unknown", subject)) in {(), None}


def test_other_mails_are_left_to_others() -> None:
    assert read(letter("Backup job: x\nall good", "[Success] x")) is None
