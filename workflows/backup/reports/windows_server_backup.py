"""Windows Server Backup: its events, by their number whatever the language, wbadmin's console log, and Get-WBSummary.

An event may be quoted without its number, then its sentence decides. A log of wbadmin without its last sentence is not known to
be good.
"""

import re
from dataclasses import replace

from workflows.backup.reports.form import Format, Run, reader
from workflows.backup.reports.report import Report, Status
from workflows.backup.reports.signs import by_words, label
from workflows.backup.reports.statuses import said, worst

_GOOD, _RUNNING = {4, 14}, {1}
_BAD = {2, 5, 8, 9, 17, 18, 19, 20, 22, 49, 50, 52, 100, 517, 518, 521, 527, 528, 544, 545, 546, 561, 564, 612}

_sentences = by_words(
    r"(?i)backup operation|sicherungsvorgang|opération de sauvegarde|operazione di backup"
    r"|operación de copia|バックアップ|the backup of|die sicherung (?:von|des)"
    r"|la sauvegarde (?:de|du)|^[ \t]*(?:error|fehler|erreur|errore)\b|備份|备份",
    subject=True,
    reading={
        r"(?i)the backup operation(?: to \S+)? is starting.*|der sicherungsvorgang .{0,40}wird gestartet.*": "",
        r"(?i)summary of the backup operation.*|zusammenfassung des sicherungsvorgangs.*": "",
        r"(?i)stopped before completing": "failed",
        r"(?i)^.*backup command-line tool.*|^.*sicherungs-befehlszeilentool.*": "",
    },
)


def _event(report: Report, run: Run) -> Report:
    told = _sentences(report, run)
    number = run.find(_NUMBER)
    signs: list[Status] = []
    if number:
        event = int(number[1])
        signs = ["failure"] if event in _BAD else ["running"] if event in _RUNNING else ["success"] if event in _GOOD else []
    status = worst([*signs, told.status]) if signs and told.status != "unknown" else signs[0] if signs else told.status
    bare = re.sub(r"^.*\\", "", told.host)
    return replace(told, status=status, host=bare, said=told.said or said(number[0] if number else ""))


_NUMBER = (
    r"(?i)^[ \t]*(?:Event ID|Ereignis-ID|ID de l['’]événement|ID evento|Id\.? de(?:l)? evento"
    r"|Gebeurtenis-id|ID do evento|事件 ?ID|イベント ?ID|EventID)[ \t]{0,40}[:：\t][ \t]{0,40}(\d{1,5})"
)

EVENTS = Format(
    tool="windows-server-backup",
    marks=r"Microsoft-Windows-Backup\b",
    fields={
        "host": label("Computer(?:name)?", "Ordinateur", "Equipo", "MachineName", "计算机", "電腦", "コンピューター"),
        "started": (r"(?i)started at '([^']+)'", r"(?i)(?:um|am|gestartet:?|à|alle|a las) ['\"„“]([\dTZ:.-]{15,40})['\"”“]"),
        "finished": label("Date", "Datum", "Data", "Fecha", "Logged", "TimeCreated", "日期", "日付"),
    },
    subject=False,
    refine=_event,
)

CONSOLE = Format(
    tool="windows-server-backup",
    marks=r"(?i)^wbadmin \d|\bwbadmin start (?:system ?state)?backup\b",
    fields={
        "what": (
            r"(?i)^This will back up (?:volume )?(.+?) to \S+?\.?$",
            r"(?i)^Dadurch (?:wird|werden) (.+?) (?:in|auf|nach) \S+ gesichert",
        ),
        "target": (
            r"(?i)^This will back up .+? to (\S+?)\.?$",
            r"(?i)backup operation to (\S+) is starting",
            r"(?i)^Dadurch (?:wird|werden) .+? (?:in|auf|nach) (\S+) gesichert",
        ),
    },
    maintenance=r"(?i)^wbadmin (?:get|delete|start (?:recovery|systemstaterecovery))\b",
    subject=True,
    refine=_sentences,
)


def _summary(report: Report, run: Run) -> Report:
    found = run.find(r"(?i)^LastBackupResultHR[ \t]*:[ \t]*(0x[0-9a-f]+|-?\d+)")
    status: Status = "unknown" if found is None else "success" if int(found[1], 0) == 0 else "failure"
    message = run.find(r"(?im)^DetailedMessage[ \t]*:[ \t]*(\S.*)$")
    if status == "success" and message and re.search(r"(?i)fail|error|warn", message[1]):
        status = "warning"
    return replace(report, status=status, said=said(message[0] if message else found[0] if found else ""))


SUMMARY = Format(
    tool="windows-server-backup",
    marks=r"^LastBackupResultHR[ \t]*:",
    fields={
        "finished": label("LastBackupTime"),
        "target": label("LastBackupTarget"),
        "host": label("Computer(?:Name)?", "PSComputerName"),
    },
    subject=False,
    refine=_summary,
)

read_event, read_console, read_summary = (reader(form) for form in (EVENTS, CONSOLE, SUMMARY))
