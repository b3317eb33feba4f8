import pytest

from tests.unit.reports.letters import at, letter, only
from workflows.backup.reports.xen_orchestra import read


def told(status: str = "success", count: str = "3 / 3", more: str = "") -> str:
    return f"""
        ## Global status: {status}

        - **Job ID**: 7a
        - **Mode**: delta
        - **Start time**: Thursday, May 7th 2026, 12:00:05 am
        - **End time**: Thursday, May 7th 2026, 1:20:15 am
        - **Duration**: an hour
        - **Successes**: {count}
        - **Transfer size**: 12.5 GiB
        {more}
        """


@pytest.mark.parametrize(
    ("subject", "job"),
    [
        ("[Xen Orchestra] success − Backup report for Shops and mails ✔", "Shops and mails"),
        ("[Xen Orchestra][Success] Backup report for Shops and mails", "Shops and mails"),
        ("[Xen Orchestra] Backup report for Shops and mails - success", "Shops and mails"),
        ('Backup Reports for "Shops and mails" (Xen Orchestra)', "Shops and mails"),
    ],
)
def test_a_report_with_everything(subject: str, job: str) -> None:
    report = only(read(letter(told(), subject)))
    assert (report.status, report.job, report.size) == ("success", job, round(12.5 * 1024**3))
    assert (report.started, report.finished) == (at("2026-05-07 00:00:05"), at("2026-05-07 01:20:15"))


@pytest.mark.parametrize(
    ("text", "subject", "status"),
    [
        (told("failure", "2 / 3"), "", "failure"),
        (told("skipped", "2 / 3"), "", "warning"),
        (told("interrupted"), "", "warning"),
        (told("success", "2 / 3"), "", "warning"),
        (told("success", more="## 1 Failure\n\n### shop\n- **Error**: no space"), "", "failure"),
        (told(), "[Xen Orchestra] failure − Backup report for x 🚨", "failure"),
        (told(), "[Xen Orchestra] success − Backup report for Failure tests ✔", "success"),
        ((
            "VM : shop\n\nStatus: "
            "Success\nStart time: "
            "Thu May 07 2026 12:00:04 GMT+0200"
        ), 'Backup Reports for "x" (Xen Orchestra)', "success"),
        ("VM : shop\n\nStatus: Success\n\nVM : mail\n\nStatus: Fail", 'Backup Reports for "x" (Xen Orchestra)', "failure"),
    ],
)  # fmt: skip
def test_the_worst_sign_decides(text: str, subject: str, status: str) -> None:
    assert only(read(letter(text, subject or "[Xen Orchestra] Backup report for x"))).status == status
