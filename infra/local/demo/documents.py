"""The sample world's share of the three documents: its own rows of the job list, and samples of the other two."""

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from botocore.exceptions import ClientError

from infra.local.demo.samples import RULES, VOICE
from infra.local.demo.script import Sample
from infra.local.furniture import EMPTY_LIST
from workflows.kernel.table import key_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def put_documents(s3: "S3Client", *, registry: str, rules: str, samples: Sequence[Sample], gone: Sequence[Sample]) -> None:
    """Writes the rows of the samples, takes out those of `gone`, and puts rules and voice where there are none."""
    _put_if_missing(s3, rules, "rules.txt", RULES)
    _put_if_missing(s3, rules, "voice.txt", VOICE.format(zone=zone_here()))
    there = _read(s3, registry, "jobs.csv") or ""
    wanted = with_rows(there or EMPTY_LIST, [sample.row for sample in samples], without=[sample.id for sample in gone])
    if wanted != there:
        s3.put_object(Bucket=registry, Key="jobs.csv", Body=wanted.encode(), ContentType="text/csv")


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


def _put_if_missing(s3: "S3Client", bucket: str, key: str, text: str) -> None:
    if _read(s3, bucket, key) is None:
        s3.put_object(Bucket=bucket, Key=key, Body=text.encode(), ContentType="text/plain; charset=utf-8")


def _read(s3: "S3Client", bucket: str, key: str) -> str | None:
    try:
        return s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode("utf-8-sig")
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"NoSuchKey", "404"}:
            raise
        return None
