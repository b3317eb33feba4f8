"""From what a day used to a month's bill."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.bill.prices import GB, MONTH_DAYS, MONTH_HOURS, PRICES, SQS_POLLS_A_MINUTE

CORE = (
    "lambda requests",
    "lambda GB-seconds",
    "dynamodb write units",
    "dynamodb read units",
    "s3 LIST and PUT",
    "s3 GET",
    "sqs requests",
    "eventbridge events",
    "scheduler invocations",
    "logs GB taken in",
    "secrets calls",
    "ssm calls",
)
MAIL, MODEL = ("letters", "mails taken in"), ("model words in", "model words out")
KEPT_DAYS = {"bk-heartbeats": 90, "bk-deliveries": 400, "bk-audit": 365, "bk-state": 1, "bk-proposals": 1}
"""For how many days of writing a table holds items; the audit, which is kept for good, after a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`amount`: of a month, in the unit of its price."""

    name: str
    amount: float
    dollars: float


def core(day: Mapping[str, Any]) -> list[Line]:
    """What the goal is about: all but the four secrets, alarms, metrics, mail and model."""
    used = day["used"]
    lines = [_line(name, used.get(name, 0) * MONTH_DAYS) for name in CORE]
    polls = sum(SQS_POLLS_A_MINUTE[limited] for limited in day["polled"]) * 60 * 24 * MONTH_DAYS
    return [*lines, _line("sqs requests", polls, "sqs empty polls by Lambda"), _line("dynamodb GB stored", _stored(day) / GB)]


def apart(day: Mapping[str, Any]) -> list[Line]:
    used = day["used"]
    return [
        _line("secrets", day["secrets"]),
        _line("alarms", day["alarms"]),
        _line("metrics", day["metric_hours"] * MONTH_DAYS / MONTH_HOURS),
        *(_line(name, used.get(name, 0) * MONTH_DAYS) for name in (*MAIL, *MODEL)),
    ]


def total(lines: list[Line]) -> float:
    return sum(line.dollars for line in lines)


def calls(day: Mapping[str, Any]) -> float:
    """To AWS, in a month, with those that Lambda makes to ask an empty queue."""
    ours = float(sum(times for service, _, times in day["calls"] if service not in {"slack", "google"}))
    return ours * MONTH_DAYS + sum(SQS_POLLS_A_MINUTE[limited] for limited in day["polled"]) * 60 * 24 * MONTH_DAYS


def _stored(day: Mapping[str, Any]) -> float:
    """Bytes of the tables, a year on."""
    grown = (day["grown"][table] * KEPT_DAYS[table] for table in day["grown"])
    return float(sum(day["stored"].values()) + sum(grown))


def _line(price: str, amount: float, name: str = "") -> Line:
    return Line(name=name or price, amount=amount, dollars=amount * PRICES[price].each)
