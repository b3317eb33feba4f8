"""The path form, as tools that speak Healthchecks use it, from the request to the record."""

import json

import pytest

from tests.flows.desk import JOB, KEYS, MASTER, NOW, Desk, RememberedKeys, payload, ping
from workflows.backup.heartbeat import Keys, sign
from workflows.backup.ports import CheckIn
from workflows.kernel.errors import Refused

RID = "728b3763-be66-4f9a-b95c-6d9a5b4f1d2e"
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"


def recorded_of(request: object) -> CheckIn:
    """The one check-in that a request left behind."""
    assert isinstance(request, dict)
    desk = Desk()
    status, _ = desk.told(request)
    assert status == 200
    (check_in,) = desk.recorded()
    return check_in


# --- what counts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_ping_is_a_success_is_marked_weak_and_has_its_job_checked(method: str) -> None:
    desk = Desk()

    response = desk.ask(ping(method=method))

    assert (response["statusCode"], response["body"], response["headers"]["ping-body-limit"]) == (200, "OK", "100000")
    (check_in,) = desk.recorded()
    assert check_in == CheckIn(
        job_id=JOB,
        sk="2026-03-05T00:00:00.000000Z#" + check_in.sk.rpartition("#")[2],
        at=NOW,
        source="heartbeat",
        outcome="ok",
        source_ip="203.0.113.7",
        weak=True,
    )
    assert [event.detail["job_ids"] for event in desk.bus.published] == [[JOB]]


@pytest.mark.parametrize(
    ("rest", "outcome", "note", "checks"),
    [
        ("", "ok", "", 1),
        ("/", "ok", "", 1),
        ("/start", "start", "", 0),
        ("/fail", "failed", "", 1),
        ("/log", "log", "", 0),
        ("/0", "ok", "", 1),
        ("/00", "ok", "", 1),
        ("/1", "failed", "exit code 1", 1),
        ("/255", "failed", "exit code 255", 1),
        ("/3221225786", "failed", "exit code 3221225786", 1),
        ("/-1073741510", "failed", "exit code -1073741510", 1),
    ],
)
def test_what_follows_the_job_says_how_it_went(rest: str, outcome: str, note: str, checks: int) -> None:
    desk = Desk()

    assert desk.told(ping(rest)) == (200, "OK")
    assert [(one.outcome, one.note) for one in desk.recorded()] == [(outcome, note)]
    assert len(desk.bus.published) == checks


@pytest.mark.parametrize(
    "request_with_size",
    [
        ping(query="size=1200000000"),
        ping(query="size=1.2%20GB"),
        ping(body=b"size=1.2GB"),
        ping(body=b"size=1.2+GB&note=42+tables"),
        ping(body=b'{"size": 1200000000, "tool": "dump"}'),
        ping(body=b'{"size": "1.2 GB", "note": "42 tables"}'),
        ping(query="size=1.2GB", body=b"size=7"),
    ],
)
def test_a_size_is_taken_from_the_query_a_form_or_json(request_with_size: object) -> None:
    assert recorded_of(request_with_size).size == 1_200_000_000


@pytest.mark.parametrize(
    ("body", "note"),
    [
        (b"size=1.2+GB&note=42+tables", "42 tables"),
        (b'{"size": "1.2 GB", "note": "42 tables"}', "42 tables"),
        (b'{"size": 5, "tool": "dump"}', '{"size": 5, "tool": "dump"}'),
        (b'{"files_new": 3}', '{"files_new": 3}'),
        (b"size=1.2GB", ""),
        (b"a=1&b=2", "a=1&b=2"),
        (b"archive done\r\nall is well\r\n", "archive done\nall is well"),
        ("größe: 5 €".encode(), "größe: 5 €"),
        ("größe: 5 €".encode("utf-16"), "größe: 5 €"),
        (b"caf\xe9", "caf�"),
        (b"\x00\x1b[31mred\x1b[0m\x07", "[31mred[0m"),
    ],
)
def test_whatever_a_tool_sends_along_is_kept_as_its_log(body: bytes, note: str) -> None:
    assert recorded_of(ping(body=body)).note == note


def test_of_a_long_log_the_end_is_kept_from_a_whole_line_on() -> None:
    lines = "".join(f"file {number} of 30000, größe 1\n" for number in range(30_000)).encode()

    kept = recorded_of(ping("/fail", body=lines + b"Error: disk full\n")).note

    assert kept.endswith("file 29999 of 30000, größe 1\nError: disk full")
    assert kept.startswith("file ")
    assert 9_900 <= len(kept.encode()) <= 10_000


@pytest.mark.parametrize("encoded", [True, False])
def test_a_log_that_is_longer_than_a_hundred_kilobytes_is_cut_not_refused(encoded: bool) -> None:
    check_in = recorded_of(ping("/fail", body=b"x" * 5_000_000 + b"\nthe reason", encoded=encoded))

    assert (check_in.outcome, check_in.note.splitlines()[-1]) == ("failed", "the reason")


