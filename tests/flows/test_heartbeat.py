"""The signed form, from the request to the record."""

import json
import string
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bolt_app.adapters.memory.bus import MemoryBus
from bolt_app.adapters.memory.check_ins import MemoryCheckIns
from tests.flows.desk import JOB, KEYS, MASTER, NOW, Desk, RememberedKeys, payload, signed
from workflows.backup.heartbeat import Keys, derive_key, read_keys, sign
from workflows.backup.ports import CheckIn
from workflows.kernel.errors import Refused, Unanswered
from workflows.kernel.ports import Event, Json

# --- what counts ---------------------------------------------------------------------------------


def test_a_signed_check_in_is_recorded_and_its_job_checked_at_once() -> None:
    desk = Desk()

    assert desk.answer(signed('{"status": "ok", "size": "1.2 GB", "rid": "r-1", "note": "42 tables"}')) == (
        200,
        {"recorded": True, "status": "ok", "size": 1_200_000_000},
    )

    (check_in,) = desk.recorded()
    assert check_in == CheckIn(
        job_id=JOB,
        sk="2026-03-05T00:00:00.000000Z#" + check_in.sk.rpartition("#")[2],
        at=NOW,
        source="heartbeat",
        outcome="ok",
        size=1_200_000_000,
        rid="r-1",
        source_ip="203.0.113.7",
        note="42 tables",
    )
    nudge = Event(kind="bk.check", detail={"v": 1, "job_ids": [JOB], "why": "heartbeat", "by": "heartbeat"})
    assert desk.bus.published == [nudge]


def test_a_signature_made_in_a_shell_fits() -> None:
    """KEY is `printf 1:orders-db | openssl dgst -sha256 -hmac MASTER`, the signature the same of timestamp.job_id.body."""
    key = "68bf1f6cb9e5bed09018d7ba5fe512410412e3366ad5d037e3ed4966d1bb2981"
    signature = "582f92b4045bcea572d4f9a9337cddb778d0a28ce942ae7d34a4071c99f43578"
    assert derive_key(MASTER, 1, JOB) == key
    assert sign(key, 1772668800, JOB, '{"status": "ok", "size": "1.2 GB"}') == f"v1={signature}"


def test_an_empty_body_says_that_it_went_well() -> None:
    desk = Desk()

    assert desk.answer(signed(b""))[0] == 200
    assert [(check_in.outcome, check_in.size) for check_in in desk.recorded()] == [("ok", None)]


@pytest.mark.parametrize("encoded", [True, False])
def test_a_form_is_as_good_as_json(encoded: bool) -> None:
    desk = Desk()

    assert desk.answer(signed("status=fail&size=500MB&note=disk+full%21", encoded=encoded))[0] == 200
    (check_in,) = desk.recorded()
    assert (check_in.outcome, check_in.size, check_in.note) == ("failed", 500_000_000, "disk full!")


@pytest.mark.parametrize(
    ("status", "outcome", "nudges"),
    [("OK", "ok", 1), ("warn", "warning", 1), ("failed", "failed", 1), ("running", "start", 0), ("log", "log", 0)],
)
def test_an_ended_run_is_checked_at_once_and_a_running_one_is_not(status: str, outcome: str, nudges: int) -> None:
    desk = Desk()

    assert desk.answer(signed(json.dumps({"status": status})))[1]["status"] == outcome
    assert len(desk.bus.published) == nudges


def test_an_exact_repeat_is_answered_alike_and_records_nothing() -> None:
    desk = Desk()
    request = signed('{"status": "failed"}')

    first = desk.answer(request)
    again = desk.answer(request, NOW + timedelta(minutes=4))

    assert (first[0], first[1]["recorded"]) == (200, True)
    assert (again[0], again[1]["recorded"]) == (200, False)
    assert len(desk.recorded()) == 1
    assert len(desk.bus.published) == 1


def test_a_check_in_that_waited_to_be_sent_says_when_its_run_ended() -> None:
    desk = Desk()

    assert desk.answer(signed('{"finished_at": "2026-02-10T03:00:00+01:00"}'))[0] == 200
    (check_in,) = desk.recorded()
    assert (check_in.at, check_in.ran_at) == (NOW, datetime(2026, 2, 10, 2, tzinfo=UTC))


