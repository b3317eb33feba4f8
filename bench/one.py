"""One module of figures in a process of its own: `python -m bench.one rule` prints them as JSON."""

import json
import sys
from dataclasses import asdict
from importlib import import_module


def main() -> None:
    figures = import_module(f"bench.{sys.argv[1]}").measure()
    print(json.dumps([asdict(figure) for figure in figures]))


if __name__ == "__main__":
    main()