def test_a_body_that_cannot_be_decoded_does_not_hide_a_failure() -> None:
    request = ping("/fail", body=b"x")
    request["body"] = "%%%"

    assert recorded_of(request).outcome == "failed"


@pytest.mark.parametrize("query", ["size=big", "size=-1", "size=1e999", "size=99999999999999999999"])
def test_a_size_that_is_none_is_told_and_hides_nothing(query: str) -> None:
    desk = Desk()

    status, says = desk.told(ping("/fail", query=query))

    assert (status, says.splitlines()[0]) == (200, "OK")
    assert "size is " in says
    assert [(one.outcome, one.size) for one in desk.recorded()] == [("failed", None)]


def test_a_run_id_ties_a_start_to_its_end_however_it_is_written() -> None:
    desk = Desk()

    desk.told(ping("/start", query=f"rid={RID}"))
    desk.told(ping(query=f"rid={RID.upper()}&rid=ignored"))

    assert {one.rid for one in desk.recorded()} == {RID}


def test_two_requests_of_one_moment_are_two_check_ins() -> None:
    desk = Desk()

    desk.told(ping("/start"))
    desk.told(ping("/1"))
    desk.told(ping("/1"))

    assert len(desk.recorded()) == 3


def test_a_job_id_in_any_alphabet_is_found_in_the_path() -> None:
    desk = Desk()
    path = f"/{KEYS.path_of('søknader-æ')}/s%C3%B8knader-%C3%A6/start"

    assert desk.told(payload(path=path))[0] == 200
    assert len(desk.recorded("søknader-æ")) == 1


# --- what does not count -------------------------------------------------------------------------


def nothing_recorded(desk: Desk) -> bool:
    return desk.bus.published == [] and desk.check_ins.latest([JOB]) == {}


def test_a_head_is_answered_and_records_nothing() -> None:
    desk = Desk()

    for request in (ping(method="HEAD"), ping("/fail", method="HEAD"), ping(method="HEAD", key="0" * 32)):
        assert desk.told(request) == (200, "")
    assert nothing_recorded(desk)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", ""])
def test_other_methods_are_refused(method: str) -> None:
    desk = Desk()

    assert desk.told(ping(method=method))[0] == 405
    assert nothing_recorded(desk)


