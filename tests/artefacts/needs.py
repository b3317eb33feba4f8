"""What each function can come to load, read from the source: its handler, what wires it, and what they import, early or late."""

from collections.abc import Set as AbstractSet
from functools import cache
from typing import Final

import grimp

OURS: Final = ("bolt_app", "listeners", "workflows")
WIRED_BY: Final = {"dispatch": "dispatcher", "intake_ses_parser": "intake"}
"""Where the module in bolt_app.services has another name than the one in bolt_app.lambdas."""


def needs(handler: str) -> AbstractSet[str]:
    """Names of modules; of libraries, their first part alone."""
    function = handler.split(".")[-2]
    roots = (f"bolt_app.lambdas.{function}", f"bolt_app.services.{WIRED_BY.get(function, function)}")
    return {*roots}.union(*(_graph().find_upstream_modules(root) for root in roots))


def libraries(handler: str) -> AbstractSet[str]:
    return {name for name in needs(handler) if name.split(".")[0] not in OURS}


@cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph(*OURS, include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None)