def test_an_end_a_little_ahead_of_our_clock_is_now() -> None:
    desk = Desk()

    assert desk.answer(signed('{"finished_at": "2026-03-05T00:04:00Z"}'))[0] == 200
    assert desk.recorded()[0].ran_at == NOW


def test_a_long_note_is_cut() -> None:
    desk = Desk()

    assert desk.answer(signed(json.dumps({"note": "x" * 5000})))[0] == 200
    assert len(desk.recorded()[0].note) == 1000


def test_half_a_character_in_a_note_does_not_break_the_store() -> None:
    desk = Desk()

    assert desk.answer(signed(rb'{"note": "disk \ud83d"}'))[0] == 200
    assert desk.recorded()[0].note == "disk ?"


def test_a_field_that_means_nothing_is_named_in_the_answer() -> None:
    assert Desk().answer(signed('{"sise": "1 GB"}'))[1]["ignored"] == ["sise"]


def test_a_job_on_no_list_is_recorded_and_proposes_nothing() -> None:
    desk = Desk()

    assert desk.answer(signed(b"", job_id="not-listed-yet"))[0] == 200
    assert len(desk.recorded("not-listed-yet")) == 1
    assert [event.kind for event in desk.bus.published] == ["bk.check"]


@pytest.mark.parametrize("path", ["/søknader-æ", "/s%C3%B8knader-%C3%A6", "/søknader-æ/"])
def test_an_id_in_any_alphabet_is_found_in_the_path(path: str) -> None:
    desk = Desk()

    assert desk.answer(signed(b"", job_id="søknader-æ", path=path))[0] == 200
    assert len(desk.recorded("søknader-æ")) == 1


def test_a_size_may_stand_in_the_query_but_the_signed_one_counts() -> None:
    desk = Desk()
    unsigned = signed("status=ok&rid=1")
    both = signed("size=5")
    unsigned["rawQueryString"] = both["rawQueryString"] = "size=1.2%20GB"

    assert desk.answer(unsigned)[1]["size"] == 1_200_000_000
    assert desk.answer(both)[1]["size"] == 5
    assert {(one.size, one.weak) for one in desk.recorded()} == {(1_200_000_000, True), (5, False)}


def test_a_size_in_the_query_that_is_none_is_refused() -> None:
    request = signed(b"")
    request["rawQueryString"] = "size=big"

    refused(Desk(), request, 400, "size is ")


def test_an_id_that_no_row_could_have_is_refused_though_it_is_signed() -> None:
    desk = Desk()

    for job_id in ("-db", "orders db", "a+b", "#fleet"):
        assert desk.answer(signed(b"", job_id=job_id))[0] == 400
        assert desk.recorded(job_id) == []


# --- what does not count -------------------------------------------------------------------------


def refused(desk: Desk, request: Json, status: int, hint: str, now: datetime = NOW) -> None:
    answered, body = desk.answer(request, now)
    assert answered == status
    assert hint in body["error"]
    assert desk.bus.published == []
    assert desk.check_ins.latest([JOB]) == {}


def test_the_id_of_the_weekly_test_is_nobody_elses_though_it_is_signed() -> None:
    for job_id in ("sentinel-canary", "Sentinel-Canary"):
        desk = Desk()
        status, answer = desk.answer(signed(job_id=job_id))
        assert (status, desk.recorded(job_id)) == (400, [])
        assert "reserved" in answer["error"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", ""])
def test_only_a_post_counts(method: str) -> None:
    request = signed(b"")
    request["requestContext"]["http"]["method"] = method

    refused(Desk(), request, 405, "POST to /<job_id>")


@pytest.mark.parametrize("path", ["/", "", "/some-key/orders-db/start/now", "/" + "x" * 81, "/a\nb", "/a%00b", "/\ud800"])
def test_a_path_that_names_no_job_is_not_found(path: str) -> None:
    refused(Desk(), payload(path=path), 404, "/<job_id>")


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("x-backup-signature", "", "v1="),
        ("x-backup-signature", "v1=" + "0" * 64, "v1="),
        ("x-backup-signature", "v2=" + "0" * 64, "v1="),
        ("x-backup-signature", "v1=" + "é" * 64, "v1="),
        ("x-backup-signature", "v1=zz", "v1="),
        ("x-backup-timestamp", "", "seconds since 1970"),
        ("x-backup-timestamp", "2026-03-05T00:00:00Z", "seconds since 1970"),
        ("x-backup-timestamp", "-1", "seconds since 1970"),
        ("x-backup-timestamp", "١٧٧٢٦٦٨٨٠٠", "seconds since 1970"),
        ("x-backup-timestamp", "9" * 400, "seconds since 1970"),
        ("x-backup-timestamp", "99999999999", "five minutes off"),
        ("x-backup-timestamp", "1772668801", "v1="),
    ],
)
def test_a_wrong_header_is_refused_with_nothing_recorded(name: str, value: str, hint: str) -> None:
    request = signed('{"status": "ok"}')
    request["headers"][name] = value

    refused(Desk(), request, 401, hint)


