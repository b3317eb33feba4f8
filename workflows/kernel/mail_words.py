"""The words by which mail programs of many languages mark what they forward and quote, and who is away.

One line for each language, so that another is added by a line. Alternatives are parted by commas.
"""

import re


def _columns(table: str) -> list[list[str]]:
    """The columns of a table whose cells are parted by "|" and hold words parted by commas."""
    rows = [line.partition(":")[2].split("|") for line in table.strip().splitlines()]
    return [[word for row in rows for word in _words(row[place])] for place in range(len(rows[0]))]


def _words(text: str) -> list[str]:
    return [word.strip().casefold() for word in text.split(",") if word.strip()]


def _any(table: str) -> str:
    """A regular expression for any of the words, in which a space is any space and may be left out at no place."""
    words = sorted(
        (word for line in table.strip().splitlines() for word in _words(line.partition(":")[2])), key=len, reverse=True
    )
    return "|".join(re.escape(word).replace(r"\ ", r"\s") for word in words)


# what stands before the colon in the block above a forwarded mail: sender | sent | to | subject | other
_LABELS = """
en: from | sent, date | to | subject | cc, bcc, reply-to, importance, attachments, organization, priority, sensitivity
de: von | gesendet, gesendet am, datum | an | betreff | kopie, antwort an, wichtigkeit, anlagen, anhänge, priorität
fr: de | envoyé, envoyé le, date d'envoi | à | objet, sujet | copie, répondre à, pièces jointes
es: de, remitente | enviado, enviado el, fecha, fecha de envío | para, destinatario | asunto | copia, responder a, cco
it: da, mittente | inviato, data, data invio | a, destinatario | oggetto | copia, rispondi a, ccn, priorità
nl: van, afzender | verzonden, verzonden op, datum | aan, ontvanger | onderwerp | kopie, beantwoorden, urgentie, bijlagen
pt: de, remetente | enviado em, enviada em, data | para, destinatário | assunto | cópia, anexos
pl: od, nadawca | wysłano, wysłane, data wysłania | do, adresat | temat | dw, udw, kopia, załączniki
da: fra | sendt, dato | til | emne | kopi, vedhæftede filer
no: fra | sendt, dato | til | emne | kopi
sv: från | skickat, skickad, datum | till | ämne | kopia
fi: lähettäjä | lähetetty, päivämäärä, pvm | vastaanottaja | aihe | kopio
cs: od, odesílatel | odesláno, datum | komu | předmět | kopie, skrytá
sk: od, odosielateľ | odoslané, dátum | komu | predmet | kópia
hu: feladó | elküldve, küldve, dátum | címzett | tárgy | másolatot kap
ro: de la | trimis, trimis la, data | către | subiect | răspuns la
hr: od, šalje | poslano, datum | prima, za | predmet | kopija
tr: kimden, gönderen | gönderildi, gönderme tarihi, tarih | kime, alıcı | konu | bilgi
ru: от, отправитель | отправлено, отправлен, дата | кому | тема | копия, скрытая копия
uk: від | надіслано, дата | кому | тема | копія
el: από | εστάλη, ημερομηνία | προς | θέμα | κοιν
zh: 发件人, 寄件者, 寄件人 | 发送时间, 日期, 发送日期, 寄件日期, 傳送時間 | 收件人, 收件者 | 主题, 主題, 主旨 | 抄送, 副本
ja: 差出人, 送信元, 送信者 | 送信日時, 日付, 日時 | 宛先, 受信者 | 件名 | 返信先
ko: 보낸 사람, 보낸사람 | 보낸 날짜, 보낸날짜, 날짜 | 받는 사람, 받는사람 | 제목 | 참조
vi: từ | ngày, đã gửi | đến, tới | chủ đề | đồng kính gửi
id: dari | tanggal, terkirim | kepada | subjek, perihal | tembusan
"""
# the labels by what they mean; a word with two meanings has the one that comes first here
LABELS = {
    word: kind
    for kind, words in reversed(
        list(zip(("subject", "sender", "sent", "to", "other"), map(_columns(_LABELS).__getitem__, (3, 0, 1, 2, 4)), strict=True))
    )
    for word in words
}

