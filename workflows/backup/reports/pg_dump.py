"""pg_dump, pg_dumpall and pg_basebackup: silent when all is well; with -v they tell each step, in the language of the machine.

A dump that came to its tables and said nothing bad is taken as one that ended.
"""

from workflows.backup.reports.form import Format, reader

_TOOL = r"^(?:\S*/)?pg_(?:dump|dumpall|basebackup)(?:\[\d+\])?: "

read = reader(
    Format(
        tool="pg_dump",
        marks=_TOOL,
        fields={
            "job": (r'database "([^"]+)" does not exist', r'dumping database "([^"]+)"'),
            "what": (r'database "([^"]+)" does not exist', r'dumping database "([^"]+)"'),
        },
        failure=(
            rf"{_TOOL}(?:error|fatal|Fehler|erreur|errore|erro|błąd|ошибка|エラー|错误|錯誤|hata|fel|chyba)\b|\bFATAL: "
            rf"|\bERROR: "
            rf"|{_TOOL}.*(?:could not|failed|aborting|server version mismatch|\[archiver)|^pg_\w+: (?:detail|hint): .*denied"
            r"|command not found|No space left on device|^Killed"
        ),
        warning=rf"{_TOOL}(?:warning|Warnung|attention|advertencia|avviso|aviso|ostrzeżenie|предупреждение|警告)\b",
        success=rf"{_TOOL}(?:dumping contents of table|saving database definition|base backup completed|Inhalt der Tabelle)",
        exits=frozenset(),
    )
)
