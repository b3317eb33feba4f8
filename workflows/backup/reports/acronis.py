"""Acronis Cyber Protect: labelled lines about one plan on one machine, in the language of the console."""

import re
from dataclasses import replace

from workflows.backup.reports.form import Format, Reader, Run, reader
from workflows.backup.reports.report import Report
from workflows.backup.reports.signs import by_words, label
from workflows.kernel.mail import Part

_QUOTED = r"[\"“„«]([^\"”“»\n]+)[\"”“»]"
_PLAN = re.compile(rf"\b(?:Backup[ -]?)?(?:plan|Schutzplan|piano|план)(?: de \w+| di \w+)?\s+{_QUOTED}", re.IGNORECASE)
_MACHINE = re.compile(
    rf"\b(?:machine|Maschine|device|Gerät|Rechner|máquina|macchina|dispositivo|équipement|ordinateur|workload)\s+{_QUOTED}",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"(?i)status ?bericht|status report|daily (?:re)?cap|summary report|licen[cs]e|quota"
    r"|lizenz|test (?:e-?mail|message)|update available"
)
_words = by_words(
    r"(?i)^[ \t]*(?:warnung|fehler|warning|error|avertissement|erreur|advertencia|avviso"
    r"|errore|status|result|ergebnis|statut|estado|stato|severity)\w{0,3}[ \t]*[:\t]"
    r"|^(?![^\n:\t]{2,40}[:\t]).*(?:backup|sicherung|sauvegarde|copia|plan|activity|aktivität)",
)


def _ended(report: Report, run: Run) -> Report:
    plan, machine = (mark.search(run.part.subject) or mark.search(run.text[:20_000]) for mark in (_PLAN, _MACHINE))
    named = replace(report, job=report.job or (plan[1] if plan else ""), host=report.host or (machine[1] if machine else ""))
    return _words(named, run)


ACRONIS = Format(
    tool="acronis",
    marks=(
        r"^[ \t]*Acronis\b[^:\t\n|,;]{0,60}$|^[ \t]*(?:Plan-Name|Plan name|Protection plan"
        r"|Schutzplan|Nom du plan|Nombre del plan|Nome del piano)[ \t]*[:\t]"
    ),
    subject_marks=r"(?i)\bAcronis\b",
    fields={
        "job": label(
            "Plan-?\\s?Name",
            "(?:Protection |Backup )?Plan",
            "Schutzplan",
            "Sicherungsplan",
            "Nom du plan.{0,20}",
            "Nombre del plan.{0,20}",
            "Nome (?:del )?piano.{0,20}",
        ),
        "host": label(
            "Maschine(?:nname)?",
            "Machine(?: name)?",
            "Device(?: name)?",
            "Workload",
            "Gerät(?:ename)?",
            "Máquina",
            "Macchina",
            "Dispositivo",
            "Appareil",
        ),
        "started": label("Startzeit", "Gestartet", "Start(?:ed)?(?: time)?", "Heure de début", "Hora de inicio", "Ora di inizio"),
        "finished": label(
            "Endzeit",
            "Beendet",
            "(?:End|Finish)(?:ed)?(?: time)?",
            "Completed",
            "Heure de fin",
            "Hora de finalización",
            "Ora di fine",
        ),
        "duration": label("(?:Backup-)?Dauer", "(?:Backup )?Duration", "Durée", "Duración", "Durata"),
        "size": label(
            "Gesicherte Daten",
            "Backup-?[ ]?(?:größe|size)",
            "Data (?:backed up|processed|size)",
            "Bytes (?:processed|saved)",
            "Verarbeitete Daten",
            "Données sauvegardées",
            "Datos (?:de la copia|copiados).{0,20}",
            "Dati (?:sottoposti a backup|salvati)",
        ),
        "target": label(
            "(?:Backup-?)?Ziel",
            "Speicherort",
            "Backup location",
            "Location",
            "Destination",
            "Emplacement",
            "Ubicación",
            "Destinazione",
        ),
    },
    maintenance=(
        r"(?i)\b(?:validation|validierung|cleanup|bereinigung|recovery|wiederherstellung"
        r"|restauration)\b.{0,60}\b(?:abgeschlossen|completed|failed|fehlgeschlagen|succe"
        r"|erfolg|termin)"
    ),
    missed=(
        r"(?i)\b(?:missed|verpasst|versäumt|no successful backups?|keine erfolgreichen? "
        r"(?:backups?|sicherung)|did not start|wurde nicht gestartet|not started)\b"
    ),
    subject=False,
    refine=_ended,
)

_READ: Reader = reader(ACRONIS)


def read(part: Part) -> tuple[Report, ...] | None:
    """One plan on one machine; none for digests and other news."""
    reports = _READ(part)
    if reports and _NOTICE.search(part.subject) and not any(report.job for report in reports):
        return ()
    return reports
