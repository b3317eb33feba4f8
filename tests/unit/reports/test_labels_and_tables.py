from workflows.backup.reports.fields import field_of
from workflows.backup.reports.labels import cells, labelled, pairs
from workflows.backup.reports.tables import tables


def test_labels_are_found_in_any_dress() -> None:
    text = "Start time: 02:00\nStatus\tSuccess\nJob name ....: papers\n  * Size = 3 GB\nErreurs : aucune\nResult:\n\nfine\nhttp://a.b/c"
    assert list(pairs(text)) == [
        ("Start time", "02:00"),
        ("Status", "Success"),
        ("Job name", "papers"),
        ("Size", "3 GB"),
        ("Erreurs", "aucune"),
        ("Result", "fine"),
    ]
    assert labelled("Start-Time: 1\nStart time: 2") == {"start time": "1"}


def test_a_label_means_the_same_in_every_language() -> None:
    assert {field_of(label) for label in ("Start Time", "Beginn", "Début", "Ora di inizio", "開始時刻", "start_time")} == {
        "started"
    }
    assert {field_of(label) for label in ("Size (GB)", "size_bytes", "Gesamtgröße", "Taille du fichier")} == {"size"}
    assert field_of("Free disk size") is None
    assert field_of("Weather") is None


def test_cells_are_parted_by_tabs_bars_and_wide_gaps() -> None:
    assert cells("| a | b c |  d |") == ("a", "b c", "d")
    assert cells("a b\tc   d") == ("a b", "c", "d")


def test_an_empty_cell_of_an_aligned_table_stays_where_it_stands() -> None:
    text = "Job      Status   Start   Size\n-------  -------  ------  ------\n"
    text += "papers   OK       01:00   3 GB\nphotos   FAILED           -\n\nbye"
    (table,) = tables(text)
    assert table.head == ("Job", "Status", "Start", "Size")
    assert table.rows == (("papers", "OK", "01:00", "3 GB"), ("photos", "FAILED", "", "-"))


def test_a_row_with_its_last_cells_empty_is_still_a_row() -> None:
    (table,) = tables("Job\tStatus\tSize\npapers\tOK\t3 GB\nphotos\tFAILED")
    assert table.rows[1] == ("photos", "FAILED", "")
