"""What the functions' logs hold, in bytes, and which metrics they tell of."""

import json
import logging
from dataclasses import dataclass, field

LINE_BYTES = 26
"""What CloudWatch adds to each line."""


@dataclass(slots=True)
class Printed:
    """Takes what functions print, in place of `sys.stdout`. Metrics are told by the lines they are made of."""

    bytes: int = 0
    metric_hours: set[tuple[str, int]] = field(default_factory=set)

    def write(self, text: str) -> int:
        for line in text.splitlines():
            self.bytes += len(line.encode()) + LINE_BYTES
            if line.startswith('{"_aws"'):
                told = json.loads(line)["_aws"]
                for metric in told["CloudWatchMetrics"][0]["Metrics"]:
                    self.metric_hours.add((metric["Name"], told["Timestamp"] // 3_600_000))
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""


class JsonLog(logging.Handler):
    """Counts a line of the log as Lambda's JSON format writes it, and keeps what is worse than a warning."""

    def __init__(self, printed: Printed) -> None:
        super().__init__(logging.INFO)
        self._printed = printed
        self.troubles: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = {
            "timestamp": "2026-11-23T00:00:00Z",
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            "requestId": "0" * 36,
        }
        self._printed.write(json.dumps(line))
        if record.levelno >= logging.ERROR:
            self.troubles.append(record.getMessage())


def platform_bytes(name: str, memory_mb: int, seconds: float, *, cold: bool) -> int:
    """Of the lines that Lambda itself writes of an invocation, in its JSON format at level INFO."""
    stamp, request = "2026-11-23T00:00:00.000Z", "0" * 36
    start = {"requestId": request, "version": "$LATEST"}
    metrics = {
        "durationMs": round(seconds * 1000, 3),
        "billedDurationMs": round(seconds * 1000),
        "memorySizeMB": memory_mb,
        "maxMemoryUsedMB": 120,
    }
    report = {"requestId": request, "metrics": metrics, "status": "success"}
    records = [("platform.start", start), ("platform.report", report)]
    if cold:
        began = {
            "initializationType": "on-demand",
            "phase": "init",
            "runtimeVersion": "python:3.14.v10",
            "runtimeVersionArn": "arn:aws:lambda:ap-southeast-1::runtime:" + "0" * 64,
            "functionName": name,
            "functionVersion": "$LATEST",
            "instanceId": "2026/11/23/" + name + "[$LATEST]" + "0" * 32,
            "instanceMaxMemory": memory_mb << 20,
        }
        records.insert(0, ("platform.initStart", began))
    lines = (json.dumps({"time": stamp, "type": kind, "record": record}) for kind, record in records)
    return sum(len(line) + LINE_BYTES for line in lines)