def test_a_changed_body_is_refused() -> None:
    request = signed('{"status": "failed"}', encoded=False)
    request["body"] = '{"status": "ok"}'

    refused(Desk(), request, 401, "v1=")


def test_the_key_of_one_job_does_not_speak_for_another() -> None:
    refused(Desk(), signed(b"", key=derive_key(MASTER, 1, "another-job")), 401, "v1=")


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_clock_that_is_off_is_told_the_time(minutes: int) -> None:
    refused(Desk(), signed(b"", at=NOW + timedelta(minutes=minutes)), 401, "here it is 1772668800, 2026-03-05T00:00:00Z")


@pytest.mark.parametrize("seconds", [-300, 300])
def test_a_clock_within_five_minutes_is_good_enough(seconds: int) -> None:
    assert Desk().answer(signed(b"", at=NOW + timedelta(seconds=seconds)))[0] == 200


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("done", "a form such as status=ok"),
        ("[1, 2]", "a form such as status=ok"),
        ('{"status": ', "JSON such as"),
        ('{"a": ' + "[" * 50_000, "JSON such as"),
        (b"\xff\xfe", "JSON such as"),
        ("&".join(f"f{number}=1" for number in range(60)), "JSON such as"),
        ('{"status": "great"}', "status is ok, warning, failed"),
        ('{"status": 1}', "status is a text"),
        ('{"size": "big"}', "size is "),
        ('{"size": -1}', "size is "),
        ('{"size": 1.5}', "size is whole bytes"),
        ('{"size": true}', "size is whole bytes"),
        ('{"size": NaN}', "size is whole bytes"),
        ('{"size": 1e999}', "size is whole bytes"),
        ('{"size": 10000000000000000000}', "at most 1 EB"),
        ('{"finished_at": "yesterday"}', "with its zone"),
        ('{"finished_at": "2026-03-04T23:00:00"}', "with its zone"),
        ('{"finished_at": "0001-01-01T00:00:00+14:00"}', "with its zone"),
        ('{"finished_at": "2026-03-05T00:06:00Z"}', "here it is 2026-03-05T00:00:00Z"),
        ('{"finished_at": "2026-01-01T00:00:00Z"}', "at most 30 days old"),
        ('{"rid": "a b"}', "rid is at most 100"),
        ('{"note": ["x"]}', "note is a text"),
    ],
)
def test_a_wrong_value_says_what_would_be_right(body: bytes | str, hint: str) -> None:
    refused(Desk(), signed(body), 400, hint)


def test_a_body_that_is_too_long_is_refused_before_it_is_read() -> None:
    refused(Desk(), signed(b"x" * 100_001), 413, "100 kB")
    refused(Desk(), signed(b"x" * 100_001, encoded=False), 413, "100 kB")
    assert Desk().answer(signed(b"note=" + b"x" * 99_995))[0] == 200


def test_a_body_that_is_not_the_base64_it_claims_to_be_is_refused() -> None:
    request = signed("status=ok")
    request["body"] = "%%%"

    refused(Desk(), request, 413, "100 kB")


# --- keys that change, and an outside that fails -------------------------------------------------


def test_a_rotated_key_is_picked_up_and_the_old_one_refused() -> None:
    rotated = Keys(master=MASTER, generations={JOB: 2})
    desk = Desk(RememberedKeys(Keys(master=MASTER), rotated))

    assert desk.answer(signed(b"", key=derive_key(MASTER, 2, JOB)))[0] == 200
    assert desk.answer(signed(b"", key=derive_key(MASTER, 1, JOB)))[0] == 401
    assert len(desk.recorded()) == 1


def test_what_is_not_signed_at_all_does_not_have_the_keys_read_again() -> None:
    keys = RememberedKeys(KEYS)
    desk = Desk(keys)
    for request in (payload(b"x=1"), signed(b"", at=NOW - timedelta(days=1))):
        assert desk.answer(request)[0] == 401
    assert keys.reads == 0


