from collections.abc import Mapping

import pytest

from bolt_app.settings import Settings, SettingsError, load_settings
from workflows.backup.sharing import JOBS_PER_CHECK

ENVIRON = {
    "BK_PREFIX": "bk",
    "BK_STATE_TABLE": "bk-state",
    "BK_AUDIT_TABLE": "bk-audit",
    "BK_HEARTBEATS_TABLE": "bk-heartbeats",
    "BK_DELIVERIES_TABLE": "bk-deliveries",
    "BK_PROPOSALS_TABLE": "bk-proposals",
    "BK_REGISTRY_BUCKET": "bk-registry-source-1",
    "BK_RULES_BUCKET": "bk-rules-source-1",
    "BK_RAW_MIME_BUCKET": "bk-raw-mime-1",
    "BK_BUS": "default",
    "BK_BUS_SOURCE": "backup-sentinel",
    "BK_DISPATCH_QUEUE_URL": "https://sqs.example.com/1/bk-dispatch",
    "BK_DISPATCH_QUEUE_ARN": "arn:aws:sqs:ap-southeast-1:000000000000:bk-dispatch",
    "BK_DEFERRAL_GROUP": "bk-appointments",
    "BK_DEFERRAL_ROLE_ARN": "arn:aws:iam::000000000000:role/bk-appointments-role",
    "BK_CONFIG_PATH": "/bk/config",
    "BK_BOT_TOKEN_SECRET": "bk/slack/bot-token",
    "BK_SIGNING_SECRET_SECRET": "bk/slack/signing-secret",
    "BK_HEARTBEAT_KEYS_SECRET": "bk/heartbeat/keys",
    "BK_DRIVE_SECRET": "bk/drive/sa",
    "BK_MODEL_ID": "global.anthropic.claude-haiku-4-5-20251001-v1:0",
}
NEEDED = {"admin_owner": "Ana@Example.com", "team_id": "T012AB"}


def load(environ: Mapping[str, str] | None = None, **parameters: str) -> Settings:
    return load_settings({**ENVIRON, **(environ or {})}, lambda _path: {**NEEDED, **parameters})


def test_an_admin_and_a_workspace_are_enough() -> None:
    settings = load()

    assert settings.admin_owner == "ana@example.com"
    assert settings.timezone == "UTC"
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.max_snoozes_per_break == 3
    assert settings.shrink_threshold is None
    assert settings.ignored == ()


def test_parameters_are_asked_for_under_the_path_of_the_environment() -> None:
    settings = load_settings(
        {**ENVIRON, "BK_CONFIG_PATH": "/xy/config"}, lambda path: {**NEEDED, "jobs_sheet_id": f"asked-{path[1:3]}-sheet"}
    )

    assert settings.jobs_sheet_id == "asked-xy-sheet"


def test_every_choice_is_understood() -> None:
    settings = load(
        timezone="Asia/Singapore",
        approvers="S012AB, Bo@Example.com",
        summary_channel="C012AB",
        summary_to="Ana@example.com boss@example.com,ana@example.com",
        jobs_sheet_id="1AbC_defGHI-jklMNO",
        max_snoozes_per_break=" 5 ",
        quiet_hours="19:30 – 7:00",
        holidays="SG, DE-BY",
        shrink_threshold="25%",
        mail_allow="NAS@example.com, @example.org",
        sender="Sentinel@Example.com",
        link_url="https://abc.lambda-url.example",
    )

    assert settings.timezone == "Asia/Singapore"
    assert settings.approvers == ("S012AB", "bo@example.com")
    assert settings.summary_channel == "C012AB"
    assert settings.summary_to == ("ana@example.com", "boss@example.com")
    assert settings.jobs_sheet_id == "1AbC_defGHI-jklMNO"
    assert settings.max_snoozes_per_break == 5
    assert settings.quiet_hours == "19:30-7:00"
    assert settings.holidays == ("SG", "DE-BY")
    assert settings.shrink_threshold == 0.25
    assert settings.mail_allow == ("nas@example.com", "example.org")
    assert settings.sender == "sentinel@example.com"
    assert settings.link_url == "https://abc.lambda-url.example/"
    assert settings.link_key_parameter == "/bk/config/link_key"


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("admin_owner", "Ana", "sam@example.com"),
        ("admin_owner", " ", "is missing"),
        ("team_id", "acme", "T0123456789"),
        ("timezone", "Singapore time", "Asia/Singapore"),
        ("timezone", "../etc/passwd", "Asia/Singapore"),
        ("approvers", "ana@example.com, everyone", "'everyone'"),
        ("summary_channel", "#backups", "C0123456789"),
        ("summary_to", "ana@example.com, sam", "sam@example.com"),
        ("proposals_channel", "D012AB", "C0123456789"),
        ("rules_doc_id", "https://docs.example.com", "after /d/"),
        ("max_snoozes_per_break", "0", "from 1 to 49"),
        ("max_snoozes_per_break", "three", "from 1 to 49"),
        ("quiet_hours", "18-8", "18:00-08:00"),
        ("quiet_hours", "24:00-08:00", "18:00-08:00"),
        ("holidays", "Singapore", "DE-BY"),
        ("shrink_threshold", "30", "30%"),
        ("shrink_threshold", "lots", "30%"),
        ("mail_allow", "nas", "nas@example.com"),
        ("sender", "Backup sentinel", "sam@example.com"),
        ("link_url", "sentinel", "https://"),
    ],
)
def test_a_wrong_choice_fails_by_name_with_what_would_be_right(name: str, wrong: str, right: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(ENVIRON, lambda _path: {**NEEDED, name: wrong})

    assert f"parameter /bk/config/{name} " in str(caught.value)
    assert right in str(caught.value)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        load({"BK_STATE_TABLE": ""}, timezone="Mars/X", max_snoozes_per_break="-1")

    assert [line.split()[0:3] for line in str(caught.value).splitlines()] == [
        ["environment", "variable", "BK_STATE_TABLE"],
        ["parameter", "/bk/config/timezone", "is"],
        ["parameter", "/bk/config/max_snoozes_per_break", "is"],
    ]


def test_a_missing_path_is_told_before_any_parameter_is_read() -> None:
    with pytest.raises(SettingsError, match="environment variable BK_CONFIG_PATH is missing"):
        load_settings({}, lambda path: pytest.fail(f"read {path}"))


def test_another_slack_address_gets_its_closing_slash() -> None:
    assert load({"SLACK_API_URL": "http://127.0.0.1:9/api"}).slack_api_url == "http://127.0.0.1:9/api/"


@pytest.mark.parametrize("wrong", ["0", "-1", "5,000", "many"])
def test_how_many_jobs_one_check_looks_at_is_a_number(wrong: str) -> None:
    with pytest.raises(SettingsError, match=r"BK_JOBS_PER_CHECK is .*; it wants a whole number from 1"):
        load({"BK_JOBS_PER_CHECK": wrong})

    assert load({"BK_JOBS_PER_CHECK": "250"}).jobs_per_check == 250
    assert load({}).jobs_per_check == JOBS_PER_CHECK
    assert load({}).shards_queue_url == ""


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(SettingsError, match="SLACK_API_URL is 'localhost:9'; it wants an address"):
        load({"SLACK_API_URL": "localhost:9"})


def test_a_misspelt_parameter_is_kept_to_be_shown_and_stops_nothing() -> None:
    assert load(time_zone="UTC", link_key="x").ignored == ("time_zone",)
