"""Values that are stored encrypted, and the keyed hash that finds them again.

Stored shape of text: ``1.<base64url(id length, key id, nonce, ciphertext)>``; the associated
data is ``table.column``, so a value moved to another column does not open (domain.md section 5.8).
The newest key of ``settings.ENCRYPTION_KEYS`` (the first) encrypts; every listed key decrypts.
"""

import base64
import hashlib
import hmac
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

FORMAT = "1"
NONCE_BYTES = 12


class DecryptionError(ValueError):
    """The stored value does not open: unknown key, altered text or another column's value."""


def _key(key_id: str) -> bytes:
    try:
        return base64.b64decode(settings.ENCRYPTION_KEYS[key_id])
    except KeyError as error:
        raise DecryptionError(f"unknown key {key_id!r}") from error


def current_key_id() -> str:
    """Return the id of the key that encrypts new values."""
    return next(iter(settings.ENCRYPTION_KEYS))


def key_id_of_bytes(data: bytes) -> str:
    """Return under which key stored bytes lie; their beginning is enough."""
    return data[1 : 1 + data[0]].decode(errors="replace") if data else ""


def key_id_of_text(value: str) -> str:
    """Return under which key a stored text lies. Raises DecryptionError on another shape."""
    mark, _, encoded = value.partition(".")
    if mark != FORMAT:
        raise DecryptionError("unknown format")
    return key_id_of_bytes(base64.urlsafe_b64decode(encoded))


def encrypt_bytes(data: bytes, *, context: str) -> bytes:
    """Return key id length, key id, nonce and ciphertext of `data` bound to `context`."""
    key_id = current_key_id()
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(_key(key_id)).encrypt(nonce, data, context.encode())
    return bytes([len(key_id)]) + key_id.encode() + nonce + sealed


def decrypt_bytes(data: bytes, *, context: str) -> bytes:
    """Return the plain bytes, or raise DecryptionError."""
    if not data:
        raise DecryptionError("empty value")
    id_end = 1 + data[0]
    key_id = data[1:id_end].decode(errors="replace")
    nonce, sealed = data[id_end : id_end + NONCE_BYTES], data[id_end + NONCE_BYTES :]
    key = _key(key_id)
    try:
        return AESGCM(key).decrypt(nonce, sealed, context.encode())
    except (InvalidTag, ValueError) as error:
        raise DecryptionError("the value does not open") from error


def encrypt_text(value: str, *, context: str) -> str:
    """Return the printable stored shape of `value` bound to `context`."""
    sealed = encrypt_bytes(value.encode(), context=context)
    return f"{FORMAT}.{base64.urlsafe_b64encode(sealed).decode()}"


def decrypt_text(value: str, *, context: str) -> str:
    """Return the plain text of a stored shape, or raise DecryptionError."""
    mark, _, encoded = value.partition(".")
    if mark != FORMAT:
        raise DecryptionError("unknown format")
    try:
        sealed = base64.urlsafe_b64decode(encoded)
    except ValueError as error:
        raise DecryptionError("not base64") from error
    return decrypt_bytes(sealed, context=context).decode()


def lookup_hash(value: str) -> str:
    """Return the keyed hash (64 hex digits) under which an encrypted value is found, or ''."""
    if not value:
        return ""
    return hmac.new(settings.LOOKUP_KEY.encode(), value.encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField[Any, Any]):
    """Text that is plain in Python and encrypted in the database; '' stays ''."""

    def _context(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return encrypt_text(prepared, context=self._context()) if prepared else prepared

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return decrypt_text(value, context=self._context()) if value else value


class EncryptedJSONField(models.TextField[Any, Any]):
    """A JSON value (dict, list, text, number, None) that is encrypted as a whole."""

    # Read by django-stubs: what is set and got is any JSON value, not text.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def _context(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_prep_value(self, value: Any) -> Any:
        if value is None:
            return None
        encoded = json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)
        return encrypt_text(encoded, context=self._context())

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return json.loads(decrypt_text(value, context=self._context())) if value else None

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return json.dumps(self.value_from_object(obj), ensure_ascii=False, cls=DjangoJSONEncoder)
