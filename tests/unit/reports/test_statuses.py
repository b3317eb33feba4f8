import pytest

from workflows.backup.reports.statuses import said, status_of, words_of, worst


@pytest.mark.parametrize(
    "text",
    [
        "Success",
        "Erfolgreich",
        "terminée avec succès",
        "Completado",
        "Completato",
        "Geslaagd",
        "Lyckades",
        "Zakończono",
        "Успешно",
        "成功",
        "完了",
        "OK",
        "✅ done",
        "0 errors, finished",
        "warnings: 0, errors: 0, done",
        "Finished without errors",
        "sans erreur, terminée",
        "Fehler: keine, abgeschlossen",
    ],
)
def test_a_good_end_is_known_in_many_languages(text: str) -> None:
    assert status_of(text) == "success"


@pytest.mark.parametrize(
    "text",
    [
        "Failed",
        "Fehlgeschlagen",
        "échouée",
        "Fallida",
        "Fallito",
        "Mislukt",
        "Misslyckades",
        "Niepowodzenie",
        "Ошибка",
        "失败",
        "エラー",
        "not successful",
        "not ok",
        "Backup could not be completed",
        "3 errors",
        "10 errors",
        "1 of 3 failed",
        "0.5 % failed",
        "KO",
        "❌",
        "terminating with error status",
        "Failed - host offline",
        "unsuccessful",
        "nicht erfolgreich",
    ],
)
def test_a_bad_end_is_known_in_many_languages(text: str) -> None:
    assert status_of(text) == "failure"


@pytest.mark.parametrize(
    "text",
    [
        "Completed with errors",
        "completed with exceptions",
        "beendet mit Fehlern",
        "terminé avec des erreurs",
        "con errores",
        "Partial",
        "teilweise erfolgreich",
        "0 errors, 1 warning",
        "abgeschlossen mit Warnungen",
        "Warnung",
        "⚠ finished",
    ],
)
def test_an_end_with_something_missing_is_a_warning(text: str) -> None:
    assert status_of(text) == "warning"


@pytest.mark.parametrize(
    "text",
    [
        "Errors: 0",
        "Errors 0",
        "0 failed",
        "Fehler: 0",
        "no errors were found",
        "Erreurs : aucune",
        "Failure count: 0",
        "Error(s)\t0",
        "Ошибок: 0",
        "keine Fehler aufgetreten",
        "Warnings: none",
        "",
        "02:00",
    ],
)
def test_counters_at_zero_say_nothing_of_an_end(text: str) -> None:
    assert status_of(text) is None


def test_the_worst_of_several_is_what_one_wants_to_know() -> None:
    assert worst(["success", "failure", "warning"]) == "failure"
    assert worst(["success", "unknown"]) == "unknown"
    assert worst([]) == "unknown"


def test_the_line_that_decides_is_shown_on_one_line_and_cut() -> None:
    assert words_of("Errors: 0\nthe copy failed\nend", "failure") == "the copy failed"
    assert said("a\x00\tb" + "c" * 300).startswith("a bc")
    assert len(said("c" * 900)) == 200