@pytest.mark.parametrize(
    "agent",
    [
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Slackbot 1.0 (+https://api.slack.com/robots)",
        "Slack-ImgProxy (+https://api.slack.com/robots)",
        "Twitterbot/1.0",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "WhatsApp/2.23.20.0",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        "TelegramBot (like TwitterBot)",
        "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) BingPreview/1.0b",
        "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.1; Pro)",
        "Mozilla/5.0 (compatible; Barracuda Sentinel (EE))",
        "Mozilla/5.0 (X11; Linux) HeadlessChrome/120.0",
        "Iframely/1.3.1 (+https://iframely.com/docs/about)",
        "Mattermost-Bot/1.1",
        "Expanse, a Palo Alto Networks company, web crawler",
    ],
)
def test_a_link_preview_or_a_mail_scanner_never_counts(agent: str) -> None:
    desk = Desk()

    status, says = desk.told(ping(method="GET", user_agent=agent))

    assert (status, "not counted" in says) == (200, True)
    assert nothing_recorded(desk)


@pytest.mark.parametrize(
    ("header", "sent"),
    [("purpose", "prefetch"), ("sec-purpose", "prefetch;prerender"), ("x-purpose", "preview"), ("x-moz", "prefetch")],
)
def test_a_prefetch_never_counts(header: str, sent: str) -> None:
    desk = Desk()
    request = ping(method="GET", user_agent=BROWSER)
    request["headers"][header] = sent

    desk.told(request)

    assert nothing_recorded(desk)


@pytest.mark.parametrize(
    "agent",
    [
        "curl/8.5.0",
        "Wget/1.21.3",
        "python-requests/2.31.0",
        "python-httpx/0.27.0",
        "runitor/1.3.0 (+https://bdd.fi/x/runitor)",
        "borgmatic/1.9.0",
        "Go-http-client/2.0",
        "okhttp/4.12.0",
        "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041.4648",
        "PowerShell/7.4",
        "Java/17.0.2",
        "axios/1.6.0",
        "node",
        "Apache-HttpClient/4.5.13",
        BROWSER,
        "",
    ],
)
def test_tools_and_browsers_count(agent: str) -> None:
    assert recorded_of(ping(method="GET", user_agent=agent)).outcome == "ok"


def test_who_posts_counts_whatever_it_calls_itself() -> None:
    assert recorded_of(ping(user_agent="our-backup-bot/1.0")).outcome == "ok"


@pytest.mark.parametrize(
    "key",
    [
        "0" * 32,
        KEYS.path_of("another-job"),
        KEYS.of(JOB),
        KEYS.path_of(JOB).upper(),
        KEYS.path_of(JOB)[:-1],
        MASTER,
        "é" * 32,
        "\ud800",
        "",
    ],
)
def test_a_wrong_key_finds_nothing(key: str) -> None:
    desk = Desk()

    assert desk.told(payload(path=f"/{key}/{JOB}"))[0] == 404
    assert nothing_recorded(desk)


@pytest.mark.parametrize("key", ["", KEYS.enrolment_path])
def test_the_id_of_the_weekly_test_is_nobody_elses(key: str) -> None:
    desk = Desk()
    status, answer = desk.told(ping("/fail", job_id="sentinel-canary", key=key, query="create=1"))
    assert (status, desk.recorded("sentinel-canary"), desk.proposals.every()) == (400, [], [])
    assert "reserved" in answer


def test_an_address_cannot_sign_and_does_not_show_what_can() -> None:
    desk = Desk()
    seconds = int(NOW.timestamp())
    forged = sign(KEYS.path_of(JOB), seconds, JOB)

    assert desk.answer(payload(x_backup_timestamp=str(seconds), x_backup_signature=forged))[0] == 401
    assert KEYS.path_of(JOB) not in KEYS.of(JOB)


@pytest.mark.parametrize("rest", ["/begin", "/START", "/1.5", "/99999999999", "/--1", "/١", "/fail%20"])
def test_a_word_that_means_nothing_is_refused(rest: str) -> None:
    desk = Desk()

    status, says = desk.told(ping(rest))

    assert (status, "invalid url format" in says) == (400, True)
    assert nothing_recorded(desk)


@pytest.mark.parametrize("rid", ["", "1", "728b3763be664f9ab95c6d9a5b4f1d2e", "728b3763-be66-4f9a-b95c-6d9a5b4f1d2g", "x" * 5000])
def test_a_run_id_that_is_no_uuid_is_refused(rid: str) -> None:
    desk = Desk()

    status, says = desk.told(ping(query=f"rid={rid}"))

    assert (status, "invalid uuid format" in says) == (400, True)
    assert nothing_recorded(desk)


@pytest.mark.parametrize("path", ["/a/b/c/d", "//", "///", "/a/", "/%2F/%2F", "/" + "/".join("x" * 40), "/a//start"])
def test_a_path_of_another_shape_is_turned_away(path: str) -> None:
    assert Desk().ask(payload(path=path))["statusCode"] in {401, 404}


def test_a_query_with_too_many_fields_is_as_good_as_none() -> None:
    assert recorded_of(ping(query="&".join(f"size={number}" for number in range(50)))).size is None


# --- switched off, rotated, unreachable ----------------------------------------------------------


@pytest.mark.parametrize("off", [frozenset({JOB}), frozenset({"*"})])
def test_the_path_form_can_be_switched_off_and_signing_goes_on(off: frozenset[str]) -> None:
    desk = Desk(RememberedKeys(Keys(master=MASTER, path_off=off)))
    seconds = int(NOW.timestamp())

    status, says = desk.told(ping())
    assert (status, "switched off" in says) == (403, True)
    assert nothing_recorded(desk)
    signature = sign(KEYS.of(JOB), seconds, JOB)
    assert desk.answer(payload(x_backup_timestamp=str(seconds), x_backup_signature=signature))[0] == 200


def test_a_rotated_address_is_picked_up_and_the_old_one_finds_nothing() -> None:
    rotated = Keys(master=MASTER, generations={JOB: 2})
    desk = Desk(RememberedKeys(KEYS, rotated))

    assert desk.told(ping(key=rotated.path_of(JOB)))[0] == 200
    assert desk.told(ping(key=KEYS.path_of(JOB)))[0] == 404


def test_a_flood_of_wrong_keys_asks_nothing_of_the_tables() -> None:
    desk = Desk()
    before = json.dumps(desk.standings.fleet())

    for number in range(500):
        assert desk.told(ping(key=f"{number:032x}", query="create=1"))[0] == 404
    assert nothing_recorded(desk)
    assert desk.proposals.open() == []
    assert json.dumps(desk.standings.fleet()) == before


class NoKeys(RememberedKeys):
    def known(self) -> Keys:
        raise Refused("AccessDenied")


def test_without_keys_the_sender_is_asked_to_send_it_again() -> None:
    desk = Desk(NoKeys(KEYS))

    status, says = desk.told(ping())

    assert (status, says) == (503, "not recorded; send it again")
    assert nothing_recorded(desk)


def test_no_key_is_logged_when_something_fails(caplog: pytest.LogCaptureFixture) -> None:
    Desk(NoKeys(KEYS)).told(ping())

    assert caplog.records
    assert KEYS.path_of(JOB) not in caplog.text
