from datetime import timedelta

import pytest

from tests.unit.reports.letters import at, letter, only
from workflows.backup.reports.report import Report
from workflows.backup.reports.synology import read
from workflows.kernel.mail import Part


def one(part: Part) -> Report:
    return only(read(part))


@pytest.mark.parametrize(
    ("subject", "body", "status", "job", "host", "seconds"),
    [
        (
            "Data backup task on box7 has failed",
            (
                "Data backup task on box7 has failed.\n\nBackup Task: Photos\nBackup Target: "
                "share2 / box7_2.hbk\nStart Time: Thu, May 7 2026 21:00:05\n"
                "Duration: 2 Minute 3 Second\n\nFrom box7"
            ),
            "failure",
            "Photos",
            "box7",
            123,
        ),
        (
            "Die Datensicherungsaufgabe auf box7 wurde erfolgreich abgeschlossen",
            (
                "Die Datensicherung auf box7 wurde abgeschlossen.\n\nDatensicherungsaufgabe: "
                "Fehlerberichte\nSicherungsziel: share2\n"
                "Start: Do, 7 Mai 2026 21:00:05\nDauer: 2 Minuten 3 Sekunden\n\nVon box7"
            ),
            "success",
            "Fehlerberichte",
            "box7",
            123,
        ),
        (
            "Datensicherungsaufgabe auf box7 teilweise abgeschlossen",
            (
                "Die Datensicherungsaufgabe auf box7 wurde teilweise abgeschlossen.\n\nSicherungsaufgabe: "
                "Fotos\nStartzeit: Do, Mai 7 2026 21:00:05\n"
                "Dauer: 123 Sekunde\n\nVon box7"
            ),
            "warning",
            "Fotos",
            "box7",
            123,
        ),
        (
            "La tâche de sauvegarde des données sur box7 a échoué",
            (
                "La tâche de sauvegarde sur box7 a échoué.\n\nTâche de sauvegarde : "
                "Images\nDestination de la sauvegarde : share2\n"
                "Heure de début : jeu., mai 7 2026 21:00:05\nDurée : 2 Minute 3 Seconde\n\nDe box7"
            ),
            "failure",
            "Images",
            "box7",
            123,
        ),
        (
            "box7 上的数据备份任务失败",
            (
                "box7 上的数据备份任务失败。\n\n"
                "备份任务：照片\n备份目的地：share2\n开始时间：2026/05/07 21:00:05\n持续时间：2 分 3 秒\n\n来自 box7"
            ),
            "failure",
            "照片",
            "box7",
            123,
        ),
        (
            "box7 上的資料備份任務已完成",
            (
                "box7 上的資料備份任務已完成。\n\n"
                "備份任務：照片\n備份目的地：share2\n開始時間：2026/05/07 21:00:05\n持續時間：2 分 3 秒\n\n來自 box7"
            ),
            "success",
            "照片",
            "box7",
            123,
        ),
        (
            "L'attività di backup dei dati su box7 è stata completata",
            (
                "L'attività di backup dei dati su box7 è stata completata.\n\nAttività "
                "di backup: Foto\nDestinazione di backup: share2\n"
                "Ora di inizio: gio, mag 7 2026 21:00:05\nDurata: 2 Minuto 3 Secondo\n\nDa box7"
            ),
            "success",
            "Foto",
            "box7",
            123,
        ),
        (
            "La tarea de copia de seguridad de datos en box7 ha fallado",
            (
                "La tarea de copia de seguridad de datos en box7 ha fallado.\n\nTarea "
                "de copia de seguridad: Fotos\nDestino: share2\n"
                "Hora de inicio: jue, may 7 2026 21:00:05\nDuración: 2 Minuto 3 Segundo\n\nDe box7"
            ),
            "failure",
            "Fotos",
            "box7",
            123,
        ),
        (
            "Gegevensback-uptaak op box7 is voltooid",
            (
                "De back-uptaak op box7 is voltooid.\n\nBack-uptaak: Fotoboek\nBack-updoel: "
                "share2\nStarttijd: do, mei 7 2026 21:00:05\n"
                "Duur: 2 Minuten 3 Seconden\n\nVan box7"
            ),
            "success",
            "Fotoboek",
            "box7",
            123,
        ),
        (
            "A tarefa de backup de dados em box7 foi concluída",
            (
                "A tarefa de backup de dados em box7 foi concluída.\n\nTarefa de backup: Fotos\nDestino de backup: share2\n"
                "Hora de início: qui, mai 7 2026 21:00:05\nDuração: 2 Minuto 3 Segundo\n\nDe box7"
            ),
            "success",
            "Fotos",
            "box7",
            123,
        ),
        (
            "box7 のデータバックアップタスクが完了しました",
            (
                "box7 のデータバックアップタスクが完了しました。\n\nバックアップタスク: 写真\n"
                "バックアップ先: share2\n開始時刻: 2026/05/07 21:00:05\n"
                "所要時間: 2 分 3 秒\n\n送信元 box7"
            ),
            "success",
            "写真",
            "box7",
            123,
        ),
    ],
)
def test_a_task_in_the_languages_of_dsm(subject: str, body: str, status: str, job: str, host: str, seconds: int) -> None:
    report = one(letter(body, subject))
    assert (report.tool, report.status, report.job, report.host) == ("synology-hyperbackup", status, job, host)
    assert report.started == at("2026-05-07 21:00:05")
    assert report.duration == timedelta(seconds=seconds)
    assert not report.maintenance
    assert not report.missed


