"""List prices, in US dollars: on demand, no free tier, no savings plan, no tax.

Region ap-southeast-1 (Singapore), as believed in 2026-11. "read": seen in a copy of AWS's own Price List of 2026-08-12 for this
region (https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/<service>/current/ap-southeast-1/index.json). "memory": from the
services' pricing pages as remembered, to be looked up before it decides anything.

Left out, since each is less than a cent: what functions send to Slack and Google (12 cents a GB), raw mails kept in S3 (2.5
cents a GB and month), letters of the alarms. A Budget without actions costs nothing.
"""

from typing import Literal, NamedTuple

AS_OF, REGION = "2026-11", "ap-southeast-1"
MONTH_DAYS, MONTH_HOURS = 30.4, 730
MILLION, GB = 1e6, 1024**3


class Price(NamedTuple):
    """`each`: dollars for one of what is counted. `url`: where it is published."""

    each: float
    known: Literal["read", "memory"]
    url: str


LAMBDA = "https://aws.amazon.com/lambda/pricing/"
DYNAMODB = "https://aws.amazon.com/dynamodb/pricing/on-demand/"
S3 = "https://aws.amazon.com/s3/pricing/"
SQS = "https://aws.amazon.com/sqs/pricing/"
EVENTS = "https://aws.amazon.com/eventbridge/pricing/"
LOGS = "https://aws.amazon.com/cloudwatch/pricing/"
SECRETS = "https://aws.amazon.com/secrets-manager/pricing/"
SSM = "https://aws.amazon.com/systems-manager/pricing/"
SES = "https://aws.amazon.com/ses/pricing/"
BEDROCK = "https://aws.amazon.com/bedrock/pricing/"

PRICES = {
    "lambda requests": Price(0.20 / MILLION, "read", LAMBDA),
    "lambda GB-seconds": Price(0.0000133334, "read", LAMBDA),  # arm64
    "dynamodb read units": Price(0.1425 / MILLION, "memory", DYNAMODB),  # after the cut by half of 2024-11
    "dynamodb write units": Price(0.7125 / MILLION, "memory", DYNAMODB),
    "dynamodb GB stored": Price(0.285 + 0.228, "memory", DYNAMODB),  # and its continuous backup
    "s3 LIST and PUT": Price(0.005 / 1000, "read", S3),
    "s3 GET": Price(0.0004 / 1000, "read", S3),
    "sqs requests": Price(0.40 / MILLION, "memory", SQS),
    "eventbridge events": Price(1.00 / MILLION, "memory", EVENTS),  # our own; those of AWS services cost nothing
    "scheduler invocations": Price(1.25 / MILLION, "memory", EVENTS),
    "logs GB taken in": Price(0.70, "read", LOGS),
    "secrets calls": Price(0.05 / 10_000, "read", SECRETS),
    "ssm calls": Price(0.0, "memory", SSM),  # standard parameters at standard throughput; AWS's own key for the secure one
    "secrets": Price(0.40, "read", SECRETS),
    "alarms": Price(0.10, "read", LOGS),
    "metrics": Price(0.30, "memory", LOGS),  # for each hour in which it is told something, a 730th
    "letters": Price(0.10 / 1000, "memory", SES),
    "mails taken in": Price(0.10 / 1000, "memory", SES),
    "model words in": Price(1.00 / MILLION, "memory", BEDROCK),  # tokens of Claude Haiku 4.5, global profile
    "model words out": Price(5.00 / MILLION, "memory", BEDROCK),
}

SQS_POLLS_A_MINUTE = {True: 15, False: 6}
"""Empty receives of one event source mapping while nothing comes, each a long poll of 20 s.

Five of them side by side where MaximumConcurrency is set (True); without it AWS goes down to two.
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
"""
