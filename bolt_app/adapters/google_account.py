"""The service account that Google's documents are shared with: its key, its tokens, and how its requests are sent."""

import json
from typing import TYPE_CHECKING, Any

from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2.service_account import Credentials
from googleapiclient.discovery import build
from httplib2 import Response
from requests import Session

from bolt_app.adapters.secrets import Secrets
from workflows.kernel.errors import OutsideError, Refused
from workflows.kernel.sheet_trouble import NO_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

SCOPES = ("https://www.googleapis.com/auth/drive.readonly", "https://www.googleapis.com/auth/spreadsheets")
TIMEOUT = (3.0, 8.0)
"""Seconds to connect, and between two pieces of an answer."""


class GoogleAccount:
    """Sends requests as the service account; also what googleapiclient takes for its `http`.

    Each request is sent once. httplib2, which googleapiclient would use, sends a request again when the connection closes before
    an answer, and so would append a row twice; requests does not.

    Args:
        secret: name of the secret that holds the account's JSON key.
        api_url: another address of Google's APIs, ending with a slash; "" for Google's own.
    """

    def __init__(self, secrets: Secrets, *, secret: str, api_url: str = "") -> None:
        self._secrets = secrets
        self._secret = secret
        self._api_url = api_url
        self._session: AuthorizedSession | None = None
        self._for_tokens = Session()  # of our own: the usual one tries each request four times
        self._doubted = False

    def api(self, name: str, version: str, path: str = "") -> Any:  # noqa: ANN401 - googleapiclient makes its methods at run time
        """The client of one API, from the description that googleapiclient ships. `path`: where it lies under `api_url`."""
        options = {"api_endpoint": self._api_url + path} if self._api_url else None
        return build(name, version, http=self, static_discovery=True, cache_discovery=False, client_options=options)

    @property
    def email(self) -> str:
        """Whom documents must be shared with; "" while there is no key."""
        try:
            return str(self._authorized().credentials.service_account_email)
        except OutsideError:
            return ""

    def hang_up(self) -> None:
        """Closes the connections that were kept. While a function sleeps they die unseen, and the next request with them."""
        self._for_tokens.close()
        if self._session is not None:
            self._session.close()

    def doubt(self) -> None:
        """Google refused the key: the next request reads the secret again, for it may have been exchanged."""
        self._session, self._doubted = None, True

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: "Mapping[str, str] | None" = None,
        **_: object,
    ) -> tuple[Response, bytes]:
        """One request, as httplib2 would answer it. Raises what requests and google-auth raise; see `google_errors`."""
        data = body.encode() if isinstance(body, str) else body
        answer = self._authorized().request(
            method, uri, data=data, headers=dict(headers or {}), timeout=TIMEOUT, allow_redirects=method == "GET"
        )
        response = Response({**answer.headers, "status": str(answer.status_code)})
        response.reason = answer.reason
        return response, answer.content

    def _authorized(self) -> AuthorizedSession:
        if self._session is None:
            self._session = AuthorizedSession(self._credentials(), auth_request=Request(self._for_tokens))
        return self._session

    def _credentials(self) -> Credentials:
        try:
            key = self._secrets.refresh(self._secret) if self._doubted else self._secrets.get(self._secret)
        except Refused as missing:
            self._doubted = True
            raise Refused(NO_KEY, f"{missing.reason}, {missing.detail}") from missing
        self._doubted = False
        try:
            credentials: Credentials = Credentials.from_service_account_info(json.loads(key), scopes=SCOPES)
        except (ValueError, KeyError, AttributeError, TypeError, GoogleAuthError):
            self._doubted = True
            # nothing of the error is told: it may hold pieces of the key
            raise Refused(NO_KEY, f"the secret {self._secret} holds no JSON key of a service account") from None
        return credentials
