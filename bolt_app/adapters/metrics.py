"""One number as a line of CloudWatch's embedded metric format: printed by a function, it is counted without a call."""

import json
from datetime import datetime
from typing import Literal

Unit = Literal["Count", "Seconds"]
"""CloudWatch's word for what a number counts."""


def metric_line(namespace: str, name: str, value: float, *, at: datetime, unit: Unit = "Count") -> str:
    """The line, with its end. `namespace`: a deployment's prefix, so that two in one account do not mix."""
    metric = {"Namespace": namespace, "Dimensions": [[]], "Metrics": [{"Name": name, "Unit": unit}]}
    line = {"_aws": {"Timestamp": int(at.timestamp() * 1000), "CloudWatchMetrics": [metric]}, name: value}
    return json.dumps(line) + "\n"
