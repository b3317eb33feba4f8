"""Node's tools for tests of the page: TypeScript's compiler in a folder that has the page's packages."""

import subprocess
from pathlib import Path

from infra.local.page.build import installed


def compiled(folder: Path, *options: str) -> list[str]:
    """What `tsc` finds wrong in a folder with a tsconfig.json; empty when nothing."""
    modules = installed(to_check=True) / "node_modules"
    (folder / "node_modules").symlink_to(modules)
    done = subprocess.run([modules / ".bin" / "tsc", "-p", folder, *options], capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines() + done.stderr.splitlines()
    assert bool(lines) == bool(done.returncode), done
    return lines
