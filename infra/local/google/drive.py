"""Drive, v3: files.get and files.export."""

from datetime import UTC, datetime
from typing import Any

from infra.local.google.errors import ApiError
from infra.local.google.files import SHEET_ID, Folder, as_exported

SHEET, DOC = "application/vnd.google-apps.spreadsheet", "application/vnd.google-apps.document"
EDITABLE = "capabilities(canEdit)"
KNOWN = {"id", "version", "modifiedTime", "mimeType", "trashed", EDITABLE}


def get(folder: Folder, file_id: str, fields: str) -> dict[str, Any]:
    _text(folder, file_id)
    version = folder.version(file_id)
    moment = datetime.fromtimestamp(version / 1e9, UTC)
    facts: dict[str, Any] = {
        "id": file_id,
        "version": str(version),
        "modifiedTime": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "mimeType": SHEET if file_id == SHEET_ID else DOC,
        "trashed": False,
        EDITABLE: {"canEdit": folder.editable(file_id)},
    }
    wanted = fields.split(",") if fields else ["id", "mimeType"]
    if unknown := set(wanted) - KNOWN:
        raise ApiError(400, f"Invalid field selection {min(unknown)}", "invalidParameter")
    return {name.partition("(")[0]: facts[name] for name in wanted}


def export(folder: Folder, file_id: str, media_type: str) -> tuple[str, bytes]:
    """The media type and the bytes."""
    text = _text(folder, file_id)
    right = "text/csv" if file_id == SHEET_ID else "text/plain"
    if media_type != right:
        raise ApiError(400, "The requested conversion is not supported.", "badRequest")
    if file_id == SHEET_ID:
        return media_type, as_exported(folder.cells(text)).encode()
    return media_type, "\ufeff".encode() + "\r\n".join(text.splitlines()).encode()  # a Doc begins with the mark of its encoding


def _text(folder: Folder, file_id: str) -> str:
    text = folder.text(file_id)
    if text is None:
        raise ApiError(404, f"File not found: {file_id}.", "notFound")
    return text
