"""What the runtime writes of an error that nobody caught: its kind and its trace, and never the words of somebody's mail."""

from collections.abc import Iterator
from contextlib import contextmanager

from workflows.kernel.errors import OutsideError


class Crashed(Exception):
    """A mistake of ours. Its words are the kind of error; where it happened stands in the trace."""


@contextmanager
def discreet() -> Iterator[None]:
    """Inside, our own errors pass as they are. Any other may quote what was sent, so that it passes without its words."""
    try:
        yield
    except OutsideError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is raised on
        raise Crashed(type(error).__name__).with_traceback(error.__traceback__) from None
