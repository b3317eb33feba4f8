"""The watched buckets: each place of the job list can be listed by the checker's own role."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from infra.doctor.finding import Finding, few, ok, unsure, wrong

PLACES_MAX = 1000


def places_of(watched: Sequence[str], listed: Sequence[tuple[str, str]]) -> list[str]:
    """What is tried: each bucket and prefix of the list, and each watched bucket that no row is in.

    `listed`: (bucket, prefix) of the rows. A bucket whose policy opens a prefix alone is not tried as a whole.
    """
    of_rows = dict.fromkeys(f"{bucket}/{prefix}" if prefix else bucket for bucket, prefix in listed)
    with_rows = {bucket for bucket, _ in listed}
    return [*of_rows, *(name for name in dict.fromkeys(watched) if name not in with_rows)]


def judge_places(watched: Collection[str], reasons: Mapping[str, str], empty: Collection[str], *, role: str) -> Iterator[Finding]:
    """`reasons`: place -> why the role cannot list it, "" where it can. `empty`: places that can be listed and hold nothing."""
    if not reasons:
        yield unsure(
            "no bucket is watched, and the job list names none",
            "set WatchedBuckets in samconfig.toml, then make deploy; heartbeats and mail need none",
        )
        return
    by_bucket: dict[str, list[str]] = {}
    for place in reasons:
        by_bucket.setdefault(place.partition("/")[0], []).append(place)
    for bucket, places in by_bucket.items():
        refused = [place for place in places if reasons[place]]
        if refused:
            yield _refused(bucket, refused, reasons[refused[0]], watched=bucket in watched, role=role)
            continue
        bare = [place for place in places if place in empty]
        if bare:
            yield unsure(
                f"listed but empty: {few([f's3://{place}' for place in bare])}",
                "right where the first backup is still to come; else compare the prefix in the list with what is there: "
                f"aws s3 ls s3://{bucket}/",
            )
        if len(bare) < len(places):
            what = "1 place" if len(places) == 1 else f"{len(places)} places"
            yield ok(f"{role} lists {bucket} ({what})")


def _refused(bucket: str, places: list[str], reason: str, *, watched: bool, role: str) -> Finding:
    where = few([f"s3://{place}" for place in places])
    if reason == "NoSuchBucket":
        return wrong(
            f"there is no bucket {bucket} ({where})",
            "correct the name in the job list, and in WatchedBuckets of samconfig.toml; then make deploy",
        )
    if not watched:
        return wrong(
            f"the job list names {where}, but {bucket} is not among the watched buckets ({reason})",
            f"add {bucket} to WatchedBuckets in samconfig.toml, then make deploy, and in another account make stack ENV=watched; "
            "or, for some prefixes of a bucket of this account, make stack ENV=watched-here alone",
        )
    if "Denied" in reason or reason == "403":
        return wrong(
            f"{role} may not list {where}: {reason}",
            f"in the account that owns {bucket}: make stack ENV=watched; but where aws s3api get-bucket-policy --bucket {bucket} "
            "shows a policy, add the statement of infra/watched.yaml to it; KeyPrefixes there must cover the prefix",
        )
    return wrong(f"{role} cannot list {where}: {reason}", f"try it yourself: aws s3 ls s3://{places[0]}; then run this again")


def judge_own(own: Sequence[str]) -> Iterator[Finding]:
    """`own`: watched buckets of the sentinel's own account."""
    if own:
        yield unsure(
            f"{few(list(own))} in the sentinel's own account: whoever does harm there reaches backups and watcher alike",
            "keep backups in an account of their own, and open it to the sentinel by infra/watched.yaml",
        )
