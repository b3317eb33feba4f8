"""Which of a report's fields a label means, in many languages: "Start time", "Beginn", "Durée", "Gesamtgröße"."""

import re
from functools import lru_cache
from typing import Literal

from workflows.backup.reports.labels import plain

Field = Literal[
    "tool", "job", "host", "what", "status", "started", "finished", "duration", "size", "other size", "target", "day", "message"
]

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_UNIT = re.compile(r" (?:in )?(?:[kmgt]i?[bo]|bytes|octets|seconds?|secs?|s|minutes?|min|utc|local|local time)$")

_NAMES: dict[Field, str] = {
    "tool": """
        tool, software, program, programm, product, produkt, engine, backup software, source tool
    """,
    "job": """
        job, job name, jobname, name, task, task name, taskname, backup, backup name, backup job, backup task,
        backup job name, job title, protection group, protection job, backup item, virtual machine, vm name, vm, plan,
        plan name, backup plan, backup plan name, policy, policy name, schedule,
        schedule name, profile, backup set, backup set name, set, stanza, job id, backup id, title, auftrag, auftragsname,
        aufgabe, aufgabenname, sicherung, sicherungsauftrag, sicherungsname, sicherungsjob, sicherungsaufgabe, bezeichnung,
        tâche, nom, nom de la tâche, tâche de sauvegarde, travail, sauvegarde, nom de la sauvegarde, tarea, nombre,
        nombre de la tarea, tarea de copia de seguridad, trabajo, copia, copia de seguridad, respaldo, nombre del trabajo,
        attività, nome attività, nome, processo, operazione, tarefa, nome da tarefa, trabalho, cópia, cópia de segurança,
        taak, taaknaam, back up, back uptaak, naam, uppgift, jobb, opgave, oppgave, zadanie, nazwa zadania, úloha, název,
        feladat, задание, задача, имя задания, görev, 任务, 任務, 任务名称, 备份任务, ジョブ, タスク, タスク名, dataset,
        database, datenbank, base de données, base de datos, base, db, instance
    """,
    "host": """
        host, hostname, host name, machine, server, server name, servername, computer, computer name, device, device name,
        client, client name, system, node, agent, workstation, nas, nas name, rechner, rechnername, gerät, gerätename,
        serveur, machine cliente, hôte, ordinateur, appareil, servidor, equipo, dispositivo, cliente, macchina, computador,
        dator, enhed, enhet, serwer, komputer, počítač, сервер, компьютер, узел, sunucu, 服务器, 主机, 设备, サーバー, ホスト,
        serveris, gép, máquina, anfitrión, klient
    """,
    "what": """
        source, sources, source path, source folder, source directory, what, what was saved, item, items, object, objects,
        resource, folder, directory, path, paths, volume, volumes, quelle, quellen, quellordner, quellpfad,
        source des données, dossier source, origen, origine, carpeta de origen, cartella di origine, pasta de origem, origem,
        bron, källa, kilde, źródło, zdroj, forrás, источник, kaynak, 源, ソース, protected item
    """,
    "status": """
        status, state, result, results, outcome, backup status, backup result, job status, job state, job result,
        overall status, final status, task status, task result, exit status, completion status, last result, last run status,
        condition, ergebnis, zustand, sicherungsstatus, jobstatus, gesamtstatus, statut, état, résultat, etat, resultat,
        estado, resultado, stato, esito, risultato, estado da tarefa, resultaat, toestand, résultat de la sauvegarde,
        resultat de la tache, wynik, stan, stav, výsledek, állapot, eredmény, статус, результат, состояние, durum, sonuç,
        状态, 狀態, 结果, 結果, ステータス, 状態, 상태, 결과, tila, tulos, resultado de la copia
    """,
    "started": """
        start, started, start time, started at, start date, started on, begin, begin time, began, began at, beginning,
        time started, job started, backup started, start timestamp, starttime, startdate, from, startzeit, startzeitpunkt,
        beginn, gestartet, gestartet am, beginnzeit, anfang, début, debut, heure de début, date de début, commencé,
        commencé le, démarré, démarrage, démarrée, inicio, hora de inicio, fecha de inicio, iniciado, inicio de la copia,
        comienzo, inizio, ora di inizio, data inizio, ora inizio, avviato, iniziato, início, hora de início, data de início,
        begonnen, starttijd, begintijd, aanvang, starttid, startade, påbegyndt, startet, czas rozpoczęcia, początek,
        rozpoczęto, začátek, zahájeno, čas zahájení, kezdés, начало, время начала, запущено, başlangıç, başlama zamanı,
        开始时间, 開始時間, 开始, 開始時刻, 開始, 開始日時, 시작, 시작 시간, started time, creation date
    """,
    "finished": """
        end, ended, end time, ended at, end date, finish, finished, finish time, finished at, finished on, completed,
        completed at, completed on, completion time, completion date, time completed, stop, stop time, stopped, job ended,
        backup finished, endtime, enddate, to, until, last backup, ende, endzeit, endzeitpunkt, beendet, beendet am,
        abgeschlossen, abgeschlossen am, fertig, fertiggestellt, fin, heure de fin, date de fin, terminé, terminée,
        terminé le, terminée le, hora de fin, fecha de fin, finalizado, finalización, hora de finalización, terminado, fine,
        ora di fine, data fine, ora fine, completato, terminato, fim, hora de fim, data de fim, término, hora de término,
        concluído, einde, eindtijd, beëindigd, voltooid, geëindigd, sluttid, slut, afsluttet, slutt, czas zakończenia, koniec,
        zakończono, konec, dokončeno, čas dokončení, befejezés, vége, конец, окончание, время окончания, завершено, bitiş,
        bitiş zamanı, 结束时间, 結束時間, 结束, 完成时间, 終了時刻, 終了, 終了日時, 종료, 종료 시간, last run
    """,
    "duration": """
        duration, elapsed, elapsed time, time elapsed, total time, run time, runtime, time taken, took, job duration,
        backup duration, running time, processing time, dauer, laufzeit, verstrichene zeit, zeitdauer, durée, temps écoulé,
        duración, tiempo transcurrido, durata, tempo trascorso, duração, tempo decorrido, duur, looptijd, verstreken tijd,
        varaktighet, varighed, varighet, kesto, czas trwania, trvání, doba trvání, időtartam, продолжительность, длительность,
        süre, 持续时间, 持續時間, 耗时, 所要時間, 期間, 소요 시간, total elapsed time
    """,
    "size": """
        source size, original size, size of source files, source data, data processed, processed data, processed,
        processed bytes, bytes processed, total data, protected size, verarbeitete daten, total size, total bytes,
        gesamtgröße, taille totale, tamaño total, dimensione totale, tamanho total, size, backup size, data size, bytes, data,
        data read, size bytes, amount of data, volume of data, bytes done, bytes read, größe, groesse, gesamtgroesse,
        datenmenge, sicherungsgröße, umfang, gesicherte daten, datengröße, taille, volume, données, taille des données,
        taille de la sauvegarde, tamaño, tamano, datos, datos copiados, tamaño de los datos, dimensione, dimensioni, dati,
        tamanho, dados, grootte, totale grootte, omvang, gegevens, storlek, størrelse, koko, rozmiar, wielkość, velikost,
        méret, размер, общий размер, объем, объём, boyut, toplam boyut, 大小, 总大小, 數據大小, サイズ, 合計サイズ, 크기,
        total bytes processed, backup size in bytes, original
    """,
    "other size": """
        transferred, data transferred, transferred data, transferred bytes, written, bytes written, data written, added,
        added size, compressed, compressed size, deduplicated, deduplicated size, stored, stored size, uploaded,
        uploaded data, copied, data copied, bytes copied, change, changed data, backed up, data backed up, übertragen,
        übertragene daten, geschrieben, komprimiert, transféré, données transférées, transferido, datos transferidos,
        trasferiti, dati trasferiti, verzonden, overgedragen, transferred size, archive size, file size, dateigröße
    """,
    "target": """
        target, destination, backup destination, backup target, dest, repository, repo, storage, location, vault, to location,
        target path, target folder, saved to, ziel, zielordner, zielpfad, speicherort, sicherungsziel, repositorium,
        destination de la sauvegarde, cible, emplacement, destino, ubicación, destino de la copia, destinazione,
        percorso di destinazione, local, doel, bestemming, locatie, mål, plats, cel, miejsce docelowe, cíl, umístění, cél,
        назначение, хранилище, место назначения, hedef, 目标, 目的地, 保存先, バックアップ先, 대상, backup location,
        media set
    """,
    "day": """
        date, day, backup date, run date, datum, tag, fecha, data, dag, dato, dzień, dátum, дата, tarih, 日期, 日付, 날짜,
        jour, when, timestamp, time, zeit, uhrzeit, zeitpunkt, heure, hora, ora, date time, date heure, fecha hora, data ora
    """,
    "message": """
        message, messages, error, error message, errors, reason, details, detail, description, info, information, warning,
        warnings, comment, failure reason, failure, meldung, nachricht, fehler, fehlermeldung, grund, hinweis, warnung,
        warnungen, beschreibung, message d erreur, erreur, erreurs, raison, détails, avertissement, avertissements, mensaje,
        mensaje de error, error de copia, errores, motivo, detalle, detalles, aviso, avisos, advertencias, messaggio, errore,
        errori, dettagli, avvisi, mensagem, erro, erros, detalhes, bericht, foutmelding, fout, fouten, waarschuwingen, reden,
        meddelande, fel, fejl, feil, komunikat, błąd, błędy, ostrzeżenia, zpráva, chyba, chyby, hiba, hibák, сообщение,
        ошибка, ошибки, предупреждения, hata, 错误, 警告, 消息, エラー, メッセージ, failed, failures, error count, exit code,
        exitcode, return code, rc
    """,
}
_FIELD_OF: dict[str, tuple[Field, int]] = {}
for _field, _listed in _NAMES.items():
    for _rank, _name in enumerate(_listed.split(",")):
        _FIELD_OF.setdefault(plain(_name), (_field, _rank))


