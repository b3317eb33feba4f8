"""What manifest.json grants the app and offers to people, so that this workspace refuses what a real one would."""

import json
from pathlib import Path

from infra.local.slack.methods import SCOPES_USED
from infra.local.slack.workspace import Manifest

DEFAULT = Path(__file__).parents[3] / "manifest.json"


def manifest(path: Path = DEFAULT, scopes: frozenset[str] | None = None) -> Manifest:
    """Scopes, tabs, commands and shortcuts of the file; where there is none, the scopes of all methods played here.

    `scopes` overrules both.
    """
    if not path.exists():
        return Manifest(scopes=SCOPES_USED if scopes is None else scopes)
    described = json.loads(path.read_text(encoding="utf-8"))
    granted = frozenset(described.get("oauth_config", {}).get("scopes", {}).get("bot", ()))
    shown, features = described.get("display_information", {}), described.get("features", {})
    home = features.get("app_home", {})
    return Manifest(
        scopes=granted if scopes is None else scopes,
        home_tab=home.get("home_tab_enabled", False),
        messages_tab=home.get("messages_tab_enabled", False),
        messages_read_only=home.get("messages_tab_read_only_enabled", False),
        name=features.get("bot_user", {}).get("display_name") or shown.get("name", "App"),
        description=shown.get("description", ""),
        commands=tuple(features.get("slash_commands", ())),
        shortcuts=tuple(features.get("shortcuts", ())),
    )
