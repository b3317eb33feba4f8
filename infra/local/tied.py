"""Runs a module for no longer than the process that started it: `python -m infra.local.tied MODULE ARGUMENT…`.

The starter holds the other end of our standard input. When it ends, however it ends, that end closes and we stop as if told to.
"""

import os
import runpy
import signal
import sys
import threading
import time

PATIENCE_SECONDS = 20


def _stop_with_starter() -> None:
    os.read(0, 1)  # returns when the starter is gone: it never writes
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    module, *arguments = sys.argv[1:]
    threading.Thread(target=_stop_with_starter, daemon=True).start()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
