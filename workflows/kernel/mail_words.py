"""The words by which mail programs of many languages mark what they forward and quote."""

import re


def _labels(words: str) -> frozenset[str]:
    return frozenset(word.strip().casefold() for word in words.split("|"))


# what stands before the colon in the block above a forwarded mail
LABELS = {
    "sender": _labels(
        "from|von|de|da|van|od|fra|från|lähettäjä|expéditeur|mittente|afzender|remitente|remetente|nadawca|kimden|gönderen|от|від|"
        "feladó|de la|από|发件人|寄件者|寄件人|差出人|送信元|보낸 사람|보낸사람|ผู้ส่ง|từ|dari|odesílatel|odosielateľ"
    ),
    "sent": _labels(
        "sent|date|gesendet|datum|gesendet am|envoyé|envoyé le|date d'envoi|enviado|enviado el|enviado em|fecha|fecha de envío|data|"
        "inviato|data invio|verzonden|verzonden op|wysłano|data wysłania|wysłane|sendt|dato|skickat|skickad|lähetetty|päivämäärä|pvm|"
        "odesláno|odoslané|dátum|elküldve|küldve|trimis|trimis la|tarih|gönderildi|gönderme tarihi|дата|отправлено|отправлен|надіслано|"
        "εστάλη|ημερομηνία|发送时间|日期|发送日期|寄件日期|傳送時間|送信日時|日付|日時|보낸 날짜|날짜|보낸날짜|ngày|tanggal|terkirim"
    ),
    "to": _labels(
        "to|an|à|pour|para|a|aan|do|til|till|vastaanottaja|destinataire|destinatario|destinatário|ontvanger|adresat|komu|címzett|către|"
        "kime|alıcı|кому|προς|收件人|收件者|宛先|受信者|받는 사람|받는사람|đến|kepada|a:"
    ),
    "subject": _labels(
        "subject|betreff|objet|asunto|oggetto|onderwerp|assunto|temat|emne|ämne|aihe|předmět|predmet|tárgy|subiect|konu|тема|θέμα|"
        "主题|主題|主旨|件名|제목|chủ đề|subjek|perihal|sujet"
    ),
    "other": _labels(
        "cc|bcc|kopie|copie|copia|cópia|kopia|dw|udw|kopi|kopio|másolatot kap|bilgi|копия|抄送|副本|참조|reply-to|antwort an|antworten an|"
        "répondre à|responder a|rispondi a|beantwoorden|wichtigkeit|importance|importancia|anlagen|attachments|anhänge|pièces jointes|"
        "organization|organisation|priority|priorität|cci|cco|ccn"
    ),
}

_FORWARDED = (
    "forwarded message|original message|original-nachricht|begin forwarded message|forwarded by|weitergeleitete nachricht|"
    "ursprüngliche nachricht|weitergeleitete e-mail|originalnachricht|originalmeddelande|anfang der weitergeleiteten nachricht|"
    "anfang der weitergeleiteten e-mail|message transféré|message transmis|message d'origine|message original|"
    "début du message réexpédié|début du message transféré|courriel original|mensaje reenviado|mensaje original|"
    "inicio del mensaje reenviado|messaggio inoltrato|messaggio originale|inizio messaggio inoltrato|doorgestuurd bericht|"
    "oorspronkelijk bericht|begin doorgestuurd bericht|mensagem encaminhada|mensagem original|início da mensagem reencaminhada|"
    "início da mensagem encaminhada|wiadomość przekazana|przekazana wiadomość|treść przekazanej wiadomości|wiadomość oryginalna|"
    "oryginalna wiadomość|początek przekazywanej wiadomości|videresendt meddelelse|videresendt besked|videresendt melding|"
    "oprindelig meddelelse|opprinnelig melding|vidarebefordrat meddelande|ursprungligt meddelande|vidarebefordrat brev|"
    "välitetty viesti|alkuperäinen viesti|välitetty viesti alkaa|přeposlaná zpráva|původní zpráva|začátek přeposílané zprávy|"
    "preposlaná správa|pôvodná správa|továbbított üzenet|eredeti üzenet|mesaj redirecționat|mesaj original|mesajul original|"
    "iletilen mesaj|özgün ileti|orijinal mesaj|iletilen ileti|пересылаемое сообщение|пересланное сообщение|исходное сообщение|"
    "переслане повідомлення|начало переадресованного сообщения|προωθημένο μήνυμα|转发的邮件|转发邮件信息|原始邮件|以下是转发的邮件|已转发的邮件|"
    "轉寄的郵件|轉寄郵件|原始郵件|以下為轉寄的郵件|転送メッセージ|転送されたメッセージ|元のメッセージ|원본 메시지|전달된 메시지|전달된 메일"
)
MARKED = re.compile(
    r"[\s>*]*(?:[-_=*—–]{2,60}\s*)?(?:"
    + "|".join(map(re.escape, _FORWARDED.split("|")))
    + r")\b[^\n]{0,80}?\s*[:：]?\s*[-_=*—–]{0,60}\s*[:：]?",
    re.IGNORECASE,
)