_STEMS: tuple[tuple[Field, re.Pattern[str]], ...] = (
    (
        "size",
        re.compile(
            r"taille|größe|groesse|tamaño|tamano|\bsize|dimensione|tamanho|rozmiar|velikost|размер|объем|boyut|datenmenge|大小|サイズ"
        ),
    ),
    ("status", re.compile(r"\bstatus|statut\b|\bestado|\bstato\b|ergebnis|\bresult|résultat|\besito|статус|状态|結果")),
    (
        "started",
        re.compile(
            r"^(?:start|begin|beginn|début|inicio|inizio|início|początek|začátek|начало|开始|開始)"
            r"|\b(?:gestartet|started|begonnen|démarrée?|iniciad[ao]|avviato)$"
        ),
    ),
    (
        "finished",
        re.compile(
            r"^(?:end|ende|fin|fine|fim|finish\w*|koniec|konec|конец|结束|終了)\b"
            r"|\b(?:beendet|abgeschlossen|finished|completed|ended|terminée?|finalizad[ao])$"
        ),
    ),
    ("duration", re.compile(r"\bdauer\b|\bdurée|\bduration|\bduración|\bdurata|\bduração|laufzeit|время выполнения")),
)
_ELSE = re.compile(
    r"expected|previous|prior|vorherig|vorige|précédent|anterior|precedente"
    r"|free|avail|frei|libre|liber|quota|limit|disk|pool|average|total files|repositor|speed|rate|count"
    r"|nombre de|anzahl|last good"
)


def field_of(label: str) -> Field | None:
    """The field that a label means; None for a label of something else."""
    return _known(label)[0]


def rank_of(label: str) -> int:
    """How surely it means its field: of "Job" and "Name" in one text the lower one is the job."""
    return _known(label)[1]


@lru_cache(maxsize=4096)
def _known(label: str) -> tuple[Field | None, int]:
    words = _without_unit(label)
    if words in _FIELD_OF:
        return _FIELD_OF[words]
    if len(words.split()) > 4 or _ELSE.search(words):
        return None, len(_FIELD_OF)
    return next(((field, len(_FIELD_OF)) for field, stem in _STEMS if stem.search(words)), (None, len(_FIELD_OF)))


def _without_unit(label: str) -> str:
    """Both "Size (GB)" and "size_bytes" are sizes, "durationSeconds" is a duration."""
    words = plain(_HUMP.sub(" ", label[:80]))
    return words if words in _FIELD_OF else _UNIT.sub("", words)
