"""Synology: Hyper Backup, Active Backup (for Business, Microsoft 365, Google Workspace), Snapshot Replication, in DSM's languages.

A sentence says which task ended how on which machine; below it labelled lines follow. Sentence and labels are localized, so labels are
known by the stems that they are made of.
"""

import re
from dataclasses import replace

from workflows.backup.reports.form import Format, Reader, Run, ends, reader
from workflows.backup.reports.report import Report
from workflows.backup.reports.signs import status_of_lines, without_names
from workflows.backup.reports.sizes import sizes_in
from workflows.kernel.mail import Part

_TASK = (
    "task|aufgabe|tâche|tache|任务|任務|attività|operazione|processo|tarea|taak|tarefa|タスク|ジョブ|작업|задач|задани|zadani|úloh|uppgift|opgave|oppgave|görev"
    "|feladat|công việc|งาน"
)
_TARGET = "target|destination|ziel|目的地|目标|目標|destinazione|destino|doel|bestemming|バックアップ先|宛先|保存先|대상|назначен|docelow|cíl|mål|hedef|cible|cél"
_START = "start|début|debut|démarr|inizio|inicio|início|开始|開始|시작|начал|rozpoczęci|zahájen|spuštěn|kezd|başla|begin|aanvang"
_END = "end time|ended|finish|complet|endzeit|ende|fin\\b|fine\\b|结束|結束|完成时间|終了|종료|einde|eindtijd|fim\\b|оконч|заверш|zakończeni|konec|bitiş|slut"
_TOOK = "duration|dauer|durée|durata|duración|duração|duur|持续|持續|耗时|經過|所要|期間|기간|소요|продолж|длител|trwania|trvání|varaktighet|varighed|varighet|süre"
_VALUE = r"[^:：\n]{{0,30}}?[ \t]*[:：][ \t]*(\S.*)$"


def _by_stem(stems: str) -> tuple[str, ...]:
    return (rf"(?i:^[ \t•*-]*(?:[^\s:：]+[ \t])?[^\n:：]{{0,40}}?(?:{stems}){_VALUE.format()})",)


_HOST = (
    r"^(?:From|Von|De|Da|Van|Från|Fra|Od|От|Desde|Feladó|Gönderen|Kimden)[ \t]*[:：]?[ \t]+(\S{1,63})[ \t]*$",
    r"^(?:来自|來自|送信元|보낸 사람|寄件者)[ \t]*[:：]?[ \t]*(\S{1,63})[ \t]*$",
    r"(?i:\b(?:on|auf|sur|su|en|op|em|på|na|on your|auf Ihrem|di)\s+(?:your\s+)?([\w.-]{2,63})\s+"
    r"(?:has|have|was|is|ist|wurde|est|a été|è|ha|se ha|está|foi|werd|har|została|było|failed|partially|successfully|completed)\b)",
    r"([A-Za-z0-9][\w.-]{1,62})\s*(?:上的|上の|에서|の)",
)
_SENTENCE = re.compile(
    r"(?i:backup|sicherung|sauvegarde|備份|备份|copia|back-up|cópia|バックアップ|백업|копи|резерв|kopi|záloh|mentés|yedek|säkerhets|sikkerheds|replicat|replik|réplication"
    r"|复制|複製|レプリ|task|aufgabe|任务|snapshot|restore|wiederherst)"
)
_REASON = re.compile(r"^[ \t]*(?:reason|cause|error|ursache|grund|fehler|motif|原因|错误|motivo|causa|errore|理由)\w{0,12}[ \t]*[:：]", re.IGNORECASE)
_STOPPED = re.compile(r"(?i:suspend|angehalten|ausgesetzt|sospes|opgeschort|приостанов|wstrzyman|pozastav|已暂停|已暫停|中断|一時停止|已取消|キャンセル|취소|중단|waiting)")
_DEVICE = re.compile(r"^[ \t]+(\S[^:\n]{0,80}):[ \t]+(\S.*)$", re.MULTILINE)
_ARTICLE = re.compile(r"https?://|sy\.to/|synology\.com", re.IGNORECASE)