@pytest.mark.parametrize(
    ("subject", "status"),
    [
        ("Data backup task on box7 has been suspended", "failure"),
        ("Data backup task on box7 was cancelled", "failure"),
        ("Data backup task on box7 partially completed", "warning"),
        ("Die Datensicherungsaufgabe auf box7 wurde abgebrochen", "failure"),
        ("Data backup task on box7 is running", "running"),
    ],
)
def test_a_task_that_did_not_end_well(subject: str, status: str) -> None:
    assert one(letter(f"{subject}.\n\nFrom box7", subject)).status == status


def test_a_reason_given_makes_no_success() -> None:
    body = (
        "Data backup task on box7 has been completed.\n\nBackup Task: Photos\nReason: Some files could not be read.\n\nFrom box7"
    )
    assert one(letter(body, "Data backup task on box7 has been completed")).status in {"warning", "failure"}


def test_devices_of_active_backup_count_too() -> None:
    body = """
        Backup task "Clients" on box7 was completed.

        Task name: Clients
        Start time: 2026/05/07 21:00:05
        End time: 2026/05/07 22:00:05

        Devices:
          PC-1: Success (1.5 GB transferred)
          PC-2: Failed - The device is offline.
          PC-3: Success (0.5 GB transferred)
        """
    report = one(letter(body, '[box7] Active Backup for Business: Backup task "Clients" was completed'))
    assert (report.tool, report.status, report.job, report.host) == ("synology-abb", "warning", "Clients", "box7")
    assert report.size == 2_000_000_000
    assert report.finished == at("2026-05-07 22:00:05")


def test_microsoft_365_is_a_tool_of_its_own() -> None:
    body = "The backup task Mail of Active Backup for Microsoft 365 on box7 has completed with warnings.\n\nTask: Mail\nFrom box7"
    report = one(letter(body, "[box7] Active Backup for Microsoft 365 - backup task completed with warnings"))
    assert (report.tool, report.status, report.job) == ("synology-m365", "warning", "Mail")


@pytest.mark.parametrize(
    "subject",
    [
        "Integrity check of the backup task on box7 has been completed",
        "Data restoration task on box7 has been completed",
        "Die Integritätsprüfung der Datensicherungsaufgabe auf box7 ist abgeschlossen",
    ],
)
def test_checks_and_restores_are_upkeep(subject: str) -> None:
    assert one(letter(f"{subject}.\n\nBackup Task: Photos\nHyper Backup\n\nFrom box7", subject)).maintenance


def test_a_skipped_task_was_missed() -> None:
    subject = "[box7] Active Backup for Business: Backup task was skipped"
    assert one(letter("Task name: Clients", subject)).missed


@pytest.mark.parametrize(
    "subject", ["Test Message from box7: Hyper Backup", "[box7] Hyper Backup: insufficient space on the destination"]
)
def test_other_news_is_no_run(subject: str) -> None:
    assert read(letter("Hyper Backup", subject)) == ()


def test_other_mails_are_left_to_others() -> None:
    assert read(letter("The backup has completed.", "Backup of box7 completed")) is None


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (
            "Die Datensicherung auf box7 ist fehlgeschlagen.\n\nDatensicherungsaufgabe: A\nSicherungsziel: b\n\nVon box7",
            "failure",
        ),
        ("The data backup on box7 has failed.\n\nBackup Task: A\nBackup Target: b\n\nFrom box7", "failure"),
        ("La sauvegarde des données sur box7 a échoué.\n\nTâche de sauvegarde : A\nCible : b\n\nDe box7", "failure"),
        ("Dataene på box7 ble sikret.\n\nOppgave: A\nMål: b\n\nFra box7", "unknown"),
    ],
)
def test_a_report_is_known_by_its_labels_and_its_signature(text: str, status: str) -> None:
    report = one(letter(text, "box7"))
    assert (report.tool, report.status, report.job, report.host) == ("synology-hyperbackup", status, "A", "box7")