_FORWARDED = """
en: forwarded message, original message, begin forwarded message, forwarded by, forwarded mail
de: weitergeleitete nachricht, ursprüngliche nachricht, originalnachricht, original-nachricht, weitergeleitete e-mail,
de: anfang der weitergeleiteten nachricht, anfang der weitergeleiteten e-mail
fr: message transféré, message transmis, message d'origine, message original, courriel original, message réexpédié
fr: début du message réexpédié, début du message transféré, message d’origine
es: mensaje reenviado, mensaje original, inicio del mensaje reenviado
it: messaggio inoltrato, messaggio originale, inizio messaggio inoltrato
nl: doorgestuurd bericht, oorspronkelijk bericht, begin doorgestuurd bericht
pt: mensagem encaminhada, mensagem original, início da mensagem reencaminhada, início da mensagem encaminhada
pl: wiadomość przekazana, przekazana wiadomość, treść przekazanej wiadomości, wiadomość oryginalna, oryginalna wiadomość
pl: początek przekazywanej wiadomości
da: videresendt meddelelse, videresendt besked, oprindelig meddelelse, start på videresendt besked
no: videresendt melding, opprinnelig melding, begynnelse på videresendt melding
sv: vidarebefordrat meddelande, ursprungligt meddelande, originalmeddelande, vidarebefordrat brev
fi: välitetty viesti, alkuperäinen viesti, välitetty viesti alkaa
cs: přeposlaná zpráva, původní zpráva, začátek přeposílané zprávy
sk: preposlaná správa, pôvodná správa
hu: továbbított üzenet, eredeti üzenet, továbbított levél kezdete
ro: mesaj redirecționat, mesaj original, mesajul original
hr: proslijeđena poruka, izvorna poruka
tr: iletilen mesaj, orijinal mesaj, özgün ileti, iletilen ileti
ru: пересылаемое сообщение, пересланное сообщение, исходное сообщение, начало переадресованного сообщения
uk: переслане повідомлення, початкове повідомлення
el: προωθημένο μήνυμα, αρχικό μήνυμα
zh: 转发的邮件, 转发邮件信息, 原始邮件, 以下是转发的邮件, 已转发的邮件, 轉寄的郵件, 轉寄郵件, 原始郵件, 以下為轉寄的郵件
ja: 転送メッセージ, 転送されたメッセージ, 元のメッセージ
ko: 원본 메시지, 전달된 메시지, 전달된 메일
"""
# the line above a forwarded mail: those words, mostly between dashes
MARKED = re.compile(
    rf"[\s>*]{{0,12}}(?:[-_=*—–]{{2,60}}\s{{0,3}})?(?:{_any(_FORWARDED)})(?!\w)[^\n]{{0,80}}?\s{{0,3}}[:：]?\s{{0,3}}[-_=*—–]{{0,60}}\s{{0,3}}[:：]?",
    re.IGNORECASE,
)

# how the line above a quoted mail ends: "On …, … wrote:"; a name may follow the verb in the languages that put it there
_WROTE = """
en: wrote, writes
de: schrieb, schreibt
fr: a écrit
es: escribió
it: ha scritto, scrisse
nl: schreef
pt: escreveu
pl: napisał(a), napisał, napisała, pisze
sv: skrev
fi: kirjoitti
cs: napsal(a), napsal, napsala
sk: napísal(a), napísal, napísala
hu: írta
ro: a scris
hr: napisao je, je napisao/la
tr: yazdı, şunları yazdı
ru: пишет, написал, написала, написал(а)
uk: пише, написав, написала, написав(ла)
el: έγραψε
zh: 写道, 寫道
ja: のメール, のメッセージ, 書きました
ko: 님이 작성, 작성
"""
_ATTRIBUTED = re.compile(rf"(?:{_any(_WROTE)})(?:\s[^:]{{1,160}})?\s{{0,3}}[:：]\s*$", re.IGNORECASE)
_VERBS = tuple(word for line in _WROTE.strip().splitlines() for word in _words(line.partition(":")[2]))


def attributes(line: str) -> bool:
    """Whether a line says that someone wrote what follows. It is asked of many lines, so what is cheap comes first."""
    folded = line.casefold()
    return any(verb in folded for verb in _VERBS) and _ATTRIBUTED.search(line) is not None


_MONTHS = """
en: jan | feb | mar | apr | may | jun | jul | aug | sep | oct | nov | dec
de: jän | feb | mär, mrz | apr | mai | jun | jul | aug | sep | okt | nov | dez
fr: janv | fév | mars | avr | mai | juin | juil | aoû | sept | oct | nov | déc
es: ene | feb | mar | abr | may | jun | jul | ago | set | oct | nov | dic
it: gen | feb | mar | apr | mag | giu | lug | ago | set | ott | nov | dic
nl: jan | feb | maa, mrt | apr | mei | jun | jul | aug | sep | okt | nov | dec
pt: jan | fev | mar | abr | mai | jun | jul | ago | set | out | nov | dez
pl: sty | lut | mar | kwi | maj | cze | lip | sie | wrz | paź | lis | gru
sv: jan | feb | mar | apr | maj | jun | jul | aug | sep | okt | nov | dec
fi: tammi | helmi | maalis | huhti | touko | kesä | heinä | elo | syys | loka | marras | joulu
cs: led | úno | bře | dub | kvě | červen, června | červenec, července | srp | zář | říj | lis | pro
hu: jan | feb | már | ápr | máj | jún | júl | aug | sze | okt | nov | dec
tr: oca | şub | mar | nis | may | haz | tem | ağu | eyl | eki | kas | ara
ru: янв | фев | мар | апр | май, мая | июн | июл | авг | сен | окт | ноя | дек
uk: січ | лют | бер | кві | тра | чер | лип | сер | вер | жов | лис | гру
"""
# beginning of a month's name -> its number
MONTHS = {start: number for number, starts in enumerate(_columns(_MONTHS), start=1) for start in starts}

