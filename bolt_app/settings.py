"""What this deployment is told: names of its own resources from the environment, a company's choices from Parameter Store.

A wrong value fails here, all of them at once, each by name and with what would be right.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Never, TypeVar, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

T = TypeVar("T")

SLACK_API_URL = "https://slack.com/api/"


class SettingsError(ValueError):
    """Settings that cannot be used; the message has one line for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What one deployment is told.

    Attributes:
        prefix: starts every name of this deployment, such as "bk".
        bot_token_secret, signing_secret_secret, heartbeat_keys_secret, drive_secret: names of secrets, never their values.
        model_id: of the Bedrock model that reads what our own readers do not know.
        slack_api_url, google_api_url: end with a slash; "" for Google's own.
        timezone: IANA name, for jobs and people that name none.
        admin_owner: e-mail, lower case; owns what nobody owns, and hears of trouble with the list and the rules.
        approvers: Slack user group ids, and e-mails in lower case.
        summary_channel, proposals_channel: Slack channel ids; empty when not chosen yet.
        summary_to: e-mail addresses, lower case, that get the daily summary by mail; empty: the admin's.
        team_id: the one Slack workspace whose people may act.
        quiet_hours: "HH:MM-HH:MM" as people write it; empty: the product's own.
        holidays: countries, with their subdivision where it matters ("SG", "DE-BY").
        shrink_threshold: share by which a backup may shrink before that is a warning (0.3 = 30 %); None: the product's own.
        heartbeat_url: where check-ins go, with a slash at its end; "" where that is not known.
        mail_allow: senders and domains whose reports count, lower case.
        sender: the address that letters come from, lower case; "" where no mail is sent.
        link_url: where links in letters lead, with a slash at its end; "" where that is not known.
        link_key_parameter: name of the parameter with the key that signs them, never the key.
        jobs_per_check: so many jobs one check looks at itself; of more it makes shards, and puts them into the queue.
        shards_queue_url: "" where there is no such queue, and each check looks at all.
        shards_source: UUID of the event source mapping that takes them from there.
        ignored: parameters found beside these that this version does not know, such as a misspelt one.
    """

    prefix: str
    state_table: str
    audit_table: str
    heartbeats_table: str
    deliveries_table: str
    proposals_table: str
    registry_bucket: str
    rules_bucket: str
    raw_mime_bucket: str
    bus: str
    bus_source: str
    dispatch_queue_url: str
    dispatch_queue_arn: str
    deferral_group: str
    deferral_role_arn: str
    bot_token_secret: str
    signing_secret_secret: str
    heartbeat_keys_secret: str
    drive_secret: str
    model_id: str
    admin_owner: str
    team_id: str
    slack_api_url: str = SLACK_API_URL
    google_api_url: str = ""
    timezone: str = "UTC"
    approvers: tuple[str, ...] = ()
    summary_channel: str = ""
    summary_to: tuple[str, ...] = ()
    proposals_channel: str = ""
    jobs_sheet_id: str = ""
    rules_doc_id: str = ""
    voice_doc_id: str = ""
    max_snoozes_per_break: int = 3
    quiet_hours: str = ""
    holidays: tuple[str, ...] = ()
    shrink_threshold: float | None = None
    mail_allow: tuple[str, ...] = ()
    heartbeat_url: str = ""
    sender: str = ""
    link_url: str = ""
    link_key_parameter: str = ""
    jobs_per_check: int = 5000
    shards_queue_url: str = ""
    shards_source: str = ""
    ignored: tuple[str, ...] = ()


def load_settings(environ: Mapping[str, str], parameters: Callable[[str], Mapping[str, str]]) -> Settings:
    """`parameters(path)` gives the parameters below a path, by their name without it. Raises SettingsError."""
    named = _Reader(environ, lambda name: f"environment variable {name}")
    path = named.need("BK_CONFIG_PATH", _text)
    named.stop_at_mistakes()  # without the path there is nowhere to read the rest from
    chosen = _Reader(parameters(path), lambda name: f"parameter {path}/{name}")

    settings = Settings(
        prefix=named.need("BK_PREFIX", _text),
        state_table=named.need("BK_STATE_TABLE", _text),
        audit_table=named.need("BK_AUDIT_TABLE", _text),
        heartbeats_table=named.need("BK_HEARTBEATS_TABLE", _text),
        deliveries_table=named.need("BK_DELIVERIES_TABLE", _text),
        proposals_table=named.need("BK_PROPOSALS_TABLE", _text),
        registry_bucket=named.need("BK_REGISTRY_BUCKET", _text),
        rules_bucket=named.need("BK_RULES_BUCKET", _text),
        raw_mime_bucket=named.need("BK_RAW_MIME_BUCKET", _text),
        bus=named.may("BK_BUS", _text, "default"),
        bus_source=named.may("BK_BUS_SOURCE", _text, "backup-sentinel"),
        dispatch_queue_url=named.need("BK_DISPATCH_QUEUE_URL", _url),
        dispatch_queue_arn=named.need("BK_DISPATCH_QUEUE_ARN", _text),
        deferral_group=named.may("BK_DEFERRAL_GROUP", _text, "default"),
        deferral_role_arn=named.need("BK_DEFERRAL_ROLE_ARN", _text),
        bot_token_secret=named.need("BK_BOT_TOKEN_SECRET", _text),
        signing_secret_secret=named.need("BK_SIGNING_SECRET_SECRET", _text),
        heartbeat_keys_secret=named.need("BK_HEARTBEAT_KEYS_SECRET", _text),
        drive_secret=named.need("BK_DRIVE_SECRET", _text),
        model_id=named.need("BK_MODEL_ID", _text),
        jobs_per_check=named.may("BK_JOBS_PER_CHECK", _many, 5000),
        shards_queue_url=named.may("BK_CHECK_SHARDS_QUEUE_URL", _url, ""),
        slack_api_url=named.may("SLACK_API_URL", _folder_url, SLACK_API_URL),
        google_api_url=named.may("GOOGLE_API_URL", _folder_url, ""),
        admin_owner=chosen.need("admin_owner", _email),
        team_id=chosen.need("team_id", _team),
        timezone=chosen.may("timezone", _zone, "UTC"),
        approvers=chosen.may("approvers", _approvers, ()),
        summary_channel=chosen.may("summary_channel", _channel, ""),
        summary_to=chosen.may("summary_to", _emails, ()),
        proposals_channel=chosen.may("proposals_channel", _channel, ""),
        jobs_sheet_id=chosen.may("jobs_sheet_id", _document, ""),
        rules_doc_id=chosen.may("rules_doc_id", _document, ""),
        voice_doc_id=chosen.may("voice_doc_id", _document, ""),
        max_snoozes_per_break=chosen.may("max_snoozes_per_break", _few, 3),
        quiet_hours=chosen.may("quiet_hours", _hours, ""),
        holidays=chosen.may("holidays", _countries, ()),
        shrink_threshold=chosen.may("shrink_threshold", _share, None),
        mail_allow=chosen.may("mail_allow", _senders, ()),
        heartbeat_url=chosen.may("heartbeat_url", _folder_url, ""),
        sender=chosen.may("sender", _email, ""),
        link_url=chosen.may("link_url", _folder_url, ""),
        shards_source=chosen.may("shards_source", _text, ""),
        link_key_parameter=f"{path}/link_key",
        ignored=tuple(sorted(set(chosen.values) - chosen.known)),
    )
    named.stop_at_mistakes(chosen.mistakes)
    return settings


class _Reader:
    """Reads values by name and collects what is wrong with them, so that all mistakes are told at once."""

    def __init__(self, values: Mapping[str, str], place: Callable[[str], str]) -> None:
        self.values = values
        self.mistakes: list[str] = []
        self.known: set[str] = {"link_key"}  # signs links; only those who check links read it
        self._place = place

    def need(self, name: str, parse: Callable[[str], T]) -> T:
        return self._read(name, parse, _missing)

    def may(self, name: str, parse: Callable[[str], T], otherwise: T) -> T:
        return self._read(name, parse, lambda: otherwise)

    def _read(self, name: str, parse: Callable[[str], T], otherwise: Callable[[], T]) -> T:
        self.known.add(name)
        text = self.values.get(name, "").strip()
        try:
            return parse(text) if text else otherwise()
        except ValueError as wrong:
            self.mistakes.append(f"{self._place(name)} {wrong}")
            return cast("T", None)  # nobody sees it: stop_at_mistakes raises first

    def stop_at_mistakes(self, others: list[str] | None = None) -> None:
        if mistakes := self.mistakes + (others or []):
            raise SettingsError("\n".join(mistakes))


def _missing() -> Never:
    raise ValueError("is missing")


def _text(text: str) -> str:
    return text


def _url(text: str) -> str:
    if not re.fullmatch(r"https?://\S+", text):
        raise ValueError(f"is {text!r}; it wants an address that starts with https:// or http://")
    return text


def _folder_url(text: str) -> str:
    return _url(text).rstrip("/") + "/"


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+", text):
        raise ValueError(f"is {text!r}; it wants one e-mail address, such as sam@example.com")
    return text.lower()


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"is {text!r}; it wants an IANA time zone, such as Asia/Singapore or UTC") from None
    return text


def _team(text: str) -> str:
    if not re.fullmatch(r"T[A-Z0-9]{2,}", text):
        raise ValueError(f"is {text!r}; it wants the id of the Slack workspace, such as T0123456789")
    return text


def _channel(text: str) -> str:
    if not re.fullmatch(r"[CG][A-Z0-9]{2,}", text):
        raise ValueError(
            f"is {text!r}; it wants a channel id, such as C0123456789 (at the foot of the channel's details in Slack)"
        )
    return text


def _document(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{10,}", text):
        raise ValueError(f"is {text!r}; it wants the document's id: the long part of its address, after /d/")
    return text


def _few(text: str) -> int:
    if not re.fullmatch(r"[1-9]|[1-4][0-9]", text):
        raise ValueError(f"is {text!r}; it wants a whole number from 1 to 49")
    return int(text)


def _many(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        raise ValueError(f"is {text!r}; it wants a whole number from 1 to 999999")
    return int(text)


def _hours(text: str) -> str:
    time = r"([01]?\d|2[0-3]):[0-5]\d"
    if not re.fullmatch(rf"{time}\s*[-–]\s*{time}", text):
        raise ValueError(f"is {text!r}; it wants two times of day, such as 18:00-08:00")
    return re.sub(r"\s*[-–]\s*", "-", text)


def _share(text: str) -> float:
    number = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(%?)", text)
    share = float(number[1]) / (100 if number[2] else 1) if number else 0.0
    if not 0 < share < 1:
        raise ValueError(f"is {text!r}; it wants a share between 0 and 1, or a percentage, such as 30%")
    return share


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,;]+", text) if word]


def _approvers(text: str) -> tuple[str, ...]:
    return tuple(word if re.fullmatch(r"S[A-Z0-9]{2,}", word) else _approver_email(word) for word in _words(text))


def _approver_email(word: str) -> str:
    try:
        return _email(word)
    except ValueError:
        raise ValueError(f"names {word!r}; it wants Slack user group ids (S0123456789) or e-mails, separated by commas") from None


def _emails(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_email(word) for word in _words(text)))


def _countries(text: str) -> tuple[str, ...]:
    for word in _words(text):
        if not re.fullmatch(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", word):
            raise ValueError(f"names {word!r}; it wants country codes, with a subdivision if need be, such as SG or DE-BY")
    return tuple(_words(text))


def _senders(text: str) -> tuple[str, ...]:
    for word in _words(text):
        if not re.fullmatch(r"([^@\s]*@)?[^@\s.]+(\.[^@\s.]+)+", word):
            raise ValueError(f"names {word!r}; it wants senders or domains, such as nas@example.com, example.com")
    return tuple(word.lower().removeprefix("@") for word in _words(text))
