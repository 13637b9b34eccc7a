"""Open a CMS message strictly and check its one signature.

Header fields outside the signature can be changed without breaking it, so each is compared. A
damaged part may raise late, because the parsers are lazy: the verifier calls that malformed too.
"""

import hmac
from dataclasses import dataclass
from typing import Any

from asn1crypto import cms, core
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from members.pki import identity
from members.pki.refusals import ProofRefusedError, Refusal

identity.register()

MAX_MESSAGE_BYTES = 64 * 1024
MAX_CERTIFICATES = 8
MIN_RSA_BITS = 2048
DIGESTS: dict[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
NULL = b"\x05\x00"
REQUIRED_ATTRIBUTES = frozenset({"content_type", "message_digest", "signing_certificate_v2"})


@dataclass(frozen=True)
class SignedMessage:
    """A message whose signature holds: who signed, and what."""

    signer: x509.Certificate
    content: bytes


def malformed(detail: str) -> ProofRefusedError:
    """Return the refusal of a message that is not the one kind we take."""
    return ProofRefusedError(Refusal.CMS_MALFORMED, detail)


def open_message(der: bytes) -> SignedMessage:
    """Return signer and content of a SignedData with one good signature.

    Raises ProofRefusedError: cms_malformed, algorithm_refused or signature_invalid.
    """
    if len(der) > MAX_MESSAGE_BYTES:
        raise malformed("too large")
    outer = cms.ContentInfo.load(der, strict=True)
    if outer["content_type"].native != "signed_data":
        raise malformed("not SignedData")
    signed_data = outer["content"]
    info = _only_signer(signed_data)
    content = _attached_content(signed_data)
    signer = _signer_certificate(signed_data, info)
    attributes = _signed_attributes(info)
    _check_digests(info, attributes, content, signer)
    _check_signature(info, signer)
    return SignedMessage(signer=signer, content=content)


def _is_plain(algorithm: Any) -> bool:
    """Tell whether an algorithm has no parameters, or NULL."""
    parameters = algorithm["parameters"]
    return isinstance(parameters, (core.Null, core.Void)) or parameters.dump() == NULL


def _only_signer(signed_data: Any) -> Any:
    """Return the one SignerInfo of a v1 message with one digest algorithm and no CRLs."""
    if (
        signed_data["version"].native != "v1"
        or len(signed_data["digest_algorithms"]) != 1
        or len(signed_data["signer_infos"]) != 1
        or not isinstance(signed_data["crls"], core.Void)
    ):
        raise malformed("header")
    info = signed_data["signer_infos"][0]
    same_digest = signed_data["digest_algorithms"][0].dump() == info["digest_algorithm"].dump()
    if (
        info["version"].native != "v1"
        or not same_digest
        or not _is_plain(info["digest_algorithm"])
        or not isinstance(info["unsigned_attrs"], core.Void)
    ):
        raise malformed("signer header")
    algorithm = info["signature_algorithm"]
    if algorithm.signature_algo != "rsassa_pss" and not _is_plain(algorithm):
        raise malformed("signature parameters")
    return info


def _attached_content(signed_data: Any) -> bytes:
    inner = signed_data["encap_content_info"]
    if inner["content_type"].native != "data" or inner["content"].native is None:
        raise malformed("attached data expected")
    return bytes(inner["content"].native)


def _signer_certificate(signed_data: Any, info: Any) -> x509.Certificate:
    """Return the signer's certificate; whatever else the message brings along is ignored."""
    certificates = signed_data["certificates"]
    if isinstance(certificates, core.Void) or info["sid"].name != "issuer_and_serial_number":
        raise malformed("certificates")
    brought = [entry.chosen for entry in certificates if entry.name == "certificate"]
    if not 1 <= len(brought) <= MAX_CERTIFICATES or len(brought) != len(certificates):
        raise malformed("certificates")
    sid = info["sid"].chosen
    mine = [
        certificate
        for certificate in brought
        if certificate.serial_number == sid["serial_number"].native
        and certificate.issuer.dump() == sid["issuer"].dump()
    ]
    if len(mine) != 1:
        raise malformed("signer certificate")
    return x509.load_der_x509_certificate(mine[0].dump())


def _signed_attributes(info: Any) -> dict[str, Any]:
    """Return the signed attributes by name: the three we need, none twice."""
    attributes = info["signed_attrs"]
    if isinstance(attributes, core.Void) or not len(attributes):
        raise malformed("signed attributes required")
    found: dict[str, Any] = {}
    for attribute in attributes:
        name = attribute["type"].native
        if name in found or len(attribute["values"]) != 1:
            raise malformed("repeated attribute")
        found[name] = attribute["values"][0]
    if REQUIRED_ATTRIBUTES - found.keys() or found["content_type"].native != "data":
        raise malformed("attributes")
    return found


def _check_digests(
    info: Any, attributes: dict[str, Any], content: bytes, signer: x509.Certificate
) -> None:
    """Compare the digest of the content and of the signer's certificate with what was signed."""
    name = info["digest_algorithm"]["algorithm"].native
    if name not in DIGESTS:
        raise ProofRefusedError(Refusal.ALGORITHM_REFUSED, name)
    digest = hashes.Hash(DIGESTS[name]())
    digest.update(content)
    if not hmac.compare_digest(attributes["message_digest"].native, digest.finalize()):
        raise ProofRefusedError(Refusal.SIGNATURE_INVALID, "messageDigest")
    named = attributes["signing_certificate_v2"]["certs"][0]
    is_same = hmac.compare_digest(named["cert_hash"].native, signer.fingerprint(hashes.SHA256()))
    if named["hash_algorithm"]["algorithm"].native != "sha256" or not is_same:
        raise ProofRefusedError(Refusal.SIGNATURE_INVALID, "signingCertificateV2")


def _check_signature(info: Any, signer: x509.Certificate) -> None:
    """Verify over the attributes as received, under the tag of a SET OF.

    Encoding them anew would mend bent tags on the way.
    """
    signed = core.SetOf(contents=info["signed_attrs"].contents, spec=core.Any).dump()
    signature = info["signature"].native
    digest = DIGESTS[info["digest_algorithm"]["algorithm"].native]()
    algorithm = info["signature_algorithm"]
    key = signer.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, _rsa_padding(algorithm, key, digest), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            if algorithm.signature_algo != "ecdsa" or algorithm.hash_algo != digest.name:
                raise ProofRefusedError(Refusal.ALGORITHM_REFUSED, "ECDSA")
            key.verify(signature, signed, ec.ECDSA(digest))
        else:
            raise ProofRefusedError(Refusal.ALGORITHM_REFUSED, type(key).__name__)
    except InvalidSignature:
        raise ProofRefusedError(Refusal.SIGNATURE_INVALID) from None


def _rsa_padding(
    algorithm: Any, key: rsa.RSAPublicKey, digest: hashes.HashAlgorithm
) -> padding.PKCS1v15 | padding.PSS:
    """Return the padding that the message names; weak keys and mixed hashes are refused."""
    if key.key_size < MIN_RSA_BITS:
        raise ProofRefusedError(Refusal.ALGORITHM_REFUSED, f"RSA-{key.key_size}")
    is_bare = algorithm["algorithm"].native == "rsassa_pkcs1v15"
    if not is_bare and algorithm.hash_algo != digest.name:
        raise ProofRefusedError(Refusal.ALGORITHM_REFUSED, "hash mismatch")
    if algorithm.signature_algo == "rsassa_pkcs1v15":
        return padding.PKCS1v15()
    if algorithm.signature_algo != "rsassa_pss":
        raise ProofRefusedError(Refusal.ALGORITHM_REFUSED, algorithm["algorithm"].native)
    parameters = algorithm["parameters"]
    mask = parameters["mask_gen_algorithm"]["parameters"]["algorithm"].native
    if mask != digest.name or parameters["salt_length"].native != digest.digest_size:
        raise ProofRefusedError(Refusal.ALGORITHM_REFUSED, "PSS parameters")
    return padding.PSS(padding.MGF1(digest), digest.digest_size)
