"""The documents in Google Drive: whether they changed, and what they say."""

from functools import cached_property
from typing import Any

from bolt_app.adapters.google_account import GoogleAccount
from bolt_app.adapters.google_errors import translated
from workflows.kernel.errors import Refused, Unanswered
from workflows.kernel.sheet import Source
from workflows.kernel.sheet_trouble import IN_THE_BIN, NO_TEXT, NOT_GOOGLES

KINDS = {"sheet": "application/vnd.google-apps.spreadsheet", "text": "application/vnd.google-apps.document"}
EXPORTED = {"sheet": "text/csv", "text": "text/plain"}


class GoogleDrive:
    """Implements `Drive`."""

    def __init__(self, account: GoogleAccount) -> None:
        self._account = account

    @property
    def account(self) -> str:
        return self._account.email

    def version(self, source: Source) -> str:
        fields = "version,modifiedTime,mimeType,trashed"
        with translated(self._account):
            found = self._files.get(fileId=source.id, fields=fields, supportsAllDrives=True).execute()
        if not isinstance(found, dict) or "version" not in found:
            raise Unanswered("BrokenAnswer", "Drive told no version")
        if found.get("trashed"):
            raise Refused(IN_THE_BIN)
        if found.get("mimeType") != KINDS[source.kind]:
            raise Refused(NOT_GOOGLES, f"Drive calls it {found.get('mimeType')}")
        return f"{found['version']} {found.get('modifiedTime', '')}"

    def export(self, source: Source) -> str:
        with translated(self._account):
            content = self._files.export(fileId=source.id, mimeType=EXPORTED[source.kind]).execute()
        if not isinstance(content, bytes):
            raise Unanswered("BrokenAnswer", "Drive exported no text")
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Refused(NO_TEXT) from None

    @cached_property
    def _files(self) -> Any:  # noqa: ANN401 - googleapiclient makes its methods at run time
        return self._account.api("drive", "v3", "drive/v3/").files()
