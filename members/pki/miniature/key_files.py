"""Key files as joint-certificate programs write them: signPri.key in its encryptions, and PFX.

SHA-1, SEED and triple DES are what the format prescribes; nothing of ours is protected by them.
"""

import hashlib
import hmac
import os
from collections.abc import Callable, Sequence

from cryptography.hazmat.decrepit.ciphers.algorithms import SEED, TripleDES
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.base import CipherContext

from members.pki.miniature.der import NULL, bits, integer, octets, oid, sequence, tlv

RANDOM_NUMBER = "1.2.410.200004.10.1.1.3"
SEED_CBC = "1.2.410.200004.1.4"
PBE_SHA1_SEED = "1.2.410.200004.1.15"
PBES2 = "1.2.840.113549.1.5.13"
PBKDF2 = "1.2.840.113549.1.5.12"
HMAC_SHA256 = "1.2.840.113549.2.9"
AES256_CBC = "2.16.840.1.101.3.4.1.42"
TRIPLE_DES_CBC = "1.2.840.113549.3.7"
PKCS12_TRIPLE_DES = "1.2.840.113549.1.12.1.3"
FIXED_IV = b"0123456789012345"
SIGNING_KEY_SCHEMES = (
    "seed-sha1",
    "seed-fixed-iv",
    "pbes2-seed-sha1",
    "pbes2-seed-sha256",
    "pbes2-aes256-sha256",
    "pbes2-3des-sha1",
)

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
BlockCipher = SEED | TripleDES | algorithms.AES


def private_key_info(key: PrivateKey, secret: bytes | None) -> bytes:
    """Return PKCS#8 PrivateKeyInfo with R in the attributes, where most tools lose it."""
    plain = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    if secret is None:
        return plain
    attribute = tlv(0xA0, sequence(oid(RANDOM_NUMBER), tlv(0x31, bits(secret))))
    head = 4 if plain[1] == 0x82 else 3 if plain[1] == 0x81 else 2
    return sequence(plain[head:], attribute)


def encrypted_key(
    info: bytes, password: str, scheme: str = "seed-sha1", rounds: int = 2048
) -> bytes:
    """Return EncryptedPrivateKeyInfo, the content of signPri.key."""
    salt, word = os.urandom(8), password.encode()
    if scheme in ("seed-sha1", "seed-fixed-iv"):
        derived = _iterated_sha1(word + salt, rounds)
        is_usual = scheme == "seed-sha1"
        start = _sha1(derived[16:20])[:16] if is_usual else FIXED_IV
        name = PBE_SHA1_SEED if is_usual else SEED_CBC
        algorithm = sequence(oid(name), sequence(octets(salt), integer(rounds)))
        return sequence(algorithm, octets(_cbc(SEED(derived[:16]), start, info)))
    return _by_pbes2(info, word, salt, scheme, rounds)


def _by_pbes2(info: bytes, word: bytes, salt: bytes, scheme: str, rounds: int) -> bytes:
    name, prf = scheme.removeprefix("pbes2-").rsplit("-", 1)
    size, named = {
        "seed": (16, SEED_CBC),
        "aes256": (32, AES256_CBC),
        "3des": (24, TRIPLE_DES_CBC),
    }[name]
    start = os.urandom(8 if name == "3des" else 16)
    key = hashlib.pbkdf2_hmac(prf, word, salt, rounds, size)
    makers: dict[str, Callable[[bytes], BlockCipher]] = {
        "seed": SEED,
        "aes256": algorithms.AES,
        "3des": TripleDES,
    }
    cipher = makers[name](key)
    derivation = [octets(salt), integer(rounds)]
    if prf != "sha1":  # HMAC-SHA1 is the default and left out
        derivation.append(sequence(oid(HMAC_SHA256), NULL))
    algorithm = sequence(
        oid(PBES2),
        sequence(sequence(oid(PBKDF2), sequence(*derivation)), sequence(oid(named), octets(start))),
    )
    return sequence(algorithm, octets(_cbc(cipher, start, info)))


def pfx(
    info: bytes,
    certificates: Sequence[bytes],
    password: str,
    scheme: str = "3des",
    rounds: int = 1024,
) -> bytes:
    """Return a PFX: certificates in the clear, key shrouded, SHA-1 MAC, R still inside."""
    local = tlv(0x31, octets(_sha1(certificates[0])))
    mark = tlv(0x31, sequence(oid("1.2.840.113549.1.9.21"), local))
    bags = [
        sequence(
            oid("1.2.840.113549.1.12.10.1.3"),
            tlv(0xA0, sequence(oid("1.2.840.113549.1.9.22.1"), tlv(0xA0, octets(der)))),
            mark if index == 0 else b"",
        )
        for index, der in enumerate(certificates)
    ]
    shrouded = _shrouded(info, password, scheme, rounds)
    key_bag = sequence(oid("1.2.840.113549.1.12.10.1.2"), tlv(0xA0, shrouded), mark)
    safe = sequence(_data(sequence(*bags)), _data(sequence(key_bag)))
    salt = os.urandom(8)
    mac = hmac.new(pkcs12_key(password, salt, rounds, 3, 20), safe, "sha1").digest()
    digest = sequence(sequence(oid("1.3.14.3.2.26"), NULL), octets(mac))
    return sequence(integer(3), _data(safe), sequence(digest, octets(salt), integer(rounds)))


def _shrouded(info: bytes, password: str, scheme: str, rounds: int) -> bytes:
    if scheme != "3des":
        return encrypted_key(info, password, scheme)
    salt = os.urandom(8)
    key, start = (pkcs12_key(password, salt, rounds, use, size) for use, size in ((1, 24), (2, 8)))
    algorithm = sequence(oid(PKCS12_TRIPLE_DES), sequence(octets(salt), integer(rounds)))
    return sequence(algorithm, octets(_cbc(TripleDES(key), start, info)))


def _data(content: bytes) -> bytes:
    return sequence(oid("1.2.840.113549.1.7.1"), tlv(0xA0, octets(content)))


def pkcs12_key(password: str, salt: bytes, rounds: int, use: int, size: int) -> bytes:
    """Derive as RFC 7292 appendix B with SHA-1 (20 bytes of state, blocks of 64)."""
    block = 64
    word = (password + "\0").encode("utf-16-be")
    state, found = _filled(salt, block) + _filled(word, block), b""
    while len(found) < size:
        digest = _iterated_sha1(bytes([use]) * block + state, rounds)
        found += digest
        step = int.from_bytes((digest * 4)[:block], "big") + 1
        chunks = (state[index : index + block] for index in range(0, len(state), block))
        state = b"".join(
            ((int.from_bytes(chunk, "big") + step) % (1 << (8 * block))).to_bytes(block, "big")
            for chunk in chunks
        )
    return found[:size]


def _filled(value: bytes, block: int) -> bytes:
    """Repeat a value to whole blocks."""
    size = block * -(-len(value) // block)
    return (value * (size // len(value) + 1))[:size]


def _sha1(value: bytes) -> bytes:
    return hashlib.sha1(value).digest()  # noqa: S324  (the format's)


def _iterated_sha1(value: bytes, rounds: int) -> bytes:
    for _ in range(rounds):
        value = _sha1(value)
    return value


def _cbc(cipher: BlockCipher, start: bytes, plain: bytes) -> bytes:
    block = cipher.block_size // 8
    pad = block - len(plain) % block
    context: CipherContext = Cipher(cipher, modes.CBC(start)).encryptor()
    return context.update(plain + bytes([pad]) * pad) + context.finalize()
