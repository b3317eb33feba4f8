"""The AWS session of a command about one stack: as its options and the environment say, else as samconfig.toml does."""

import os
from collections.abc import Mapping
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError

from infra.deploy.samconfig import ROOT, Chosen, Unusable, environments

SIGNED_IN = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID")


class NoRegion(BotoCoreError):
    """Nothing says where the stack is. Named and caught as botocore's own errors are."""

    fmt = "no region is set: export AWS_REGION, or name it in samconfig.toml as make deploy wants it"


def session_for(
    stack: str, region: str | None = None, *, environ: Mapping[str, str] = os.environ, root: Path = ROOT
) -> boto3.Session:
    """boto3 alone would not look at AWS_REGION, which the AWS CLI 2 goes by. Raises BotoCoreError."""
    chosen = _chosen(stack, root)
    profile = chosen.profile if chosen and not any(environ.get(name) for name in SIGNED_IN) else ""
    said = region or environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or (chosen.region if chosen else None)
    session = boto3.Session(profile_name=profile or None, region_name=said)
    if not session.region_name:
        raise NoRegion
    return session


def _chosen(stack: str, root: Path) -> Chosen | None:
    """What is wrong with samconfig.toml is for make deploy to say."""
    try:
        return next((one for one in environments(root).values() if one.stack == stack), None)
    except (Unusable, OSError):
        return None
