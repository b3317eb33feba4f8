"""What report languages call a good, a partial and a bad end. Lower case; a trailing * stands for any ending of the word.

Words of Chinese and Japanese stand without spaces around them, so they are looked for anywhere.
"""

FAILURE = """
fail* failure* error* err fatal* abort* cancel* crash* unsuccessful* denied refused timeout killed corrupt* reject* ko nok
unable unreachable
fehlgeschlagen* fehlschlag* fehler* abgebrochen* abbruch* gescheitert* misslungen* abgelehnt*
échec* echec* échou* echou* erreur* abandonné* annulé* impossible*
fallo* falló fallad* fallid* falla fracas* abortad* cancelad*
fallit* fallimento errore errori interrott* annullat*
falha* falhou falhad* erro erros
mislukt* fout fouten gefaald* afgebroken geannuleerd*
misslyck* fel mislykk* mislykt* fejl* feil* epäonnist* virhe* keskeyt* avbrut* avbröt*
niepowodzen* nieudan* błąd błęd* przerwan* selhal* selhán* chyb* neúspě* sikertelen* hiba* hibá*
ошибк* ошибок сбой сбоя сбоев неудач* помилк* прерван* başarısız* hata hatas* eşuat* eroare erori
失败 失敗 错误 錯誤 エラー 異常終了 中断 中止 실패 오류
❌ ✖ ✗ ✘ 🔴 ⛔ 🚨
"""

FAILURE_PHRASES = """
timed out
not ok
not successful
not successfully
not completed
not complete
not finished
not succeed
did not
could not
couldn't
cannot
can't
no space left
not found
nicht erfolgreich
nicht abgeschlossen
nicht durchgeführt
nicht beendet
konnte nicht
konnten nicht
non terminé
non terminée
non réussi
n'a pas
n'est pas
no se pudo
no se ha podido
no completad
sin éxito
non riuscit
non completat
non è stato possibile
não concluíd
não foi possível
sem sucesso
sem êxito
niet voltooid
niet gelukt
niet geslaagd
kon niet
inte slutför
kunne ikke
ikke fuldført
ikke fullført
nie powiod
nie udało
не удал
не выполнен
не завершен
未能
未完成
"""

WARNING = """
warn* partial* incomplete* missing skipped degraded interrupted
warnung* teilweise* unvollständig* übersprungen*
avertissement* partiel* incomplet*
advertencia* aviso* parcial* omitid*
avvis* avvert* parzial* incomplet*
waarschuwing* gedeeltelijk* deels
varning* delvis* advars* varoitu* osittain
ostrzeże* częściow* varování upozorněn* částečn* figyelmeztet* részben részleges* avertizar* parțial*
предупрежд* частичн* uyarı* kısmen kısmi
警告 部分 一部 경고 일부
⚠ 🟡 🟠
"""

PARTIAL_PHRASES = """
with error
with errors
with warning
with warnings
with exception
with exceptions
with issues
with problems
with failures
w/ error
w/ warning
mit fehler
mit fehlern
mit warnung
mit warnungen
mit ausnahmen
mit hinweisen
avec erreur
avec erreurs
avec des erreurs
avec avertissement
avec des avertissements
con error
con errores
con advertencias
con avisos
con errore
con errori
con avvisi
con avvertenze
com erro
com erros
com aviso
com avisos
com falhas
met fout
met fouten
met waarschuwing
met waarschuwingen
med fel
med varningar
med fejl
med advarsler
med feil
z błędami
z ostrzeżeniami
s chybami
s varováním
hibákkal
figyelmeztetésekkel
с ошибками
с предупреждениями
some files could not
some files were not
some of the files could not
some items could not
some of the items could not
some objects could not
einige dateien konnten nicht
certains fichiers n'ont pas
algunos archivos no se
"""

RUNNING_PHRASES = """
still running
in progress
is running
running
läuft noch
wird ausgeführt
läuft
en cours
en curso
en ejecución
in corso
in esecuzione
em andamento
em execução
wordt uitgevoerd
pågår
w toku
probíhá
folyamatban
выполняется
devam ediyor
进行中
正在
実行中
진행 중
"""

SUCCESS = """
success* succeed* succes complet* finish* done ok passed
erfolgreich* erfolg abgeschlossen* fertig fertiggestellt* beendet*
réussi* succès terminé*
éxito exito* completad* correcto correcta correctamente correcte finalizad* terminad*
riuscit* successo completat* terminat* eseguit*
sucesso concluíd* êxito bem-sucedid* finalizad*
geslaagd* gelukt voltooid* succesvol* gereed
lyckad* lyckades slutför* fuldført* gennemført* lykkedes fullført* vellykket* onnistu* valmis*
powodzenie* pomyślnie sukces* zakończon* ukończon* úspěšn* dokončen* sikeres* befejez* fejeződ* elkészült
успешн* завершен* завершён* успех выполнен* başarılı* başarıyla tamamland* reușit* finalizat*
成功 完成 完了 正常 성공 완료
✅ ✔ ✓ 🟢
"""

NONE = """
0 no none zero nil without keine keinen keiner kein ohne aucun aucune sans ninguno ninguna ningún sin cero nessun nessuna
nessuno senza nenhum nenhuma sem geen zonder inga inget utan ingen uden uten ei brak bez žádn žádné nincs nélkül нет без
yok 没有 无 無 なし 없음 n/a - –
"""
"""What says that there were none of them, before or behind the word."""
