import pytest

from tests.unit.reports.letters import at, letter, only
from workflows.backup.reports.cobian import read

SUBJECT = "Cobian Backup 11 [pc3] (2026-05-07)"


def ended(errors: int = 0, done: int = 12, job: str = "Papers") -> str:
    return (
        f'2026-05-07 21:00 ** Backing up the task "{job}" **\n2026-05-07 21:00 The shadow copy has been created successfully\n'
        f'2026-05-07 21:20 ** Backup done for the task "{job}". Errors: {errors}. Processed '
        f"files: 14. Backed up files: {done}. Total size: 1,50 GB **"
    )


def test_a_task_with_everything() -> None:
    report = only(read(letter(ended(), SUBJECT)))
    assert (report.tool, report.status, report.job, report.host, report.size) == (
        "cobian",
        "success",
        "Papers",
        "pc3",
        1_500_000_000,
    )
    assert (report.started, report.finished) == (at("2026-05-07 21:00"), at("2026-05-07 21:20"))


@pytest.mark.parametrize(
    ("errors", "done", "status"),
    [(0, 12, "success"), (2, 10, "warning"), (1, 0, "failure"), (0, 0, "success"), (10, 3, "warning")],
)
def test_errors_are_counted(errors: int, done: int, status: str) -> None:
    assert only(read(letter(ended(errors, done), SUBJECT))).status == status


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ((
            '07/05/2026 21:20 ** Respaldo terminado para la tarea "Papers". Errores: 0. '
            'Ficheros procesados: 14. Ficheros respaldados: 12. Tamaño total: 1,50 GB **'
        ), "success"),
        ((
            '07.05.2026 21:20 ** Sicherung der Aufgabe "Papers" beendet. Fehler: 2. Verarbeitete '
            'Dateien: 14. Gesicherte Dateien: 12. Gesamtgröße: 1,50 GB **'
        ), "warning"),
        ((
            '2026-05-07 21:20 ** Backup eseguito per l\'attività "Papers". Errori: 1. File '
            'elaborati: 14. File salvati: 0. Dimensione totale: 0 byte **'
        ), "failure"),
        ((
            '2026-05-07 21:20 *** Sauvegarde terminée pour la tâche "Papers". Erreurs: '
            '0. Fichiers traités: 14. Fichiers sauvegardés: 12. Taille totale: 1,50 Go ***'
        ), "success"),
    ],
)  # fmt: skip
def test_the_program_speaks_other_languages(line: str, status: str) -> None:
    report = only(read(letter(line, SUBJECT)))
    assert (report.status, report.job, report.finished) == (status, "Papers", at("2026-05-07 21:20"))


def test_several_tasks_are_several_runs() -> None:
    reports = read(letter(ended() + "\n" + ended(3, 9, "Mails"), SUBJECT))
    assert reports is not None
    assert [(one.job, one.status) for one in reports] == [("Papers", "success"), ("Mails", "warning")]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("This is an automatic mail message from Cobian Reflector.\n** The backup is done. Errors: 0 **", "success"),
        ("This is an automatic mail message from Cobian Reflector.\n** The backup is done. Errors: 4 **", "warning"),
        (
            "This is an automatic mail message from Cobian Reflector.\n2026-05-07 21:00 ERR The destination is not there",
            "failure",
        ),
    ],
)
def test_a_log_without_the_line_of_a_task(body: str, status: str) -> None:
    assert only(read(letter(body, "Backup"))).status == status


def test_a_log_that_does_not_end_tells_of_no_run() -> None:
    assert read(letter('2026-05-07 21:00 ** Backing up the task "Papers" **', SUBJECT)) == ()
