"""The service account of this machine, and the tokens that it gets for its key."""

import json
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_private_key
from google.auth import jwt
from google.auth.exceptions import GoogleAuthError

EMAIL = "sentinel@local-project.iam.gserviceaccount.com"
AUDIENCE = "https://oauth2.googleapis.com/token"
"""Whom google-auth addresses the request to, whatever the endpoint."""

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_SECONDS = 3600


def service_account(file: Path, *, token_uri: str) -> str:
    """The account's JSON key: the one in the file, else a new one, which is kept there. It names this `token_uri`."""
    key: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else _new_key()
    if key.get("token_uri") != token_uri:
        key["token_uri"] = token_uri
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(json.dumps(key, indent=2) + "\n", encoding="utf-8")
    return json.dumps(key)


def _new_key() -> dict[str, str]:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return {
        "type": "service_account",
        "project_id": "local-project",
        "private_key_id": secrets.token_hex(20),
        "private_key": private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        "client_email": EMAIL,
        "client_id": "100000000000000000000",
    }


@dataclass(slots=True)
class Tokens:
    """Hands out bearer tokens for requests that the account has signed, and knows them again.

    Attributes:
        key: the account's JSON key; only its public half is used.
    """

    key: str
    _known: dict[str, tuple[float, frozenset[str]]] = field(default_factory=dict)

    def grant(self, form: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        """Status and body for a request to the token endpoint."""
        account = json.loads(self.key)
        public = load_pem_private_key(account["private_key"].encode(), None).public_key()
        certificates = {account["private_key_id"]: public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)}
        try:
            if form["grant_type"] != [GRANT]:
                return 400, {"error": "unsupported_grant_type", "error_description": f"Invalid grant_type: {form['grant_type']}"}
            claims = jwt.decode(form["assertion"][0], certs=certificates, audience=AUDIENCE)
        except (KeyError, ValueError, GoogleAuthError):
            return 400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
        if claims["iss"] != account["client_email"]:
            return 400, {"error": "invalid_grant", "error_description": "Invalid grant: account not found"}
        token = f"ya29.local-{secrets.token_urlsafe(24)}"
        self._known[token] = (time.time() + TOKEN_SECONDS, frozenset(str(claims.get("scope", "")).split()))
        return 200, {"access_token": token, "expires_in": TOKEN_SECONDS - 1, "token_type": "Bearer"}

    def scopes(self, authorization: str) -> frozenset[str] | None:
        """What the bearer of this header may use; None when it is no token of ours, or an old one."""
        kind, _, token = authorization.partition(" ")
        until, scopes = self._known.get(token, (0.0, frozenset()))
        return scopes if kind == "Bearer" and time.time() < until else None

    def revoke(self) -> None:
        self._known.clear()
