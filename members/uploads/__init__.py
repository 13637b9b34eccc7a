"""What may be uploaded, judged by content (security.md section 5).

Nothing here touches the database. `screen` is the one door; `MAX_FILE_BYTES` and the format sets
are the policy that docs/limits.md and the upload fields quote.
"""

from members.uploads.errors import UploadRefusedError
from members.uploads.names import clean_display_name
from members.uploads.policy import (
    APPLICATION_FORMATS,
    FORMATS,
    JOINING_FORMATS,
    MAX_FILE_BYTES,
    PICTURE_FORMATS,
    PROOF_FORMATS,
    accept_attribute,
    format_labels,
)
from members.uploads.screening import ScreenedUpload, screen

__all__ = [
    "APPLICATION_FORMATS",
    "FORMATS",
    "JOINING_FORMATS",
    "MAX_FILE_BYTES",
    "PICTURE_FORMATS",
    "PROOF_FORMATS",
    "ScreenedUpload",
    "UploadRefusedError",
    "accept_attribute",
    "clean_display_name",
    "format_labels",
    "screen",
]