# how the line above a quoted mail ends or begins: "On …, … wrote:"
ATTRIBUTED = re.compile(
    r"(?:wrote|writes|schrieb(?:\s.{1,120})?|a écrit|escribió|ha scritto|scrisse|schreef(?:\s.{1,120})?|escreveu|napisał(?:\(a\)|a)?|"
    r"pisze|skrev(?:\s.{1,120})?|kirjoitti|napsal(?:\(a\)|a)?|napísal(?:\(a\)|a)?|írta|a scris|yazdı|şunları yazdı|"
    r"пишет|написал(?:\(а\)|а)?|написав(?:\(ла\))?|έγραψε|写道|寫道|のメール|作成|のメッセージ|님이 작성|작성)\s*[:：]\s*$",
    re.IGNORECASE,
)

MONTHS = {
    number: tuple(words.split("|"))
    for number, words in enumerate(
        (
            "jan|ene|gen|janv|sty|led|янв|sij|oca|tam|ιαν",
            "feb|fév|fev|febr|lut|úno|фев|şub|hel|φεβ",
            "mar|mär|mrz|maa|mrt|břez|bře|мар|μαρ",
            "apr|avr|abr|kwi|dub|апр|nis|huh|απρ",
            "may|mai|mag|maj|mei|kvě|май|мая|tou|μαϊ|μαΐ",
            "jun|jui n|juin|giu|cze|čvn|červen|červn|июн|haz|kes|ιουν",
            "jul|juil|lug|lip|čvc|července|červenec|июл|tem|hei|ιουλ",
            "aug|aoû|aou|ago|sie|srp|авг|ağu|elo|αυγ",
            "sep|set|wrz|zář|сен|eyl|syy|σεπ",
            "oct|okt|ott|out|paź|říj|окт|eki|lok|οκτ",
            "nov|lis|list|ноя|kas|mar ras|marraskuu|νοε",
            "dec|dez|déc|dic|gru|pro|дек|ara|jou|δεκ",
        ),
        start=1,
    )
}

AWAY = re.compile(
    r"\s*(?:(?:re|aw|sv|vs|odp|antw)\s*:\s*)?(?:\[[^\]]{0,40}\]\s*)?(?:"
    r"out of (?:the )?office|auto(?:matic)?[- ]?(?:reply|response)|away from (?:the )?(?:office|my mail)|i am (?:away|out of)|on vacation|vacation reply|"
    r"abwesenheit|abwesend|automatische antwort|ich bin (?:derzeit )?(?:nicht|außer)|außer haus|"
    r"réponse automatique|absence du bureau|absent du bureau|message d'absence|"
    r"respuesta automática|fuera de (?:la )?oficina|ausente|risposta automatica|fuori (?:sede|ufficio)|assente|"
    r"automatisch antwoord|afwezig|niet aanwezig|resposta automática|fora do escritório|ausência|"
    r"autoodpowiedź|odpowiedź automatyczna|automatyczna odpowiedź|poza biurem|nieobecność|"
    r"autosvar|automatiskt svar|automatisk svar|frånvaro|fraværende|fravær|ikke til stede|automaattinen vastaus|poissa|"
    r"automatická odpověď|mimo kancelář|automatikus válasz|házon kívül|răspuns automat|otomatik yanıt|ofis dışında|"
    r"автоматический ответ|автоответ|нет на месте|自动答复|自动回复|自動回覆|自動回復|外出|不在|自動応答|自動返信|자동 회신|부재중)",
    re.IGNORECASE,
)

# words of a text/plain that only says that the real text is the HTML
STUB = re.compile(
    r"(?:html[- ]?(?:e-?)?(?:mail|message|format|version|compatible|capable)|view(?:ing)? (?:this|the) (?:e-?mail|message|mail)|in (?:your|a|the) (?:web )?browser|"
    r"does not support html|unterstützt kein html|im browser (?:an)?(?:sehen|zeigen)|html-(?:ansicht|darstellung)|navigateur|navegador)",
    re.IGNORECASE,
)
UNSUBSCRIBE = re.compile(
    r"unsubscribe|opt[- ]?out|abmelden|abbestellen|désabonner|désinscri|darse de baja|cancelar (?:la )?suscripción|disiscriv|cancella l'iscrizione|"
    r"uitschrijven|afmelden|cancelar (?:a )?(?:inscrição|subscrição)|wypisz|zrezygnuj|退订|取消订阅|配信停止|수신거부",
    re.IGNORECASE,
)
CAMPAIGN = re.compile(
    r"view (?:this|it|the) ?(?:e-?mail|message|newsletter)? ?(?:online|in (?:your|a) browser)|newsletter|in this issue|this week'?s|webinar|"
    r"you (?:are receiving|received) this (?:e-?mail|message) because you (?:signed|subscribed|opted|registered)|update your preferences|"
    r"manage (?:your )?(?:e-?mail )?preferences|save \d{1,2} ?%|\d{1,2} ?% off|rabatt|im browser ansehen|infolettre|boletín",
    re.IGNORECASE,
)
