"""Whatever the product asks of AWS goes to the meter; what it asks of Slack and Google is counted on its way."""

import http.client
from typing import Any, cast
from urllib.parse import urlsplit

from moto.core.models import botocore_stubber

from bench.bill.meter import Meter
from bolt_app.adapters import aws
from workflows.kernel.ports import Json


def listen(meter: Meter, outside: Json) -> None:
    """For the rest of the process. `outside`: the addresses of Slack and Google."""
    make = aws.session

    def session() -> Any:  # noqa: ANN401 - boto3's
        made = make()
        made.events.unregister("before-send", cast("Any", botocore_stubber))  # it would answer a second time, and write twice
        made.events.unregister("before-send", meter.before_send)
        made.events.register("before-send", meter.before_send)
        return made

    aws.session = session  # type: ignore[assignment] # the one place where sessions are made gets one listener
    ports = {urlsplit(outside[name]).port: name for name in ("slack", "google")}
    begin = http.client.HTTPConnection.putrequest

    def putrequest(self: http.client.HTTPConnection, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - http.client's
        meter.outside(ports[self.port])
        begin(self, *args, **kwargs)

    http.client.HTTPConnection.putrequest = putrequest  # type: ignore[method-assign] # in this process only
