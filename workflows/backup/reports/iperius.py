"""Iperius Backup: labelled lines in the program's language, and a sentence for the result.

The duration stands in brackets behind the end.
"""

import re
from dataclasses import replace

from workflows.backup.reports.durations import duration_of
from workflows.backup.reports.form import Format, Run, reader
from workflows.backup.reports.report import Report
from workflows.backup.reports.signs import by_words, label

_SUBJECT = re.compile(r"\bIperius Backup\b[^-\n]{0,20}[-–] (.+?)(?: [-–] ([^-–\n]+))?$")
_words = by_words(
    r"(?i)^[ \t]*(?:fehler|errors?|errori|errores|erreurs|erros|fouten|warnungen|warnings?"
    r"|avvisi|advertencias|avertissements|result\w*|ergebnis|esito|status"
    r"|stato|estado|statut)\b[^:\n]{0,20}[:\t]|^(?![^\n:\t]{2,50}[:\t]).*(?:backup|sicherung|copia|sauvegarde|c[óo]pia)"
)


def _ended(report: Report, run: Run) -> Report:
    """The subject holds the name as well."""
    named = _SUBJECT.search(run.part.subject)
    took = run.find(r"\(((?:\d+ [^\W\d]+,? ?)+)\)")
    job = report.job or (named[1] if named else "")
    return _words(replace(report, job=job, duration=report.duration or (duration_of(took[1]) if took else None)), run)


IPERIUS = Format(
    tool="iperius",
    marks=r"^[ \t]*Iperius(?: Backup)?\b[^:\t\n|,;]{0,60}$",
    subject_marks=r"(?i)\bIperius\b",
    fields={
        "job": label(
            "Backup ?name",
            "Name des Backups",
            "Nome (?:del )?backup",
            "Backup",
            "Nombre (?:del )?(?:backup|copia.{0,15})",
            "Nom (?:du|de la) .{3,20}",
        ),
        "host": label("Computer(?: ?name)?", "PC", "Nome computer", "Rechner(?:name)?"),
        "started": label(
            "Backup starten",
            "Backup gestartet",
            "Backup start(?:ed)?",
            "Start(?: time)?",
            "Beginn",
            "Inizio(?: backup)?",
            "Inicio.{0,25}",
            "Début.{0,25}",
        ),
        "finished": label(
            "Backup abgeschlossen",
            "Backup (?:completed|finished|end(?:ed)?)",
            "End(?:e| time)?",
            "Fine(?: backup)?",
            "Backup completato",
            "Fin.{0,25}",
        ),
        "duration": label("Dauer", "Duration", "Durata", "Duración", "Durée", "Elapsed time"),
        "size": label(
            "Größe der kopierten Daten",
            "(?:Total )?size of (?:the )?copied (?:data|files)",
            "(?:Copied|Processed) data(?: size)?",
            "Copied size",
            "Dimensione (?:dei )?(?:dati|file) copiati",
            "Dati copiati",
            "Tamaño de (?:los )?(?:datos|archivos) copiados",
            "Taille des (?:données|fichiers) copiée?s",
        ),
        "target": label("Ziel", "Destination(?:s)?", "Destinazione", "Destino"),
    },
    subject=True,
    refine=_ended,
)

read = reader(IPERIUS)
