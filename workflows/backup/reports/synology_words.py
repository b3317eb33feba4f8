"""What DSM's languages call the parts of a report.

Stems, since labels come inflected and compounded ("Datensicherungsaufgabe").
"""

import re


def _stems(*stems: str) -> re.Pattern[str]:
    return re.compile("|".join(stems), re.IGNORECASE)


LABELS = {
    "started": _stems(
        "start",
        "d[ée]but",
        "d[ée]marr",
        "inizio",
        "inicio",
        "início",
        "开始",
        "開始",
        "시작",
        "начал",
        "rozpocz",
        "zahájen",
        "kezd",
        "başla",
    ),
    "finished": _stems(
        r"\bend(?:ed)?\b",
        "finish",
        "^ende",
        "endzeit",
        r"\bfine?\b",
        r"\bfim\b",
        "结束",
        "結束",
        "終了",
        "종료",
        "eind",
        "оконч",
        "zakończ",
        "bitiş",
    ),
    "duration": _stems(
        "duration",
        "dauer",
        "dur[ée]e",
        "durata",
        "duraci",
        "duraç",
        "duur",
        "持续",
        "持續",
        "經過",
        "所要",
        "기간",
        "소요",
        "продолж",
        "длител",
        "trwania",
        "trvání",
        "varig",
        "varaktig",
    ),
    "target": _stems(
        "target",
        "destin",
        "ziel",
        "目的地",
        "目标",
        "目標",
        "doel",
        "bestemming",
        "バックアップ先",
        "宛先",
        "대상",
        "назначен",
        "docelow",
        "cíl",
        r"\bmål",
        "cible",
    ),
    "job": _stems(
        "task",
        "aufgabe",
        "t[âa]che",
        "任务",
        "任務",
        "attività",
        "operazione",
        "tarea",
        "taak",
        "tarefa",
        "タスク",
        "작업",
        "задач",
        "задани",
        "zadani",
        "úloh",
        "uppgift",
        "opp?gave",
        "görev",
        "feladat",
    ),
    "size": _stems("^(?:backup|source|total|data|transferred) size", "^quellgröße", "^(?:data )?transferred"),
    "result": _stems(
        "^status",
        "^result",
        "^reason",
        "^cause",
        "^error",
        "^ursache",
        "^grund",
        "^fehler",
        "^motif",
        "^原因",
        "^错误",
        "^motivo",
        "^causa",
        "^errore",
        "^理由",
        "^stat[uo]",
        "^ergebnis",
        "^结果",
    ),
}
"""What a label means; the first whose stem it holds."""

HEADLINES = re.compile(
    r"data backup task on|data backup on \S+ (?:has|was|failed)|backup task .{1,80}? "
    r"on \S|die datensicherung auf|(?:daten)?sicherungsaufgabe"
    r"|tâche de sauvegarde (?:des données )?sur|sauvegarde des données sur|(?:数据|數據|資料|资料)?(?:备份|備份)(?:任务|任務)"
    r"|attività di backup|tarea de (?:copia de seguridad|respaldo)|back-uptaak|tarefa de (?:backup|cópia)"
    r"|データ\s?バックアップ\s?タスク|バックアップ\s?タスク|백업 작업|задач\w резервного|zadanie (?:tworzenia )?kopii"
    r"|úloha zálohování|sikkerhedskopieringsopgave|säkerhetskopieringsuppgift|yedekleme görevi|biztonsági mentési feladat",
    re.IGNORECASE,
)
"""Sentences of Hyper Backup, which does not name itself."""

HOSTS = tuple(
    re.compile(pattern, re.MULTILINE | re.IGNORECASE)
    for pattern in (
        r"^(?:From|Von|De|Da|Van|Från|Fra|Od|От|Desde|Feladó|Kimden)[ \t]{0,9}:?[ \t]{1,9}(\S{1,63})[ \t]{0,9}$",
        r"^(?:来自|來自|送信元|보낸 사람|寄件者)[ \t]{0,9}[:：]?[ \t]{0,9}(\S{1,63})[ \t]{0,9}$",
        (
            r"\b(?:on|auf|sur|su|en|op|em|på|na|на)[ \t]+(?:your[ \t]+|ihrem[ \t]+)?([\w.-]{2,63})[ \t]+"
            r"(?:has|have|was|is|ist|wurde|est|a été|a|è|ha|se ha|está|foi|werd|har|została|было"
            r"|failed|partially|successfully|completed|on)\b"
        ),
        r"^\[([\w.-]{2,63})\]",
        r"([A-Za-z0-9][\w.-]{1,62}?)\s?(?:上的|上の|에서|の)",
    )
)

STOPPED = _stems(
    "suspend",
    "angehalten",
    "ausgesetzt",
    "sospes",
    "opgeschort",
    "приостанов",
    "wstrzyman",
    "pozastav",
    "已?暂停",
    "已?暫停",
    "已取消",
    "一時停止",
    "キャンセル",
    "취소",
)

MAINTENANCE = _stems(
    "integrity check",
    "integritätsprüf",
    "intégrité",
    "完整性",
    "integrità",
    "integridad",
    "integriteit",
    "整合性",
    "무결성",
    "целостност",
    r"\brestor(?:e|ation|ing)\b",
    "wiederherstell",
    "restaurat",
    "restauraci",
    "ripristin",
    "herstel",
    "还原",
    "還原",
    "復元",
    "복원",
    "восстановл",
    "przywr",
    "version rotation",
    "versionsrotation",
    "rotation des versions",
    "verification",
    r"\brelink",
)
MISSED = _stems(
    r"\bskipped\b",
    r"\bmissed\b",
    r"not (?:been )?(?:run|executed|performed) (?:as scheduled|on schedule)",
    r"has not (?:been )?(?:run|backed up) (?:for|in|since)",
    "übersprungen",
    "verpasst",
    "已跳过",
    "已略過",
)
NOT_A_RUN = _stems(
    "test (?:message|mail|e-mail|notification)",
    "testnachricht",
    "message de test",
    "测试",
    "測試",
    "messaggio di prova",
    "mensaje de prueba",
    "testbericht",
    "(?:insufficient|low|not enough|running out of) (?:storage )?space",
    "almost full",
    "speicherplatz",
    "licen[cs]e",
    "dsm update",
    "new version",
)
