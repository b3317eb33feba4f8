"""Acronis, Iperius, Commvault: one labelled line for each fact."""

from datetime import datetime, timedelta

import pytest

from tests.unit.reports.letters import at, letter, only
from workflows.backup.reports import acronis, commvault, iperius
from workflows.backup.reports.signs import status_of_line


@pytest.mark.parametrize(
    ("subject", "text", "status"),
    [
        (
            'Plan "Alle Server" auf Maschine "app3" erfolgreich abgeschlossen',
            (
                "Backup erfolgreich abgeschlossen\n\nPlan-Name→Alle Server\nMaschine→app3\nStartzeit→7. "
                "Mai 2026, 21:00:05\nDauer→00:20:10\nGesicherte Daten→12,5 GB"
            ),
            "success",
        ),
        (
            'Plan "Alle Server" auf Maschine "app3" fehlgeschlagen',
            (
                "Backup fehlgeschlagen\n\nPlan-Name→Alle Server\nMaschine→app3\nStartzeit→7. "
                "Mai 2026, 21:00:05\nDauer→00:20:10\nGesicherte Daten→12,5 GB"
                "\nFehler→Kein Platz"
            ),
            "failure",
        ),
        (
            'Backup completed with warnings: plan "Alle Server" on machine "app3"',
            (
                "Plan name: Alle Server\nMachine: app3\nStart time: May 7, 2026, 9:00:05 "
                "PM\nDuration: 00:20:10\nBytes processed: 12.5 GB\nStatus: Completed with warnings"
            ),
            "warning",
        ),
        (
            "Acronis Cyber Protect: échec de la sauvegarde",
            (
                "La sauvegarde a échoué\n\nNom du plan: Alle Server\nMachine: app3\nHeure "
                "de début: 7 mai 2026 21:00:05\nDurée: 00:20:10\nDonnées sauvegardées: 12,5 Go"
            ),
            "failure",
        ),
    ],
)
def test_acronis_names_plan_and_machine(subject: str, text: str, status: str) -> None:
    report = only(acronis.read(letter(text, subject)))
    assert (report.tool, report.status, report.job, report.host) == ("acronis", status, "Alle Server", "app3")
    assert (report.started, report.duration, report.size) == (
        at("2026-05-07 21:00:05"),
        timedelta(minutes=20, seconds=10),
        12_500_000_000,
    )


def test_a_digest_of_acronis_is_no_run() -> None:
    assert acronis.read(letter("Acronis Cyber Protect\nAll fine", "Acronis Statusbericht für Mai")) == ()


@pytest.mark.parametrize(
    ("subject", "text", "status"),
    [
        (
            "Iperius Backup - Akten - Backup erfolgreich abgeschlossen",
            (
                "Backupname:→Akten\nBackup starten:→07.05.2026 21:00:05\nBackup abgeschlossen:→07.05.2026 "
                "21:20:15 (20 Minuten, 10 Sekunden)\n"
                "Größe der kopierten Daten:→12,5 GB\nFehler:→0\n\nBackup erfolgreich abgeschlossen"
            ),
            "success",
        ),
        (
            "WG: Iperius Backup - Akten - Backup mit Fehlern abgeschlossen",
            (
                "Backup starten:→07.05.2026 21:00:05\nBackup abgeschlossen:→07.05.2026 "
                "21:20:15 (20 Minuten, 10 Sekunden)\nGröße der kopierten Daten:→12,5 GB\n"
                "Fehler:→3\n\nBackup mit Fehlern abgeschlossen"
            ),
            "warning",
        ),
        (
            "Iperius Backup - Akten - Backup fallito",
            (
                "Nome backup: Akten\nInizio backup: 07/05/2026 21:00:05\nFine backup: "
                "07/05/2026 21:20:15 (20 minuti, 10 secondi)\n"
                "Dimensione dei dati copiati: 12,5 GB\nErrori: 2\n\nBackup fallito"
            ),
            "failure",
        ),
        (
            "Iperius Backup - Akten - Backup completed successfully",
            (
                "Backup name: Akten\nBackup started: 2026-05-07 21:00:05\nBackup completed: "
                "2026-05-07 21:20:15 (20 minutes, 10 seconds)\n"
                "Size of copied data: 12.5 GB\nErrors: 0\nWarnings: 1"
            ),
            "warning",
        ),
    ],
)
def test_iperius_in_the_language_of_the_program(subject: str, text: str, status: str) -> None:
    part = letter(text, subject, datetime.fromisoformat("2026-05-07T19:30:00+00:00"))
    report = only(iperius.read(part))
    assert (report.tool, report.status, report.job, report.size) == ("iperius", status, "Akten", 12_500_000_000)
    assert (report.finished, report.duration) == (at("2026-05-07 21:20:15"), timedelta(minutes=20, seconds=10))


@pytest.mark.parametrize(
    ("ended", "status"),
    [
        ("Completed", "success"),
        ("Completed w/ one or more errors", "warning"),
        ("Completed w/ one or more warnings", "warning"),
        ("Failed", "failure"),
        ("Killed", "failure"),
        ("Committed", "warning"),
    ],
)
def test_commvault_by_its_status(ended: str, status: str) -> None:
    text = f"""
        CommCell: cs3
        Type: Job Management - Data Protection
        Job ID: 77
        Status: {ended}
        Client: fs3
        Subclient: shares
        Start Time: Thu May  7 21:00:05 2026
        End Time: Thu May  7 21:20:15 2026
        Failure Reason: [1:2] some text about a failure
        """
    report = only(commvault.read(letter(text, "CommCell alert")))
    assert (report.tool, report.status, report.job, report.host) == ("commvault", status, "shares", "fs3")
    assert (report.started, report.finished) == (at("2026-05-07 21:00:05"), at("2026-05-07 21:20:15"))


def test_commvault_restores_are_upkeep() -> None:
    assert only(
        commvault.read(letter("CommCell: cs3\nType: Job Management - Data Recovery\nStatus: Completed", "Alert"))
    ).maintenance


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("Errors: 3", "warning"),
        ("Fehler: 0", None),
        ("Error: no space left on device", "failure"),
        ("Failed - the machine is offline", "failure"),
        ("Failed: 0", None),
        ("Errors: none", None),
    ],
)
def test_a_count_of_errors_is_a_warning_and_an_error_is_a_failure(line: str, status: str | None) -> None:
    assert status_of_line(line) == status


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("L'attività di backup non è riuscita", "failure"),
        ("La copia no se ha completado", "failure"),
        ("Le travail n'a pas été terminé", "failure"),
        ("The backup has not yet been completed", "failure"),
        ("The backup wasn't finished", "failure"),
        ("De back-up is niet goed voltooid", "failure"),
        ("Zadanie nie zostało zakończone", "failure"),
        ("Копирование не было завершено", "failure"),
        ("Succeeded: 0", None),
        ("0 succeeded", None),
        ("Finished with 0 errors", "success"),
        ("Backup completed: 0 errors", "success"),
    ],
)
def test_a_good_word_that_is_denied_is_a_bad_one(line: str, status: str | None) -> None:
    assert status_of_line(line) == status
