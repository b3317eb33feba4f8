"""Names of months and days, and of zones, in the languages that reports come in. Lower case."""

from datetime import timedelta, timezone, tzinfo

_MONTHS = """
january jan januar jänner jän janvier janv enero ene gennaio gen janeiro januari stycznia styczeń styczen sty ledna
    leden января янв ocak,
february feb febr februar février fevrier févr fév fevereiro fev febrero febbraio februari lutego luty lut února únor
    февраля фев şubat,
march mar märz mär maerz mrz mars marzo março marco maart mrt marca marzec marz března březen марта мар mart,
april apr avril avr abril abr aprile kwietnia kwiecień kwi dubna duben апреля апр nisan,
may mai mayo maggio mag maio mei maj maja května květen мая май mayıs,
june jun juni juin junio giugno giu junho czerwca czerwiec cze června červen июня июн haziran,
july jul juli juillet juil julio luglio lug julho lipca lipiec lip července červenec июля июл temmuz,
august aug août aout agosto ago augustus augusti sierpnia sierpień sie srpna srpen августа авг ağustos,
september sep sept septembre septiembre setiembre settembre set setembro września wrzesień wrz září сентября сен eylül,
october oct oktober okt octobre octubre ottobre ott outubro out października październik paź října říjen октября окт
    ekim,
november nov novembre noviembre novembro listopada listopad lis listopadu ноября ноя kasım,
december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro desember grudnia grudzień gru prosince
    prosinec декабря дек aralık
"""
MONTH_OF = {name: number for number, names in enumerate(_MONTHS.split(","), start=1) for name in names.split()}

ZONE_HOURS = (
    dict.fromkeys(("utc", "gmt", "z", "wet"), 0.0)
    | dict.fromkeys(("cet", "mez", "bst", "west"), 1.0)
    | dict.fromkeys(("cest", "mesz", "eet", "sast"), 2.0)
    | dict.fromkeys(("eest", "msk"), 3.0)
    | {"sgt": 8.0, "hkt": 8.0, "awst": 8.0, "jst": 9.0, "kst": 9.0, "aest": 10.0, "aedt": 11.0, "nzst": 12.0, "nzdt": 13.0}
    | {"est": -5.0, "edt": -4.0, "cdt": -5.0, "mst": -7.0, "mdt": -6.0, "pst": -8.0, "pdt": -7.0, "brt": -3.0}
)
"""Hours east of Greenwich. Names that several countries use for different hours (CST, IST) are left out: no guess."""


def zone(hours: float) -> tzinfo:
    return timezone(timedelta(hours=hours))
