"""Ctrl-C, which ends a command of ours as it ends any other: by its status, and without a traceback."""

from collections.abc import Callable

INTERRUPTED = 130
"""What a shell says of a program that Ctrl-C ended."""


def unless_stopped(main: Callable[[], int]) -> int:
    """The exit status."""
    try:
        return main()
    except KeyboardInterrupt:
        return INTERRUPTED
