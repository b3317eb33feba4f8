"""What manifest.json grants the app, so that this workspace refuses what a real one would."""

import json
from pathlib import Path

from infra.local.slack.methods import SCOPES_USED
from infra.local.slack.workspace import Manifest

DEFAULT = Path(__file__).parents[3] / "manifest.json"


def manifest(path: Path = DEFAULT, scopes: frozenset[str] | None = None) -> Manifest:
    """Scopes and tabs of the file; where there is none, the scopes of all methods played here. `scopes` overrules both."""
    if not path.exists():
        return Manifest(scopes=SCOPES_USED if scopes is None else scopes)
    described = json.loads(path.read_text(encoding="utf-8"))
    granted = frozenset(described.get("oauth_config", {}).get("scopes", {}).get("bot", ()))
    home = described.get("features", {}).get("app_home", {})
    return Manifest(
        scopes=granted if scopes is None else scopes,
        home_tab=home.get("home_tab_enabled", False),
        messages_tab=home.get("messages_tab_enabled", False),
    )
