from datetime import date, timedelta

import pytest

from tests.unit.reports.letters import letter, only
from workflows.backup.reports.amanda import read


def night(
    *,
    news: str = "These dumps were to tape Shelf-04.",
    run: str = "2:05",
    original: str = "2048.5",
    output: str = "1024.0",
    rows: str = "",
) -> str:
    return f"""
        Hostname: boss3
        Org     : Offices
        Config  : Set3
        Date    : May 7, 2026

        {news}
        The next tape Amanda expects to use is: Shelf-05.

        STATISTICS:
                                  Total       Full      Incr.   Level:#
        Run Time (hrs:min)         {run}
        Output Size (meg)       {output}     {output}        0.0
        Original Size (meg)     {original}   {original}        0.0

        DUMP SUMMARY:
        HOSTNAME     DISK        L ORIG-KB  OUT-KB  COMP%  MMM:SS   KB/s MMM:SS   KB/s
        web3         /srv        0     100     100    --     0:00 2491.0   0:01 2000.0
        {rows}
        (brought to you by Amanda version 3.5.1)
        """


def test_a_night_with_everything() -> None:
    report = only(read(letter(night(), "Offices AMANDA MAIL REPORT FOR May 7, 2026")))
    assert (report.tool, report.status, report.job, report.host) == ("amanda", "success", "Offices", "boss3")
    assert (report.day, report.duration, report.target) == (date(2026, 5, 7), timedelta(hours=2, minutes=5), "Shelf-04")
    assert report.size == round(2048.5 * 1024**2)


@pytest.mark.parametrize(
    ("text", "subject", "status"),
    [
        (night(rows="web4         /srv        0  FAILED"), "", "failure"),
        (night(rows="web4         /srv        0     100   --  PARTIAL   0:04 154.0 PARTIAL"), "", "failure"),
        (night(rows="web4         /srv        MISSING --------"), "", "failure"),
        (night(news="*** A TAPE ERROR OCCURRED: [no tape online]."), "", "failure"),
        (
            night(news="These dumps were to tape Shelf-04.\nFAILURE DUMP SUMMARY:\n  web4 /srv lev 0 FAILED [no route]"),
            "",
            "failure",
        ),
        (
            night(news="These dumps were to tape Shelf-04.\nSTRANGE DUMP SUMMARY:\n  web4 /srv lev 0  STRANGE (see below)"),
            "",
            "warning",
        ),
        (night(news="There are 1G of dumps left in the holding disk."), "", "warning"),
        (night(news="No dumps are left in the holding disk.\nThese dumps were to tape Shelf-04."), "", "success"),
        (night(), "Offices FAIL: AMANDA MAIL REPORT FOR May 7, 2026", "failure"),
    ],
)
def test_the_worst_entry_decides(text: str, subject: str, status: str) -> None:
    assert only(read(letter(text, subject))).status == status


def test_no_time_and_no_size_are_not_zero() -> None:
    report = only(read(letter(night(run="0:00", original="0.0", output="12.0"))))
    assert (report.duration, report.size) == (None, None)


def test_nothing_dumped_is_zero_bytes() -> None:
    assert only(read(letter(night(original="0.0", output="0.0")))).size == 0


def test_a_flush_is_upkeep() -> None:
    assert only(
        read(letter(night(news="The dumps were flushed to tape Shelf-04."), "Offices AMFLUSH MAIL REPORT FOR May 7, 2026"))
    ).maintenance
