"""Folders of .pyc files, for processes that are started with `-X pycache_prefix`."""

import py_compile
import sys
import sysconfig
from pathlib import Path


def compile_loaded(*, python_only: bool) -> None:
    """Compiles what this process has loaded into its own cache folder, unchecked, as an artefact ships it.

    With `python_only`, Python's own library alone: that is what an artefact without .pyc files finds.
    """
    library = Path(sysconfig.get_path("stdlib"))
    for module in list(sys.modules.values()):
        source, cached = getattr(module, "__file__", None), getattr(module, "__cached__", None)
        if not source or not cached or not source.endswith(".py"):
            continue
        own = Path(source).is_relative_to(library) and "site-packages" not in source
        if own or not python_only:
            py_compile.compile(source, cfile=cached, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