_AWAY = """
en: out of office, out of the office, automatic reply, automatic response, auto reply, auto-reply, autoreply, auto response
en: away from the office, away from my mail, i am away, i am out of, i'm out of, on vacation, vacation reply, on leave
de: abwesenheit, abwesend, automatische antwort, ich bin nicht, ich bin derzeit nicht, ich bin außer, außer haus, im urlaub
fr: réponse automatique, absence du bureau, absent du bureau, message d'absence, je suis absent, en congé
es: respuesta automática, fuera de la oficina, fuera de oficina, ausente de la oficina, estoy ausente
it: risposta automatica, fuori sede, fuori ufficio, assente dall'ufficio, assenza dall'ufficio, sono assente
nl: automatisch antwoord, afwezig, niet aanwezig
pt: resposta automática, fora do escritório, ausência do escritório, ausente do escritório, estou ausente
pl: autoodpowiedź, odpowiedź automatyczna, automatyczna odpowiedź, poza biurem, nieobecność
sv: autosvar, automatiskt svar, frånvaro, ej på plats
no: automatisk svar, fravær, fraværende, ikke til stede
fi: automaattinen vastaus, poissa
cs: automatická odpověď, mimo kancelář, nepřítomnost
hu: automatikus válasz, házon kívül
ro: răspuns automat
tr: otomatik yanıt, ofis dışında
ru: автоматический ответ, автоответ, нет на месте
zh: 自动答复, 自动回复, 自動回覆, 自動回復
ja: 自動応答, 自動返信, 不在のお知らせ, 不在通知
ko: 자동 회신, 부재중
"""
AWAY = re.compile(
    rf"\s{{0,9}}(?:(?:re|aw|sv|vs|odp|antw)\s{{0,3}}:\s{{0,3}})?(?:\[[^\]]{{0,40}}\]\s{{0,3}})?(?:{_any(_AWAY)})",
    re.IGNORECASE,
)

_STUB = """
en: html message, html mail, html e-mail, html email, html format, html version, html compatible
en: view this email, view this message, view the message, in your browser, in a browser, in your web browser
en: does not support html, html capable
de: kein html, im browser ansehen, im browser anzeigen, html-ansicht, html-darstellung, html-format
fr: dans votre navigateur, format html, au format html
es: en su navegador, en tu navegador, formato html
it: nel browser, formato html
nl: in uw browser, html-indeling
pt: no navegador, formato html
pl: w przeglądarce, format html
"""
# a plain text that only says that the real one is the HTML
STUB = re.compile(_any(_STUB), re.IGNORECASE)

_UNSUBSCRIBE = """
en: unsubscribe, opt out, opt-out
de: abmelden, abbestellen, austragen
fr: désabonner, désinscrire, désinscription, se désabonner
es: darse de baja, darte de baja, cancelar suscripción, cancelar la suscripción
it: disiscriviti, cancella l'iscrizione, annulla l'iscrizione
nl: uitschrijven, afmelden
pt: cancelar inscrição, cancelar a inscrição, cancelar subscrição
pl: wypisz się, zrezygnuj z subskrypcji
zh: 退订, 取消订阅, 取消訂閱
ja: 配信停止, 購読解除
ko: 수신거부, 수신 거부
"""
UNSUBSCRIBE = re.compile(_any(_UNSUBSCRIBE), re.IGNORECASE)

_CAMPAIGN = """
en: view this email in your browser, view in browser, view online, view it in your browser, view this email online, newsletter
en: in this issue, webinar, update your preferences, manage preferences, email preferences, because you subscribed
en: because you signed up, because you opted in, because you registered, limited time, special offer
de: im browser ansehen, im browser öffnen, online ansehen, in dieser ausgabe, weil sie sich angemeldet, sonderangebot
fr: voir dans le navigateur, version en ligne, infolettre, lettre d'information, vous recevez cet e-mail parce que
es: ver en el navegador, boletín, ha recibido este correo porque
it: visualizza nel browser, ricevi questa email perché
nl: bekijk in browser, nieuwsbrief, bekijk online
pt: ver no navegador, boletim informativo
pl: zobacz w przeglądarce, biuletyn
"""
CAMPAIGN = re.compile(
    rf"{_any(_CAMPAIGN)}|(?:save|spare)\s\d{{1,2}}\s?%|\d{{1,2}}\s?%\s(?:off|rabatt|de descuento|de réduction)", re.IGNORECASE
)
