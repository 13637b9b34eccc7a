"""Sign as the page does, and wrongly on request."""

from hashlib import sha256

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

HASHES = {"sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha512": hashes.SHA512}


def attribute(name, value):
    return cms.CMSAttribute({"type": name, "values": [value]})


def certificate_named(der):
    """Return the signingCertificateV2 of a certificate."""
    entry = tsp.ESSCertIDv2({"cert_hash": sha256(der).digest()})
    return tsp.SigningCertificateV2({"certs": [entry]})


def signature_of(key, attributes, digest, *, pss):
    """Return signature and algorithm over the encoded attributes."""
    algorithm = HASHES[digest]()
    if isinstance(key, ec.EllipticCurvePrivateKey):
        name = {"algorithm": f"{digest}_ecdsa"}
        return key.sign(attributes, ec.ECDSA(algorithm)), name
    assert isinstance(key, rsa.RSAPrivateKey)
    if not pss:
        name = {"algorithm": f"{digest}_rsa", "parameters": core.Null()}
        return key.sign(attributes, padding.PKCS1v15(), algorithm), name
    filling = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size)
    parameters = algos.RSASSAPSSParams(
        {
            "hash_algorithm": {"algorithm": digest},
            "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": digest}},
            "salt_length": algorithm.digest_size,
        }
    )
    name = {"algorithm": "rsassa_pss", "parameters": parameters}
    return key.sign(attributes, filling, algorithm), name


def signed(holder, content, *, digest="sha256", pss=False, without=(), extra=(), change=None):
    """Return CMS SignedData over content. `change` may spoil it before it is encoded."""
    hashed = hashes.Hash(HASHES[digest]())
    hashed.update(content)
    attributes = [
        attribute("content_type", "data"),
        attribute("message_digest", hashed.finalize()),
        attribute("signing_certificate_v2", certificate_named(holder.der)),
    ]
    kept = [entry for entry in attributes if entry["type"].native not in without]
    attributes = cms.CMSAttributes([*kept, *extra])
    signature, algorithm = signature_of(holder.key, attributes.dump(), digest, pss=pss)
    certificate = asn1_x509.Certificate.load(holder.der)
    sid = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    named = {"algorithm": digest, "parameters": core.Null()}
    message = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [named],
            "encap_content_info": {"content_type": "data", "content": content},
            "certificates": [certificate],
            "signer_infos": [
                {
                    "version": "v1",
                    "sid": cms.SignerIdentifier("issuer_and_serial_number", sid),
                    "digest_algorithm": named,
                    "signed_attrs": attributes if len(attributes) else None,
                    "signature_algorithm": algorithm,
                    "signature": signature,
                }
            ],
        }
    )
    if change:
        change(message)
    return cms.ContentInfo({"content_type": "signed_data", "content": message}).dump(force=True)


def private_der(key):
    """Return a key as OpenSSL reads it."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
