"""Puts a file into a bucket of the sentinel that runs on this machine: python -m infra.local.put FILE s3://bucket/key.

A FILE of "-" is standard input. The addresses come from up.json in RUN_DIR (default: .run, else .run/demo, whichever runs).
"""

import json
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import boto3

from infra.local.stack import ROOT


def main(arguments: list[str]) -> int:
    """Exit status 0 when it was stored, 2 when the arguments are wrong or nothing runs here."""
    place = urlsplit(arguments[1]) if len(arguments) == 2 else urlsplit("")
    if place.scheme != "s3" or not place.netloc or not place.path.strip("/"):
        print("usage: python -m infra.local.put FILE s3://bucket/key", file=sys.stderr)
        return 2
    folders = [os.environ["RUN_DIR"]] if os.environ.get("RUN_DIR") else [ROOT / ".run", ROOT / ".run" / "demo"]
    told = next((file for folder in folders if (file := Path(folder) / "up.json").exists()), None)
    if told is None:
        print(f"no up.json in {folders[0]}: start the sentinel first, with make up", file=sys.stderr)
        return 2
    up = json.loads(told.read_text(encoding="utf-8"))
    body = sys.stdin.buffer.read() if arguments[0] == "-" else Path(arguments[0]).read_bytes()
    s3 = boto3.Session("test", "test", region_name=up["region"]).client("s3", endpoint_url=up["aws"])
    s3.put_object(Bucket=place.netloc, Key=place.path.lstrip("/"), Body=body)
    print(f"stored {len(body)} bytes at {arguments[1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
