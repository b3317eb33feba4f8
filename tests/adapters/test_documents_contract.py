"""What every adapter of `Documents` does alike, in memory and on S3; and how the one on S3 spares transfers."""

from collections.abc import Callable
from itertools import count

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.stub import Stubber

from bolt_app.adapters.memory.documents import MemoryDocuments
from bolt_app.adapters.s3_documents import S3Documents
from tests.adapters.conftest import REGION
from workflows.kernel.errors import CannotLook
from workflows.kernel.ports import Documents

Put = Callable[[str], None]
Place = tuple[Documents, Put, Callable[[], None]]
_buckets = count()


@pytest.fixture(params=["memory", "s3"])
def place(request: pytest.FixtureRequest) -> Place:
    """The documents, how to put a new `jobs.csv`, and how to remove it."""
    if request.param == "memory":
        memory = MemoryDocuments()
        return memory, lambda text: memory.put("jobs.csv", text), lambda: memory.remove("jobs.csv")
    aws: boto3.Session = request.getfixturevalue("aws")
    client, bucket = aws.client("s3"), f"registry-{next(_buckets)}"
    client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})

    def put(text: str) -> None:
        client.put_object(Bucket=bucket, Key="jobs.csv", Body=text.encode())

    def remove() -> None:
        client.delete_object(Bucket=bucket, Key="jobs.csv")

    return S3Documents(client, {"jobs.csv": bucket}), put, remove


def test_a_document_that_is_not_there_yet_is_none(place: Place) -> None:
    documents, *_ = place
    assert documents.read("jobs.csv") is None


def test_a_document_has_a_text_and_a_version_that_changes_with_it(place: Place) -> None:
    documents, put, _ = place
    put("name\nOrders – täglich\n")
    first = documents.read("jobs.csv")
    put("name\nOrders – stündlich\n")
    second = documents.read("jobs.csv")
    assert first is not None
    assert second is not None
    assert (first.text, second.text) == ("name\nOrders – täglich\n", "name\nOrders – stündlich\n")
    assert first.version != second.version


def test_an_unchanged_document_is_the_very_same_one(place: Place) -> None:
    documents, put, _ = place
    put("name\n")
    assert documents.read("jobs.csv") is documents.read("jobs.csv")


def test_a_document_that_was_removed_is_none_again_and_may_come_back(place: Place) -> None:
    documents, put, remove = place
    put("name\n")
    documents.read("jobs.csv")
    remove()
    assert documents.read("jobs.csv") is None
    put("name\n")
    back = documents.read("jobs.csv")
    assert back is not None
    assert back.text == "name\n"


def test_an_unchanged_document_is_not_transferred_again(aws: boto3.Session) -> None:
    client, bodies = aws.client("s3"), []
    client.create_bucket(Bucket="spared", CreateBucketConfiguration={"LocationConstraint": REGION})
    client.put_object(Bucket="spared", Key="jobs.csv", Body=b"name\n")
    client.meta.events.register(
        "before-call.s3.GetObject", lambda params, **_: bodies.append(params["headers"].get("If-None-Match"))
    )
    documents = S3Documents(client, {"jobs.csv": "spared"})
    first = documents.read("jobs.csv")
    documents.read("jobs.csv")
    assert first is not None
    assert bodies == [None, first.version]


def test_a_mark_of_byte_order_is_no_text_and_bytes_that_are_no_text_can_be_seen(aws: boto3.Session) -> None:
    client = aws.client("s3")
    client.create_bucket(Bucket="odd", CreateBucketConfiguration={"LocationConstraint": REGION})
    client.put_object(Bucket="odd", Key="rules.txt", Body=b"\xef\xbb\xbf[defaults]\nname: caf\xe9\n")
    document = S3Documents(client, {"rules.txt": "odd"}).read("rules.txt")
    assert document is not None
    assert document.text == "[defaults]\nname: caf\ufffd\n"


@pytest.mark.parametrize(("code", "status"), [("AccessDenied", 403), ("NoSuchBucket", 404), ("SlowDown", 503)])
def test_a_place_that_cannot_be_read_is_never_taken_for_an_empty_one(code: str, status: int) -> None:
    client = boto3.client("s3", region_name=REGION)
    with Stubber(client) as stub:
        stub.add_client_error("get_object", code, http_status_code=status)
        with pytest.raises(CannotLook) as raised:
            S3Documents(client, {"jobs.csv": "b"}).read("jobs.csv")
    assert raised.value.reason == code


def test_a_silent_s3_is_cannot_look(monkeypatch: pytest.MonkeyPatch) -> None:
    client = boto3.client("s3", region_name=REGION)

    def silent(**_: str) -> None:
        raise ReadTimeoutError(endpoint_url="https://s3")

    monkeypatch.setattr(client, "get_object", silent)
    with pytest.raises(CannotLook, match="ReadTimeoutError"):
        S3Documents(client, {"jobs.csv": "b"}).read("jobs.csv")


def test_a_document_for_which_no_bucket_is_set_is_a_mistake_that_says_so() -> None:
    client = boto3.client("s3", region_name=REGION)
    with pytest.raises(ValueError, match=r"no bucket is set for the document 'voice.txt'; there is one for \['jobs.csv'\]"):
        S3Documents(client, {"jobs.csv": "b"}).read("voice.txt")
