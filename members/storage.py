"""File storage that has the bytes on disk before it says so."""

import os
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage


class DurableFileSystemStorage(FileSystemStorage):
    """Local private files: fsynced (file and folder) before the row that names them commits.

    security.md section 0.9: with this, acknowledged uploads survived worker kills.
    """

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]
        saved: str = super()._save(name, content)  # type: ignore[misc]
        path = Path(self.path(saved))
        for target in (path, path.parent):
            descriptor = os.open(target, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        return saved

    def url(self, name: str | None) -> str:
        raise ValueError("Private files have no address of their own.")
