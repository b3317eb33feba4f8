"""Which watched buckets lie in the sentinel's own account: no other account stands between these and who harms this one."""

from collections.abc import Sequence

import boto3

WARNING = (
    "The bucket {name} lies in the sentinel's own account: whoever does harm in this account reaches backups and watcher alike. "
    "Keep backups in an account of their own, and open it to the sentinel by infra/watched.yaml."
)


def own_account_buckets(session: boto3.Session, names: Sequence[str]) -> list[str]:
    """Those of these buckets that the session's account owns, in the order given.

    Raises ClientError where its buckets may not be listed (s3:ListAllMyBuckets), and BotoCoreError where AWS is not reached.
    """
    wanted = [name for name in names if name]
    if not wanted:
        return []
    pages = session.client("s3").get_paginator("list_buckets").paginate()
    owned = {bucket["Name"] for page in pages for bucket in page["Buckets"]}
    return [name for name in wanted if name in owned]


def warnings(session: boto3.Session, names: Sequence[str]) -> list[str]:
    """One line for each watched bucket of the own account. Raises as `own_account_buckets`."""
    return [WARNING.format(name=name) for name in own_account_buckets(session, names)]
