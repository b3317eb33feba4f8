"""QNAP: Hybrid Backup Sync and NetBak Replicator.

Labels are localized; the sentence behind the app in brackets names the job and its end.
"""

import re
from dataclasses import replace

from workflows.backup.reports.form import Format, Reader, Run, ends, reader
from workflows.backup.reports.report import Report
from workflows.backup.reports.signs import label, status_of_lines, without_names
from workflows.backup.reports.statuses import said, worst
from workflows.kernel.mail import Part

_APP = r"\[?(?:Hybrid Backup Sync(?: \d)?|HBS ?3|NetBak(?: Replicator| PC Agent)?|RTRR|Hyper Data Protector)\]?"
_SENTENCE = re.compile(_APP + r"[ \t:]+(\S.*)$", re.MULTILINE)
_SEVERITY = re.compile(
    (
        r"^[ \t]*(?:Severity|Gravità|Schweregrad|Gravité|Gravedad|Level|Livello|Niveau|Nivel"
        r"|Type|Ernst|严重性|嚴重性|重大度|심각도)[ \t]{0,40}[:：\t][ \t]{0,40}(\w+)"
    ),
    re.MULTILINE | re.IGNORECASE,
)
_BRACKET = re.compile(r"\[(Info\w*|Warning|Error|Avviso|Errore|Warnung|Fehler|Avertissement|Erreur|Advertencia)\]", re.IGNORECASE)
_WORDS = re.compile(r"(?i)\b(?:backup|sync|job|auftrag|sicherung|processo|tâche|tarea|taak|作业|任务|工作|ジョブ|작업)")


def _ended(report: Report, run: Run) -> Report:
    """The worst of the sentence and of the severity; a job that only started is running."""
    found = [one for one in _SENTENCE.findall(ends(run.text)) if _WORDS.search(one)] or _SENTENCE.findall(run.part.subject)
    sentence = found[0] if found else ""
    job = re.search(r"[\"“„«'](.+?)[\"”“»'](?=[\s.,:]|$)", sentence)
    name = job[1] if job else report.job
    bare = without_names(sentence, [name] if name else [])
    severity = _SEVERITY.search(run.text) or _BRACKET.search(run.part.subject)
    signs = [status_of_lines([bare])[0]]
    level = severity[1].lower() if severity else ""
    if level.startswith(("warn", "avvis", "avert", "advert")):
        signs.append("warning")
    elif level.startswith(("err", "fehl", "crit")):
        signs.append("failure")
    started = signs == ["unknown"] and bool(re.match(r"(?i)\s*(?:re)?start(?:ed|ing)\b|gestartet|avviat|démarr|inici", bare))
    status = "running" if started else worst(signs)
    return replace(
        report,
        job=name,
        status=status,
        started=report.finished if status == "running" else None,
        finished=None if status == "running" else report.finished,
        maintenance=bool(re.search(r"(?i)\b(?:restore|integrity check|verif\w+|version management)\b", bare)),
        missed=bool(re.search(r"(?i)\b(?:skipped|missed|did not start)\b", bare)),
        said=said(sentence),
    )


QNAP = Format(
    tool="qnap-hbs",
    marks=rf"^[^\n]{{0,60}}?{_APP}[ \t:]*[^\n]*[\"“„«'].+[\"”“»']|^[^:\n]{{2,20}}[:：][ \t]*{_APP}[ \t]*$",
    subject_marks=r"Hybrid Backup Sync|NetBak",
    fields={
        "host": (
            *label(
                r"(?:NAS|Server|Device)[ -]?Name",
                "Nome (?:del )?NAS",
                "Nom du NAS",
                "Nombre (?:del )?NAS",
                "NAS ?名称",
                "NAS ?名稱",
                "NAS",
            ),
        ),
        "finished": label(
            "Date/Time",
            "Data/Ora",
            "Datum/(?:Uhr)?[Zz]eit",
            "Date/Heure",
            "Fecha/Hora",
            "Datum/Tijd",
            "日期/时间",
            "日期/時間",
            "日付/時刻",
        ),
        "job": label("Job ?Name", "Job"),
        "size": label("Total size", "Processed size", "Transferred(?: size)?"),
        "duration": label("Duration", "Elapsed time"),
    },
    subject=False,
    refine=_ended,
)

_READ: Reader = reader(QNAP)


def read(part: Part) -> tuple[Report, ...] | None:
    """One job; none for other notices of the app."""
    reports = _READ(part)
    return () if reports and not any(report.job for report in reports) else reports
