"""PDF encryption: does the document open without a password, and what do its streams say?

Many official papers are locked against editing only: they open for everybody under the empty user
password (ISO 32000-2, 7.6). Those are taken and looked into; others are refused.
"""

import hashlib
import re
from collections.abc import Callable

from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from members.uploads.errors import ContentRefusedError

PADDING = bytes.fromhex(
    "28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a",
)
BLOCK = 16
ESCAPES = {
    b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f",
    b"(": b"(", b")": b")", b"\\": b"\\",
}  # fmt: skip
ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|[\s\S])")
LITERAL = rb"\(((?:\\[\s\S]|[^\\()]){0,400})\)"
HEX = rb"<([0-9A-Fa-f\s]{0,800})>"
DICTIONARY_BYTES = 4096


class _Unreadable(Exception):  # noqa: N818  (never leaves this module)
    """The lock's dictionary is not written as the standard says."""


def unlock(data: bytes) -> Callable[[bytes, int, int], bytes]:
    """Return what opens a stream's body (body, object number, generation), or refuse the file.

    Raises ContentRefusedError: `password` where the empty password does not open it.
    """
    try:
        lock = _dictionary(data)
        revision = _number(lock, b"R")
        is_aes = b"/AESV2" in lock or b"/AESV3" in lock
        is_open = _number(lock, b"V", 0) >= 4 and not re.search(rb"/StmF\s*/(?!Identity)\w", lock)
        key = _old_key(data, lock, revision) if revision < 5 else _new_key(lock, revision)
    except (_Unreadable, ValueError) as error:
        raise ContentRefusedError("password") from error

    def open_body(body: bytes, number: int, generation: int) -> bytes:
        if is_open:
            return body
        own = key if revision >= 5 else _object_key(key, number, generation, is_aes=is_aes)
        return _aes(own, body) if is_aes else _rc4(own, body)

    return open_body


def _dictionary(data: bytes) -> bytes:
    """Return the text of the last encryption dictionary, written in place or as an object."""
    place = max(found.start() for found in re.finditer(rb"/Encrypt(?=[\s/<])", data))
    after = data[place + len(b"/Encrypt") : place + DICTIONARY_BYTES]
    if after.lstrip().startswith(b"<<"):
        return after
    reference = re.match(rb"\s*(\d{1,10})\s+(\d{1,5})\s+R", after)
    if reference is None:
        raise _Unreadable
    starts = re.finditer(rb"(?<!\d)%s\s+%s\s+obj\b" % (reference[1], reference[2]), data)
    places = [found.end() for found in starts]
    if not places:
        raise _Unreadable
    return data[places[-1] : places[-1] + DICTIONARY_BYTES]


def _number(lock: bytes, name: bytes, default: int | None = None) -> int:
    found = re.search(rb"/" + name + rb"\s+(-?\d{1,11})(?!\d)", lock)
    if found:
        return int(found[1])
    if default is None:
        raise _Unreadable
    return default


def _string(text: bytes, name: bytes) -> bytes:
    """Return a string of the dictionary, literal or in hex digits."""
    found = re.search(rb"/" + name + rb"\s*(?:" + LITERAL + rb"|" + HEX + rb")", text)
    if found is None:
        raise _Unreadable
    if found[2] is not None:
        return bytes.fromhex(found[2].decode())
    return ESCAPE.sub(_escaped, found[1])


def _escaped(found: "re.Match[bytes]") -> bytes:
    sign = found[1]
    if sign.isdigit():
        return bytes([int(sign, 8) & 0xFF])
    return b"" if sign in {b"\n", b"\r", b"\r\n"} else ESCAPES.get(sign, sign)


def _old_key(data: bytes, lock: bytes, revision: int) -> bytes:
    """Return the file key of revisions 2 to 4 under the empty password (algorithms 2, 4, 5)."""
    owner, user = _string(lock, b"O"), _string(lock, b"U")
    identity = re.search(rb"/ID\s*\[\s*(?:" + LITERAL + rb"|" + HEX + rb")", data)
    first = b""
    if identity:
        first = _string(b"/ID " + identity[0].split(b"[", 1)[1].strip(), b"ID")
    bits = _number(lock, b"Length", 40) if revision > 2 else 40
    size = 16 if b"/CFM" in lock else min(max(bits // 8, 5), 16)
    limits = (_number(lock, b"P") & 0xFFFFFFFF).to_bytes(4, "little")
    hides_all = b"\xff" * 4 if revision == 4 and b"/EncryptMetadata false" in lock else b""
    key = _md5(PADDING + owner[:32] + limits + first + hides_all)
    if revision > 2:
        for _ in range(50):
            key = _md5(key[:size])
    key = key[:size]
    if revision == 2:
        if _rc4(key, PADDING) != user[:32]:
            raise _Unreadable
        return key
    check = _rc4(key, _md5(PADDING + first))
    for turn in range(1, 20):
        check = _rc4(bytes(byte ^ turn for byte in key), check)
    if check != user[:16]:
        raise _Unreadable
    return key


def _new_key(lock: bytes, revision: int) -> bytes:
    """Return the file key of revisions 5 and 6 under the empty password (algorithm 2.A)."""
    user, packed = _string(lock, b"U"), _string(lock, b"UE")
    if len(user) < 48 or len(packed) < 32:
        raise _Unreadable
    make = _hash_of_six if revision >= 6 else (lambda salt: hashlib.sha256(salt).digest())
    if make(user[32:40]) != user[:32]:
        raise _Unreadable
    cipher = Cipher(algorithms.AES(make(user[40:48])), modes.CBC(bytes(BLOCK))).decryptor()
    return cipher.update(packed[:32]) + cipher.finalize()


def _hash_of_six(salt: bytes) -> bytes:
    """Return algorithm 2.B over the empty password and a salt of 8 bytes."""
    key = hashlib.sha256(salt).digest()
    turn = 0
    while True:
        cipher = Cipher(algorithms.AES(key[:16]), modes.CBC(key[16:32])).encryptor()
        mixed = cipher.update(key * 64) + cipher.finalize()
        name = ("sha256", "sha384", "sha512")[sum(mixed[:16]) % 3]
        key = hashlib.new(name, mixed).digest()
        turn += 1
        if turn >= 64 and mixed[-1] <= turn - 32:
            return key[:32]


def _object_key(key: bytes, number: int, generation: int, *, is_aes: bool) -> bytes:
    parts = key + number.to_bytes(5, "little")[:3] + generation.to_bytes(4, "little")[:2]
    return _md5(parts + (b"sAlT" if is_aes else b""))[: min(len(key) + 5, 16)]


def _aes(key: bytes, body: bytes) -> bytes:
    whole = len(body) - len(body) % BLOCK
    if whole < 2 * BLOCK:
        return b""
    cipher = Cipher(algorithms.AES(key), modes.CBC(body[:BLOCK])).decryptor()
    plain = cipher.update(body[BLOCK:whole]) + cipher.finalize()
    return plain[: -plain[-1]] if 0 < plain[-1] <= BLOCK else plain


def _rc4(key: bytes, body: bytes) -> bytes:
    cipher = Cipher(ARC4(key), mode=None).encryptor()
    return cipher.update(body) + cipher.finalize()


def _md5(data: bytes) -> bytes:
    """Return what the format asks for; nothing is protected by it here."""
    return hashlib.md5(data, usedforsecurity=False).digest()
