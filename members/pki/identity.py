"""The identity in a joint certificate: VID and real name (KCAC.TS.SIVID).

`register()` teaches asn1crypto the otherName of these certificates. Without it asn1crypto 1.5.1
raises on every joint certificate's `.native`, and pyhanko-certvalidator, which reads every general
name, refuses every chain.
"""

import hashlib
import hmac

from asn1crypto import core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509

from members.pki.refusals import ProofRefusedError, Refusal

IDENTIFY_DATA = "1.2.410.200004.10.1.1"
VID = "1.2.410.200004.10.1.1.1"
MIN_R_BYTES = 20
MAX_R_BYTES = 64
# SHA-1 belongs to certificates from before 2012.
STRONG_HASHES = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}


class HashContent(core.Sequence):
    """What is hashed twice: the number and R."""

    _fields = [("idn", core.PrintableString), ("random_num", core.BitString)]


class VidAlgorithm(core.Sequence):
    """An AlgorithmIdentifier whose parameters are absent or NULL."""

    _fields = [
        ("algorithm", core.ObjectIdentifier),
        ("parameters", core.Any, {"optional": True}),
    ]


class VirtualId(core.Sequence):
    """The hash of number and R; [0] is explicit."""

    _fields = [("hash_alg", VidAlgorithm), ("virtual_id", core.OctetString, {"explicit": 0})]


class IdentityAttribute(core.Sequence):
    _fields = [("type", core.ObjectIdentifier), ("value", core.Any)]
    _oid_pair = ("type", "value")
    _oid_specs = {VID: VirtualId}


class IdentityAttributes(core.SequenceOf):
    _child_spec = IdentityAttribute


class IdentifyData(core.Sequence):
    """The otherName's value: a real name and, for subscribers, a VID."""

    _fields = [
        ("real_name", core.UTF8String),
        ("user_info", IdentityAttributes, {"optional": True}),
    ]


def register() -> None:
    """Tell asn1crypto about the identity of joint certificates.

    Importing `tsp` registers the ESS attributes with `cms`; without it a signingCertificateV2
    would be passed over in silence.
    """
    assert tsp  # noqa: S101  (the import itself is the work)
    asn1_x509.AnotherName._oid_pair = ("type_id", "value")
    asn1_x509.AnotherName._oid_specs = {IDENTIFY_DATA: IdentifyData}


register()


def virtual_id(number: str, secret: bytes, algorithm: str = "sha256") -> bytes:
    """Return h(h(DER(HashContent))): the second round hashes the raw digest of the first."""
    bits = core.BitString(tuple(int(bit) for byte in secret for bit in f"{byte:08b}"))
    content = HashContent({"idn": number, "random_num": bits}).dump()
    once = hashlib.new(algorithm, content).digest()
    return hashlib.new(algorithm, once).digest()


def identity_of(certificate: x509.Certificate) -> IdentifyData:
    """Return the certificate's one identity. Raises ProofRefusedError(vid_missing)."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        raise ProofRefusedError(Refusal.VID_MISSING) from None
    found = [
        name.value
        for name in names
        if isinstance(name, x509.OtherName) and name.type_id.dotted_string == IDENTIFY_DATA
    ]
    if len(found) != 1:
        raise ProofRefusedError(Refusal.VID_MISSING)
    return IdentifyData.load(found[0], strict=True)


def prove_number(certificate: x509.Certificate, number: str, secret: bytes) -> str:
    """Return the real name when the certificate belongs to `number`, as R shows.

    `secret`: R, 20 to 64 bytes; it is compared in constant time and kept nowhere.
    Raises ProofRefusedError with vid_missing, vid_weak_hash, vid_bad_r or vid_mismatch.
    """
    identity = identity_of(certificate)
    infos = identity["user_info"]
    attributes = [] if isinstance(infos, core.Void) else list(infos)
    found = [entry["value"] for entry in attributes if entry["type"].native == VID]
    if len(found) != 1:
        raise ProofRefusedError(Refusal.VID_MISSING)
    algorithm = STRONG_HASHES.get(found[0]["hash_alg"]["algorithm"].native)
    if algorithm is None:
        raise ProofRefusedError(Refusal.VID_WEAK_HASH)
    if not MIN_R_BYTES <= len(secret) <= MAX_R_BYTES:
        raise ProofRefusedError(Refusal.VID_BAD_R)
    expected = found[0]["virtual_id"].native
    if not hmac.compare_digest(virtual_id(number, secret, algorithm), expected):
        raise ProofRefusedError(Refusal.VID_MISMATCH)
    return str(identity["real_name"].native)
