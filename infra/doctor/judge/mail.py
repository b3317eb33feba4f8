"""The mail lane: reports come in by a rule of SES, letters leave by its identities. Without infra/ses.yaml it is off."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra.doctor.dns import Mx
from infra.doctor.finding import Finding, few, ok, unsure, wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """What it should be like.

    Attributes:
        rule_set, rule, configuration_set: names that infra/ses.yaml gives. bucket: where reports are put.
        sender: the address of letters; "" where none leave.
    """

    region: str
    rule_set: str
    rule: str
    configuration_set: str
    bucket: str
    sender: str

    @property
    def mx(self) -> str:
        return f"inbound-smtp.{self.region}.amazonaws.com"


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def recipients_of(rules: Sequence[Mapping[str, Any]], bucket: str) -> list[str]:
    """Whose mail these rules put into our bucket."""
    ours = [rule for rule in rules if rule.get("Enabled") and _stores(rule, bucket)]
    return sorted({str(one).lower() for rule in ours for one in rule.get("Recipients", ())})


def _stores(rule: Mapping[str, Any], bucket: str) -> bool:
    return any(action.get("S3Action", {}).get("BucketName") == bucket for action in rule.get("Actions", ()))


def lane_off(lane: Lane) -> Finding:
    return ok(f"the mail lane is off: there is no rule set {lane.rule_set} (make stack ENV=ses turns it on)")


def judge_rules(
    lane: Lane, active: str, active_rules: Sequence[Mapping[str, Any]], our_rules: Sequence[Mapping[str, Any]]
) -> Finding:
    """`active`: the name of the account's one active rule set; "" for none."""
    here, taken = recipients_of(our_rules, lane.bucket), recipients_of(active_rules, lane.bucket)
    deploy, activate = "make stack ENV=ses", f"aws ses set-active-receipt-rule-set --rule-set-name {lane.rule_set}"
    if active and active != lane.rule_set:  # also with our rule in it: the bucket's policy names our set
        return wrong(
            f"another rule set is active, {active}: mail for {few(here or taken)} is not taken, as {lane.bucket} takes it "
            f"from rules of {lane.rule_set} alone",
            f"move the rules of {active} into {lane.rule_set} (aws ses describe-receipt-rule-set --rule-set-name {active} "
            f"shows them), then {activate}",
        )
    if taken:
        return ok(f"the rule set {lane.rule_set} is active, and puts the mail of {few(taken)} into {lane.bucket}")
    if not here:
        return wrong(f"the rule set {lane.rule_set} has no enabled rule that puts mail into {lane.bucket}", deploy)
    if active:
        return wrong(f"the rule {lane.rule} is switched off", deploy)
    return wrong(f"the rule set {lane.rule_set} is not active: no mail is taken", activate)


def judge_mx(lane: Lane, domain: str, records: Sequence[Mx]) -> Finding:
    """`records`: lowest preference, which is tried first, first."""
    right = f"at the DNS of {domain}: an MX record of {domain} with the value 10 {lane.mx}"
    if not records:
        return wrong(f"{domain} has no MX record: reports cannot arrive", right)
    first = [record.host for record in records if record.preference == records[0].preference]
    if first == [lane.mx]:
        return ok(f"mail for {domain} goes to {lane.mx}")
    if lane.mx in [record.host for record in records]:
        return wrong(
            f"mail for {domain} goes to {few([host for host in first if host != lane.mx])} first", f"{right}, and no other"
        )
    return wrong(
        f"mail for {domain} goes to {few([record.host for record in records])}, not here",
        f"{right}, and no other; or a report address in a domain of its own",
    )


def judge_identity(identity: str, told: Mapping[str, Any] | None, lane: Lane, *, sends: bool) -> Iterator[Finding]:
    """`told`: what SES says of it; None where it knows none of that name. `sends`: letters leave from it."""
    console = f"AWS console, SES ({lane.region}), Identities, {identity}"
    if told is None:
        yield wrong(f"SES knows no identity {identity}", "make stack ENV=ses, and put the DNS records that it names")
        return
    verified, dkim = bool(told.get("VerifiedForSendingStatus")), str(told.get("DkimAttributes", {}).get("Status", ""))
    if not verified:
        yield wrong(
            f"the identity {identity} is not verified (DKIM {dkim or 'unknown'})",
            f"put the three CNAME records of {console}, DKIM; DNS takes up to a day",
        )
        return
    if "@" not in identity and dkim != "SUCCESS":
        yield wrong(f"the DKIM records of {identity} are not found: {dkim}", f"put the three CNAME records of {console}, DKIM")
        return
    signed = ", DKIM found" if dkim == "SUCCESS" else ""
    if sends and told.get("ConfigurationSetName") != lane.configuration_set:
        yield unsure(
            f"the identity {identity} is verified{signed}, but letters that come back are not followed",
            f"aws sesv2 put-email-identity-configuration-set-attributes --email-identity {identity} "
            f"--configuration-set-name {lane.configuration_set} "
            "(the set is made by infra/ses.yaml)",
        )
        return
    yield ok(f"the identity {identity} is verified{signed}")


def judge_sending(account: Mapping[str, Any], sender: str) -> Iterator[Finding]:
    """`account`: what sesv2 says of the account's sending."""
    if not sender:
        yield ok("no sender is set: no letters leave (SenderAddress in samconfig.toml)")
        return
    if not account.get("SendingEnabled", True):
        yield wrong(
            "SES has paused the sending of this account",
            "AWS console, SES, Account dashboard: it says why, and how to have it enabled again",
        )
    if not account.get("ProductionAccessEnabled"):
        yield unsure(
            "SES is in its sandbox: letters reach only addresses and domains that are verified here, all others are refused",
            "AWS console, SES, Account dashboard, Request production access (a day); or verify each recipient",
        )
    else:
        yield ok(f"letters leave from {sender}, to anybody")


def judge_allowed(allowed: Collection[str]) -> Finding:
    if allowed:
        return ok(f"reports count from {few(sorted(allowed), 5)}")
    return wrong(
        "mail_allow is empty, so that no report counts",
        "set MailAllow in samconfig.toml to the senders or domains of your backup tools, then make deploy",
    )