_MAINTENANCE = (
    r"(?i:integrity check|integritätsprüf|vérification de l'intégrité|完整性|controllo (?:dell'|di )?integrità|comprobación de integridad|integriteit|整合性"
    r"|\brestor(?:e|ation)\b|wiederherstell|restaurat|ripristin|restauraci|herstel|还原|還原|復元|복원|восстановл|przywr|obnov|version rotation|rotation de"
    r"|versionsrotation|verification|relink)"
)
_MISSED = r"(?i:\b(?:skipped|missed|not (?:been )?(?:run|executed|performed)|no backup|without (?:a )?backup)\b|übersprungen|verpasst|ignorée|已跳过|已略過)"
_NOT_A_RUN = re.compile(
    r"(?i:test message|testnachricht|message de test|测试|測試|messaggio di prova|mensaje de prueba|testbericht"
    r"|(?:insufficient|low|not enough|running out of) (?:storage )?space|almost full|speicherplatz|licen[cs]e|volume .{0,20}(?:usage|capacity))"
)


def read(part: Part) -> tuple[Report, ...] | None:
    """One task, or none for DSM's other news."""
    form = next((form for form in _FORMS if form.marks and re.search(form.marks, f"{part.subject}\n{ends(part.text)}")), None)
    if form is None:
        return None
    if _NOT_A_RUN.search(part.subject):
        return ()
    return _READ[form.tool](part)


def _refine(report: Report, run: Run) -> Report:
    """The sentence decides, and the devices of the task; a reason given makes no success."""
    names = (report.job, report.target)
    told = [run.part.subject, *(line for line in ends(run.text).split("\n") if _tells(line, names))]
    bare = [_STOPPED.sub(" failed ", without_names(line, [report.host, *names])) for line in told]
    status, _ = status_of_lines(bare)
    lines = [line for line, plain in zip(told, bare, strict=True) if status_of_lines([plain])[0] == status]
    devices = [size for _, said in _DEVICE.findall(run.text) for size in sizes_in(said)]
    return replace(
        report,
        status=status,
        said=" ".join(lines[0].split())[:200] if lines else "",
        size=report.size if report.size is not None or not devices else sum(devices),
        job=report.job.strip("\"'«»“”„"),
    )


def _tells(line: str, names: tuple[str, ...]) -> bool:
    if _ARTICLE.search(line) or any(name and line.rstrip().endswith(name) for name in names):
        return False
    return bool(_SENTENCE.search(line) or _REASON.search(line) or _DEVICE.match(line) or re.match(r"(?i)\s*(?:status|statut|stato|estado|状态|狀態|結果|result|ergebnis)\s*[:：]", line))


def _form(tool: str, marks: str) -> Format:
    return Format(
        tool=tool,
        marks=marks,
        fields={
            "job": (*_by_stem(_TASK), r"[Tt]ask [\"“]([^\"”\n]+)[\"”]", r"[\"“„«]([^\"”“»\n]+)[\"”“»]"),
            "host": (*_HOST, r"^[ \t]*(?:NAS|Device|Gerät|Server|Host)[ \t]?(?:name)?[ \t]*[:：][ \t]*(\S+)"),
            "target": _by_stem(_TARGET),
            "started": _by_stem(_START),
            "finished": _by_stem(_END),
            "duration": _by_stem(_TOOK),
            "size": (r"(?i:^[ \t]*(?:source size|backup size|total size|data size|quellgröße|transferred(?: size)?)[^:\n]{0,20}[:：][ \t]*(\S.*)$)",),
        },
        maintenance=_MAINTENANCE,
        missed=_MISSED,
        subject=False,
        refine=_refine,
    )


_FORMS = (
    _form("synology-m365", r"Active Backup for (?:Microsoft|Office) 365"),
    _form("synology-workspace", r"Active Backup for (?:Google Workspace|G Suite)"),
    _form("synology-abb", r"Active Backup(?: for Business)?"),
    _form("synology-snapshot", r"Snapshot Replication"),
    _form("synology-hyperbackup", r"Hyper Backup|\.hbk\b|Synology C2|sy\.to/|x"),
)
_READ: dict[str, Reader] = {form.tool: reader(form) for form in _FORMS}
