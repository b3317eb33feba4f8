"""Mirrored documents, kept in memory."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from workflows.kernel.ports import Document


class MemoryDocuments:
    """Implements `Documents`. The version is a hash of the text, as S3's ETag is."""

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        self._kept: dict[str, Document] = {}
        for key, text in (texts or {}).items():
            self.put(key, text)

    def put(self, key: str, text: str, *, modified: datetime | None = None) -> None:
        version = hashlib.sha256(text.encode()).hexdigest()[:32]
        self._kept[key] = Document(text=text, version=version, modified=modified)

    def remove(self, key: str) -> None:
        self._kept.pop(key, None)

    def read(self, key: str) -> Document | None:
        return self._kept.get(key)
