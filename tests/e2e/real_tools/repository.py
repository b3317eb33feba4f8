"""A repository in the bucket, with the bench it was made on and somebody who watches it."""

from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bolt_app.adapters.s3_objects import S3Objects
from tests.e2e.real_tools.days import Dated, Days
from tests.e2e.real_tools.local_s3 import BUCKET, LocalS3
from tests.e2e.real_tools.watched import Watched
from tests.e2e.real_tools.workbench import Workbench

_numbers = count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    s3: LocalS3
    bench: Workbench
    prefix: str
    days: Days
    watched: Watched

    def keys(self, under: str = "") -> list[str]:
        return [key.removeprefix(self.prefix) for key in self.s3.keys(self.prefix + under)]


def opened(s3: LocalS3, template: Workbench, folder: Path, layout: str) -> Repository:
    """A test's own copy of the repository at `layout`/, seen green with the one backup it holds."""
    prefix = f"{layout}-{next(_numbers)}/"
    days = Days()
    days.next()
    s3.copy(f"{layout}/", prefix)
    watched = Watched(Dated(S3Objects(s3.client), days), days, layout, f"s3://{BUCKET}/{prefix}")
    first = watched.check()
    assert (first.state, first.outcomes) == ("all_green", ["ok"])
    return Repository(s3=s3, bench=template.fork(folder / "bench"), prefix=prefix, days=days, watched=watched)
