"""Mail: the rule set, DNS, and SES's identities."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from bolt_app.adapters.aws import code_of
from infra.doctor.asking import asking
from infra.doctor.finding import Finding
from infra.doctor.judge.mail import (
    Lane,
    domain_of,
    judge_allowed,
    judge_identity,
    judge_mx,
    judge_rules,
    judge_sending,
    lane_off,
    recipients_of,
)
from infra.doctor.world import World


def look_at_mail(world: World) -> Iterator[Finding]:
    """Reports that come in. Without the rule set of infra/ses.yaml the lane is off."""
    lane = _lane(world)
    rules = _rules(world, lane)
    if rules is None:
        yield lane_off(lane)
        return
    with asking("the active rule set of SES", "ses:DescribeActiveReceiptRuleSet"):
        active = world.client("ses").describe_active_receipt_rule_set()
    yield judge_rules(lane, active.get("Metadata", {}).get("Name", ""), active.get("Rules", ()), rules)
    yield judge_allowed(world.settings.mail_allow)
    for domain in sorted({domain_of(address) for address in recipients_of(rules, lane.bucket)}):
        yield from judge_identity(domain, _identity(world, domain), lane, sends=domain == domain_of(lane.sender))
        with asking(f"the MX records of {domain}"):
            records = world.dns.mx(domain)
        yield judge_mx(lane, domain, records)


def look_at_letters(world: World) -> Iterator[Finding]:
    """Letters that leave. SES takes an address of its own identity, else of its domain's."""
    lane = _lane(world)
    account: Any = {}
    if lane.sender:
        with asking("the account's sending by SES", "ses:GetAccount"):
            account = world.client("sesv2").get_account()
    yield from judge_sending(account, lane.sender)
    if lane.sender:
        domain = domain_of(lane.sender)
        own, of_domain = _identity(world, lane.sender), _identity(world, domain)
        if own is not None and (of_domain is None or not of_domain.get("VerifiedForSendingStatus")):
            yield from judge_identity(lane.sender, own, lane, sends=True)
        else:
            yield from judge_identity(domain, of_domain, lane, sends=True)


def _lane(world: World) -> Lane:
    told = world.settings
    return Lane(
        region=str(world.session.region_name),
        rule_set=f"{told.prefix}-inbound-rules",
        rule=f"{told.prefix}-store-reports",
        configuration_set=f"{told.prefix}-letters",
        bucket=told.raw_mime_bucket,
        sender=told.sender,
    )


def _rules(world: World, lane: Lane) -> list[dict[str, Any]] | None:
    """None where there is no such rule set."""
    with asking(f"the rule set {lane.rule_set}", "ses:DescribeReceiptRuleSet"):
        try:
            rules: list[dict[str, Any]] = (
                world.client("ses").describe_receipt_rule_set(RuleSetName=lane.rule_set).get("Rules", [])
            )
        except ClientError as error:
            if "RuleSetDoesNotExist" not in code_of(error):
                raise
            return None
    return rules


def _identity(world: World, name: str) -> dict[str, Any] | None:
    """None where SES knows none of that name."""
    with asking(f"the identity {name}", "ses:GetEmailIdentity"):
        try:
            found: dict[str, Any] = world.client("sesv2").get_email_identity(EmailIdentity=name)
        except ClientError as error:
            if code_of(error) != "NotFoundException":
                raise
            return None
    return found
