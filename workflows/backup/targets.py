"""Where a backup lands and how its keys are laid out, as a row says it."""

import re
from functools import lru_cache

from workflows.backup.job import Target
from workflows.kernel.quantities import UnreadableError

TARGET_RIGHT = "s3://bucket/prefix, heartbeat or report, or several separated by a space"
BUCKET_RIGHT = "a bucket name of 3 to 63 lower-case letters, digits, dots and hyphens, as in s3://acme-backups/orders/"
NEED_A_CLAIM = frozenset({"kopia", "sync"})
LAYOUTS = ("files", "restic", "borg", "duplicity", "pgbackrest", "wal-g", "marker:NAME", "kopia", "sync")
LAYOUT_RIGHT = f"one of {', '.join(LAYOUTS)}; blank means files"
_BUCKET = re.compile(
    r"(?!\d+\.\d+\.\d+\.\d+$)(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9](?!.*\.\.)[a-z0-9.-]{1,61}[a-z0-9](?<!-s3alias)(?<!--ol-s3)"
)
_PREFIX_BYTES_MAX = 1024
_TARGETS_MAX = 10


@lru_cache(maxsize=16_384)
def read_targets(text: str) -> tuple[Target, ...]:
    """The targets of one cell, in the order typed, separated by spaces, commas, semicolons or line ends.

    An `s3://bucket/prefix` keeps its prefix as typed, without slashes in front: it need not end with one.

    Raises:
        UnreadableError: for a part that is none, a target named twice, or no target at all.
    """
    targets: list[Target] = []
    for part in re.split(r"[\s,;]+", text.strip(" \t\r\n,;")):
        target = _target(part, after=targets[-1] if targets else None)
        if target in targets:
            raise UnreadableError(part, "each target once")
        targets.append(target)
    if len(targets) > _TARGETS_MAX:
        raise UnreadableError(text, f"at most {_TARGETS_MAX} targets")
    return tuple(targets)


def _target(part: str, *, after: Target | None) -> Target:
    match part.lower():
        case "heartbeat":
            return Target("heartbeat")
        case "report":
            return Target("report")
    if part[:5].lower() != "s3://":
        # most likely a key with a space in it, which the rest of a name prefix does without
        hint = (
            f"; a prefix ends at its first space: {after.text} covers every key that begins so" if after and after.bucket else ""
        )
        raise UnreadableError(part, TARGET_RIGHT + hint)
    bucket, _, prefix = part[5:].partition("/")
    if not _BUCKET.fullmatch(bucket):
        raise UnreadableError(part, BUCKET_RIGHT)
    prefix = prefix.lstrip("/")
    if len(prefix.encode(errors="replace")) > _PREFIX_BYTES_MAX:
        raise UnreadableError(part, f"a prefix of at most {_PREFIX_BYTES_MAX} bytes")
    if not prefix.isprintable():
        raise UnreadableError(part, "a prefix without control characters")
    return Target("s3", bucket, prefix)


@lru_cache(maxsize=1024)
def read_layout(text: str) -> str:
    """The layout's name as the program knows it; of `marker:NAME` the name as typed.

    Raises:
        UnreadableError: for an unknown layout, and for `velero`, which cannot be read yet.
    """
    kind, colon, name = (part.strip() for part in text.strip().partition(":"))
    kind = kind.lower()
    if kind == "marker" and name and name.isprintable() and len(name) <= 200 and not re.search(r"\s", name):
        return f"marker:{name}"
    if kind == "marker":
        raise UnreadableError(text, "marker:NAME, with the name of the file that ends a run, as in marker:_SUCCESS")
    if kind == "velero":
        raise UnreadableError(text, "velero cannot be read yet; until then a heartbeat tells of it, with the layout left blank")
    kind = {"walg": "wal-g", "wal_g": "wal-g", "file": "files"}.get(kind, kind)
    if colon or kind not in LAYOUTS:
        raise UnreadableError(text, LAYOUT_RIGHT)
    return kind
