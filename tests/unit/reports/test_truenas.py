import pytest

from tests.unit.reports.letters import letter, only
from workflows.backup.reports.truenas import read


@pytest.mark.parametrize(
    ("alert", "status", "job"),
    [
        ('Replication "pool/a - far/a" succeeded.', "success", "pool/a - far/a"),
        ('Replication "pool/a - far/a" failed: no route..', "failure", "pool/a - far/a"),
        ('Snapshot Task For Dataset "pool/a" failed: dataset is busy.', "failure", "pool/a"),
        ('Cloud sync task "To the cloud" failed.', "failure", "To the cloud"),
        ('Rsync "PUSH" task for "/mnt/pool/a" succeeded.', "success", "/mnt/pool/a"),
    ],
)
def test_alerts_of_tasks_are_runs(alert: str, status: str, job: str) -> None:
    report = only(
        read(letter(f"TrueNAS @ nas3\n\nNew alerts:\n* {alert}\n\nCurrent alerts:\n* {alert}\n", "TrueNAS nas3: Alerts"))
    )
    assert (report.tool, report.status, report.job, report.host) == ("truenas", status, job, "nas3")


def test_what_is_still_current_or_was_cleared_is_not_told_again() -> None:
    text = """
        TrueNAS @ nas3

        New alerts:
        * Pool pool state is ONLINE.

        The following alerts have been cleared:
        * Replication "b" failed: gone.

        Current alerts:
        * Replication "a" failed: no route.
        """
    assert read(letter(text, "TrueNAS nas3: Alerts")) == ()


def test_other_mails_are_left_to_others() -> None:
    assert read(letter('Replication "a" failed: x', "Alerts")) is None


def test_alerts_without_a_heading_are_new() -> None:
    assert only(read(letter('TrueNAS @ nas3\n\n* Replication "a" failed: no route.', "Alert"))).status == "failure"
