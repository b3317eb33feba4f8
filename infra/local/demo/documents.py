"""The sample world's share of the three documents: its own rows of the job list, and samples of the other two."""

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from infra.local.demo.samples import RULES, VOICE
from infra.local.demo.script import Sample
from infra.local.furniture import EMPTY_LIST, FIRST_RULES
from infra.local.google.furnish import FIRST_VOICE
from workflows.kernel.table import key_of


def put_documents(folder: Path, *, samples: Sequence[Sample], gone: Sequence[Sample]) -> None:
    """Writes the rows of the samples into the sheet, takes out those of `gone`; fills rules and voice that nobody has edited."""
    _put_unless_edited(folder / "rules.txt", RULES, first=FIRST_RULES)
    _put_unless_edited(folder / "voice.txt", VOICE.format(zone=zone_here()), first=FIRST_VOICE)
    sheet = folder / "jobs.csv"
    there = _read(sheet)
    wanted = with_rows(there or EMPTY_LIST, [sample.row for sample in samples], without=[sample.id for sample in gone])
    if wanted != there:
        _write(sheet, wanted)


def with_rows(text: str, rows: Sequence[dict[str, str]], *, without: Sequence[str] = ()) -> str:
    """The list with these rows, each in the place of the one with its job_id, else at the end. Other rows stay as they are."""
    table = list(csv.reader(io.StringIO(text)))
    header = [*table[0]] if table else []
    known = [key_of(title) for title in header]
    for column in dict.fromkeys(name for row in rows for name in row):
        if key_of(column) not in known:
            header.append(column)
            known.append(key_of(column))
    id_at = known.index(key_of("job_id"))

    ours = {row["job_id"]: _cells(row, known) for row in rows}
    lines = [header]
    for cells in table[1:]:
        job_id = cells[id_at].strip() if id_at < len(cells) else ""
        if job_id not in without:
            lines.append(ours.pop(job_id, cells))
    lines += ours.values()
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(lines)
    return written.getvalue()


def _cells(row: dict[str, str], known: Sequence[str]) -> list[str]:
    values = {key_of(column): value for column, value in row.items()}
    return [values.get(column, "") for column in known]


def zone_here() -> str:
    """This machine's IANA zone, so that times in messages agree with the clock on the wall; UTC when it cannot be told."""
    link = os.path.realpath("/etc/localtime")
    for name in (os.environ.get("TZ", "").removeprefix(":"), link.partition("zoneinfo/")[2], "UTC"):
        try:
            if name and not Path(name).is_absolute():
                return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return "UTC"


def _put_unless_edited(file: Path, text: str, *, first: str) -> None:
    if _read(file) in {"", first}:
        _write(file, text)


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8-sig") if file.exists() else ""


def _write(file: Path, text: str) -> None:
    """In one step: whoever reads it sees all of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)
