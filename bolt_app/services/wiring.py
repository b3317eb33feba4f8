"""What every Lambda's wiring begins with: its settings, and no garbage collected meanwhile."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

from bolt_app.adapters import aws
from bolt_app.settings import Settings, load_settings


@contextmanager
def wiring() -> Iterator[None]:
    """While a Lambda is wired no garbage is collected, and what it loaded is never looked through later.

    All of it stays for good: a hundred thousand objects, most of them the models of AWS services. Looking for garbage among
    them, again and again, was a third of what wiring bk-checker cost.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def settings() -> Settings:
    """Read once an environment; whoever calls keeps it."""
    from bolt_app.adapters.parameters import Parameters

    return load_settings(os.environ, Parameters(aws.client("ssm")).under)
