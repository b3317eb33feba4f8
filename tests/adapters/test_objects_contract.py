"""What every adapter of the port `Objects` does alike: in memory, and on S3 as moto plays it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Protocol

import boto3
import botocore.session
import pytest
from botocore.config import Config
from moto import mock_aws

from bolt_app.adapters.aws import quick_timestamps
from bolt_app.adapters.memory.objects import MemoryObjects
from bolt_app.adapters.s3_objects import S3Objects
from workflows.kernel.errors import CannotLook
from workflows.kernel.ports import Object, Objects

BUCKET = "acme-backups"
ODD_KEYS = ["odd/a b.sql", "odd/a%20b.sql", "odd/a+b.sql", "odd/line\nbreak", "odd/naïve-é-日本.tar", "odd/x&y<z>.gz"]


class Put(Protocol):
    def __call__(self, key: str, content: bytes) -> None: ...


def _in_memory() -> tuple[Objects, Put]:
    objects = MemoryObjects(BUCKET)

    def put(key: str, content: bytes) -> None:
        objects.put(BUCKET, key, len(content), datetime.now(UTC))

    return objects, put


def _on_s3() -> tuple[Objects, Put]:
    core = botocore.session.get_session()
    quick_timestamps(core)
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "eu-west-1"}
    client = boto3.Session(botocore_session=core, **keys).client("s3")
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

    def put(key: str, content: bytes) -> None:
        client.put_object(Bucket=BUCKET, Key=key, Body=content)

    return S3Objects(client), put


@pytest.fixture(params=["memory", "s3"])
def place(request: pytest.FixtureRequest) -> Iterator[tuple[Objects, Put]]:
    if request.param == "memory":
        yield _in_memory()
    else:
        with mock_aws():
            yield _on_s3()


def _keys(objects: tuple[Object, ...]) -> list[str]:
    return [stored.key for stored in objects]


def test_a_page_holds_keys_sizes_and_times_in_utc_in_key_order(place: tuple[Objects, Put]) -> None:
    objects, put = place
    before = datetime.now(UTC).replace(microsecond=0)
    put("orders/b", b"123")
    put("orders/a", b"")
    put("other/c", b"1")
    page = objects.page(BUCKET, "orders/")
    assert [(stored.key, stored.size) for stored in page.objects] == [("orders/a", 0), ("orders/b", 3)]
    assert page.token == ""
    for stored in page.objects:
        assert stored.modified.utcoffset() == timedelta(0)
        assert before <= stored.modified <= datetime.now(UTC)


def test_pages_follow_each_other_without_gap_or_repetition(place: tuple[Objects, Put]) -> None:
    objects, put = place
    for number in range(7):
        put(f"p/{number}", b"x")
    seen: list[str] = []
    token = ""
    sizes = []
    while True:
        page = objects.page(BUCKET, "p/", token=token, max_keys=3)
        seen += _keys(page.objects)
        sizes.append(len(page.objects))
        token = page.token
        if not token:
            break
    assert seen == [f"p/{number}" for number in range(7)]
    assert sizes == [3, 3, 1]


def test_a_listing_starts_after_the_bookmark_and_pages_on_from_there(place: tuple[Objects, Put]) -> None:
    objects, put = place
    for number in range(5):
        put(f"p/{number}", b"x")
    first = objects.page(BUCKET, "p/", start_after="p/1", max_keys=2)
    assert _keys(first.objects) == ["p/2", "p/3"]
    assert _keys(objects.page(BUCKET, "p/", start_after="p/1", token=first.token).objects) == ["p/4"]
    assert objects.page(BUCKET, "p/", start_after="p/4").objects == ()
    assert _keys(objects.page(BUCKET, "p/", start_after="a").objects)[0] == "p/0"


def test_a_delimiter_gathers_what_lies_below_into_folders(place: tuple[Objects, Put]) -> None:
    objects, put = place
    for key in ["r/config", "r/data/1", "r/data/2", "r/index.3", "r/snapshots/x"]:
        put(key, b"x")
    page = objects.page(BUCKET, "r/", delimiter="/")
    assert _keys(page.objects) == ["r/config", "r/index.3"]
    assert page.prefixes == ("r/data/", "r/snapshots/")


def test_folders_page_on_like_keys(place: tuple[Objects, Put]) -> None:
    objects, put = place
    for folder in "abc":
        for number in range(3):
            put(f"r/{folder}/{number}", b"x")
    first = objects.page(BUCKET, "r/", delimiter="/", max_keys=2)
    assert first.prefixes == ("r/a/", "r/b/")
    assert objects.page(BUCKET, "r/", delimiter="/", token=first.token).prefixes == ("r/c/",)


def test_odd_keys_come_back_as_they_were_written(place: tuple[Objects, Put]) -> None:
    objects, put = place
    for key in ODD_KEYS:
        put(key, b"x")
    assert set(_keys(objects.page(BUCKET, "odd/").objects)) == set(ODD_KEYS)
    for key in ODD_KEYS:
        assert _keys(objects.page(BUCKET, key).objects) == [key]
        assert key not in _keys(objects.page(BUCKET, "odd/", start_after=key).objects)


def test_an_empty_prefix_is_no_error_and_a_missing_bucket_is(place: tuple[Objects, Put]) -> None:
    objects, _ = place
    assert objects.page(BUCKET, "nothing/") == ((), (), "")
    with pytest.raises(CannotLook) as raised:
        objects.page("no-such-bucket", "")
    assert raised.value.reason == "NoSuchBucket"


def test_memory_can_be_told_that_a_bucket_cannot_be_looked_at() -> None:
    objects = MemoryObjects(BUCKET)
    objects.errors[BUCKET] = "AccessDenied"
    with pytest.raises(CannotLook, match="AccessDenied"):
        objects.page(BUCKET, "")
    del objects.errors[BUCKET]
    assert objects.page(BUCKET, "").objects == ()
    assert objects.calls == 2


def test_an_address_that_does_not_answer_cannot_be_looked_at() -> None:
    client = boto3.client(
        "s3",
        endpoint_url="http://127.0.0.1:9",  # nothing listens there
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - no real key
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=1, read_timeout=1),
    )
    with pytest.raises(CannotLook) as raised:
        S3Objects(client).page(BUCKET, "")
    assert raised.value.reason == "EndpointConnectionError"


def test_the_quick_date_reader_reads_what_the_general_one_reads() -> None:
    core = botocore.session.get_session()
    quick_timestamps(core)
    parse = core.get_component("response_parser_factory").create_parser("rest-xml")._timestamp_parser  # noqa: SLF001 - is it set?
    at = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
    for text in ["2026-01-05T02:00:00.000Z", "2026-01-05T02:00:00+00:00", "Mon, 05 Jan 2026 02:00:00 GMT"]:
        assert parse(text) == at
    assert parse(int(at.timestamp())) == at