class OnceSilent(MemoryCheckIns):
    """Stores all, but its first answer is lost."""

    silent = True

    def record(self, check_in: CheckIn, *, now: datetime) -> bool:
        stored = super().record(check_in, now=now)
        if self.silent:
            self.silent = False
            raise Unanswered("ReadTimeout")
        return stored


class FailingBus(MemoryBus):
    def publish(self, events: Sequence[Event]) -> None:
        raise Unanswered("ReadTimeout", f"{len(events)} entries")


class NoKeys(RememberedKeys):
    def known(self) -> Keys:
        raise Refused("AccessDenied")


def test_a_lost_answer_of_the_store_is_made_good_by_the_same_request() -> None:
    desk = Desk()
    desk.check_ins = OnceSilent()
    request = signed(b"")

    response = desk.ask(request)
    assert (response["statusCode"], response["headers"]["retry-after"]) == (503, "5")
    assert "counts once" in response["body"]

    assert desk.answer(request) == (200, {"recorded": False, "status": "ok", "size": None})
    assert len(desk.recorded()) == 1


def test_a_check_in_counts_though_the_bus_does_not_answer() -> None:
    desk = Desk()

    desk.bus = FailingBus()

    assert desk.answer(signed(b""))[0] == 200
    assert len(desk.recorded()) == 1


def test_without_keys_nothing_is_believed_and_the_sender_is_asked_to_try_again() -> None:
    desk = Desk(NoKeys(Keys(master=MASTER)))

    refused(desk, signed(b""), 503, "send the same request again")


def test_the_secret_is_read_with_its_generations() -> None:
    keys = read_keys('{"master": "0123456789abcdef", "enrolment": "e", "generation": 3, "generations": {"orders-db": 4}}')

    assert keys.of("orders-db") == derive_key("0123456789abcdef", 4, "orders-db")
    assert keys.of("files") == derive_key("0123456789abcdef", 3, "files")
    assert "0123456789abcdef" not in repr(keys)


@pytest.mark.parametrize(
    "secret",
    ["", "[]", "null", "{}", '{"master": ""}', '{"master": 5}', '{"master": "short"}', '{"master": "m", "generation": "x"}'],
)
def test_a_secret_that_holds_no_keys_is_a_clear_error_that_does_not_quote_it(secret: str) -> None:
    with pytest.raises(ValueError, match="heartbeat keys") as raised:
        read_keys(secret)
    assert "short" not in str(raised.value)


# --- anything the public may send ----------------------------------------------------------------

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)
fields = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["ok", "fail", "running"]) | anything,
        "size": st.integers() | st.from_regex(r"[0-9., -]{0,6}[kMGi]?B?", fullmatch=True) | anything,
        "finished_at": st.datetimes().map(datetime.isoformat) | st.from_regex(r"20[0-9:TZ+.-]{2,24}", fullmatch=True) | anything,
        "rid": st.text(string.printable, max_size=8) | anything,
        "note": st.text(max_size=20) | anything,
        "else": anything,
    },
)
bodies = st.binary(max_size=60) | st.text(max_size=60).map(str.encode) | fields.map(lambda said: json.dumps(said).encode())


@settings(max_examples=100, deadline=None)
@given(bodies)
def test_any_signed_body_is_recorded_once_or_refused_clearly(body: bytes) -> None:
    desk = Desk()

    status, answered = desk.answer(signed(body))

    assert status in {200, 400}
    assert (status == 200) == (len(desk.check_ins.latest([JOB])) == 1) == ("recorded" in answered)
    for check_in in desk.recorded():
        json.dumps(check_in.note).encode()
        check_in.note.encode()


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["rawPath", "headers", "body", "isBase64Encoded", "requestContext", "version"]), anything, max_size=6
    ),
    st.dictionaries(st.sampled_from(["x-backup-timestamp", "X-Backup-Signature", "content-type"]), anything, max_size=3),
)
def test_any_request_is_answered_and_nothing_unsigned_is_recorded(changed: Json, headers: Json) -> None:
    desk = Desk()
    request = signed(b"")
    request["headers"] |= {"x-backup-signature": ""} | headers

    response = desk.ask(request | changed)

    assert response["statusCode"] in {401, 404, 405, 413}
    assert response["body"]
    assert desk.bus.published == []
