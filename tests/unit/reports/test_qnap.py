import pytest

from tests.unit.reports.letters import at, letter, only
from workflows.backup.reports.qnap import read


def notice(sentence: str, severity: str = "Info") -> str:
    return f"""
        NAS Name: q3
        Severity: {severity}
        Date/Time: 2026/05/07 21:20:15

        App Name: Hybrid Backup Sync
        Category: Job Status
        Message: [Hybrid Backup Sync] {sentence}
        """


@pytest.mark.parametrize(
    ("sentence", "severity", "status"),
    [
        ('Finished Backup job: "Films".', "Info", "success"),
        ('Finished Backup job "Films" with errors. Check the report.', "Warning", "warning"),
        ('Finished Backup job: "Films".', "Warning", "warning"),
        ('Failed to complete Backup job: "Films".', "Error", "failure"),
        ('Failed to complete Sync job: "Films".', "Info", "failure"),
        ('Stopped Backup job: "Films". Canceled by user.', "Warning", "failure"),
        ('Started Backup job: "Films".', "Info", "running"),
    ],
)
def test_the_sentence_and_the_severity(sentence: str, severity: str, status: str) -> None:
    report = only(read(letter(notice(sentence, severity), f"[{severity}][q3] Hybrid Backup Sync")))
    assert (report.tool, report.status, report.job, report.host) == ("qnap-hbs", status, "Films", "q3")
    assert (report.started or report.finished) == at("2026-05-07 21:20:15")


@pytest.mark.parametrize(
    "labels",
    [
        "Nome NAS: q3\nGravità: Errore\nData/Ora: 2026/05/07 21:20:15\nNome App: Hybrid Backup Sync\nMessaggio",
        "NAS-Name: q3\nSchweregrad: Fehler\nDatum/Uhrzeit: 2026/05/07 21:20:15\nApp-Name: Hybrid Backup Sync\nNachricht",
        "NAS 名称：q3\n严重性：错误\n日期/时间：2026/05/07 21:20:15\n应用程序名称：Hybrid Backup Sync\n消息",
    ],
)
def test_labels_in_other_languages(labels: str) -> None:
    text = f'{labels}: [Hybrid Backup Sync] Failed to complete Backup job: "Films".'
    report = only(read(letter(text, "[Hybrid Backup Sync] q3")))
    assert (report.status, report.job, report.host, report.finished) == (
        "failure",
        "Films",
        "q3",
        at("2026-05-07 21:20:15"),
    )


def test_netbak_replicator() -> None:
    text = '[NetBak Replicator] Backup job "Films" completed successfully.'
    assert only(read(letter(text, "NetBak Replicator on pc3"))).status == "success"


def test_a_restore_is_upkeep() -> None:
    assert only(read(letter(notice('Finished Restore job: "Films".'), "Hybrid Backup Sync"))).maintenance


def test_notices_without_a_job_are_no_runs() -> None:
    assert read(letter(notice("The app was updated."), "[Info] Hybrid Backup Sync")) == ()
