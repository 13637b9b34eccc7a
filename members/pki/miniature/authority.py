"""A root, an issuing authority, a responder, and what they issue and revoke."""

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from members.pki.identity import IDENTIFY_DATA, VID, virtual_id
from members.pki.miniature.der import NULL, octets, oid, sequence, tlv
from members.pki.miniature.key_files import PrivateKey

COMPANY_POLICY = "1.2.410.200004.5.4.1.2"
PERSON_POLICY = "1.2.410.200004.5.4.1.1"
RESPONDER_POLICY = "1.2.410.200004.2.1"
ANY_POLICY = "2.5.29.32.0"
HASH_NAMES = {"sha1": "1.3.14.3.2.26", "sha256": "2.16.840.1.101.3.4.2.1"}
YEAR = timedelta(days=365)
SIGNING = ("digital_signature", "content_commitment")
USAGES = (
    *SIGNING, "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign",
    "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


@dataclass
class Holder:
    """A certificate with its key and, for subscribers, R."""

    certificate: x509.Certificate
    key: PrivateKey
    secret: bytes = b""

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)


@dataclass(frozen=True)
class Wish:
    """What a subscriber's certificate shall be; the defaults make a good company one."""

    name: str
    number: str
    policy: str = COMPANY_POLICY
    from_days: int = -30
    to_days: int = 365
    usage: tuple[str, ...] = SIGNING
    vid_hash: str = "sha256"
    has_null: bool = False
    has_identity: bool = True


def key_usage(*on: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: name in on for name in USAGES})


def name_of(organisation: str, common_name: str, country: str = "KR") -> x509.Name:
    pairs = (
        (NameOID.COUNTRY_NAME, country),
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, "AccreditedCA"),
        (NameOID.COMMON_NAME, common_name),
    )
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in pairs])


def policies(dotted: str) -> x509.CertificatePolicies:
    notice = x509.UserNotice(None, "이 인증서는 시험용 인증서입니다")
    information = x509.PolicyInformation(
        x509.ObjectIdentifier(dotted), ["https://cps.authority.example/", notice]
    )
    return x509.CertificatePolicies([information])


def identity_name(
    real_name: str, number: str = "", secret: bytes = b"", *, vid_hash: str, has_null: bool
) -> x509.SubjectAlternativeName:
    """Return the otherName with real name and, for subscribers, the VID."""
    parts = [tlv(0x0C, real_name.encode())]
    if number:
        algorithm = sequence(oid(HASH_NAMES[vid_hash]), NULL if has_null else b"")
        value = virtual_id(number, secret, vid_hash)
        vid = sequence(algorithm, tlv(0xA0, octets(value)))
        parts.append(sequence(sequence(oid(VID), vid)))
    other = x509.OtherName(x509.ObjectIdentifier(IDENTIFY_DATA), sequence(*parts))
    return x509.SubjectAlternativeName([other])


@dataclass
class Authority:
    """Root, issuing authority and responder of one generation."""

    now: datetime
    bits: int = 2048
    label: str = "MINI"
    organisation: str = "MINI-NPKI"
    revoked: dict[int, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.now = self.now.replace(microsecond=0)
        self._serial = 1000
        self.root = self._make_root()
        self.issuer = self._under_root("CA", key_usage("key_cert_sign", "crl_sign"), ANY_POLICY)
        self.responder = self._under_root("OCSP", key_usage(*SIGNING), RESPONDER_POLICY)

    def new_key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=self.bits)

    def _make_root(self) -> Holder:
        key = self.new_key()
        name = name_of(self.organisation, f"{self.label} RootCA")
        builder = self._builder(name, name, key, serial=1, start=-3 * YEAR, end=17 * YEAR)
        builder = builder.add_extension(x509.BasicConstraints(True, None), critical=True)
        return Holder(builder.sign(key, hashes.SHA256()), key)

    def _builder(
        self,
        subject: x509.Name,
        issuer: x509.Name,
        key: PrivateKey,
        *,
        serial: int,
        start: timedelta,
        end: timedelta,
    ) -> x509.CertificateBuilder:
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(serial)
            .not_valid_before(self.now + start)
            .not_valid_after(self.now + end)
            .add_extension(identifier, critical=False)
        )

    def _under_root(self, suffix: str, usage: x509.KeyUsage, policy: str) -> Holder:
        key, root = self.new_key(), self.root
        subject = name_of(self.organisation, f"{self.label} {suffix}")
        serial = x509.random_serial_number() >> 100
        builder = self._builder(
            subject, root.certificate.subject, key, serial=serial, start=-YEAR, end=8 * YEAR
        )
        builder = builder.add_extension(_issuer_identifier(root), critical=False)
        builder = builder.add_extension(usage, critical=True)
        builder = builder.add_extension(policies(policy), critical=True)
        builder = builder.add_extension(
            identity_name("시험인증", vid_hash="sha256", has_null=False), critical=False
        )
        if usage.key_cert_sign:
            builder = builder.add_extension(x509.BasicConstraints(True, 0), critical=True)
            explicit = x509.PolicyConstraints(
                require_explicit_policy=0, inhibit_policy_mapping=None
            )
            builder = builder.add_extension(explicit, critical=True)
        else:
            purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])
            builder = builder.add_extension(purpose, critical=True)
        return Holder(builder.sign(_rsa(root), hashes.SHA256()), key)

    def issue(
        self, wish: Wish, *, key: PrivateKey | None = None, issuer: Holder | None = None
    ) -> Holder:
        """Return a subscriber; `issuer` lets somebody play authority who is none."""
        issuer, key, secret = issuer or self.issuer, key or self.new_key(), os.urandom(20)
        self._serial += 1
        subject = name_of(self.organisation, f"{wish.name}()0099{self._serial:018d}", country="kr")
        builder = self._builder(
            subject,
            issuer.certificate.subject,
            key,
            serial=self._serial,
            start=timedelta(days=wish.from_days),
            end=timedelta(days=wish.to_days),
        )
        builder = builder.add_extension(_issuer_identifier(issuer), critical=False)
        builder = builder.add_extension(key_usage(*wish.usage), critical=True)
        builder = builder.add_extension(policies(wish.policy), critical=True)
        point = x509.UniformResourceIdentifier(
            "ldap://dir.authority.example:389/cn=s1dp1,ou=crldp,o=MINI?certificateRevocationList"
        )
        points = x509.CRLDistributionPoints([x509.DistributionPoint([point], None, None, None)])
        builder = builder.add_extension(points, critical=False)
        if wish.has_identity:
            identity = identity_name(
                wish.name, wish.number, secret, vid_hash=wish.vid_hash, has_null=wish.has_null
            )
            builder = builder.add_extension(identity, critical=False)
        return Holder(builder.sign(_rsa(issuer), hashes.SHA256()), key, secret)

    def revoke(self, holder: Holder) -> None:
        self.revoked[holder.certificate.serial_number] = self.now - timedelta(days=1)

    def revocation_list(
        self, *, of_root: bool = False, age: timedelta = timedelta(hours=1), life: timedelta = YEAR
    ) -> bytes:
        """Return the CRL of the issuing authority, or the root's list of authorities."""
        signer = self.root if of_root else self.issuer
        public = signer.key.public_key()
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(signer.certificate.subject)
            .last_update(self.now - age)
            .next_update(self.now - age + life)
            .add_extension(x509.CRLNumber(7), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False
            )
        )
        for serial, when in {} if of_root else self.revoked.items():
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(when).build()
            )
        return builder.sign(_rsa(signer), hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def answer(
        self, holder: Holder, *, is_good: bool = True, responder: Holder | None = None
    ) -> bytes:
        """Return an OCSP answer about a subscriber."""
        responder = responder or self.responder
        status = ocsp.OCSPCertStatus.GOOD if is_good else ocsp.OCSPCertStatus.REVOKED
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=holder.certificate,
            issuer=self.issuer.certificate,
            algorithm=hashes.SHA1(),  # noqa: S303  (certID's, as clients send it)
            cert_status=status,
            this_update=self.now - timedelta(minutes=5),
            next_update=self.now + timedelta(hours=1),
            revocation_time=None if is_good else self.now - timedelta(days=1),
            revocation_reason=None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder.certificate)
        return builder.sign(_rsa(responder), hashes.SHA256()).public_bytes(
            serialization.Encoding.DER
        )


def _issuer_identifier(issuer: Holder) -> x509.AuthorityKeyIdentifier:
    digest = x509.SubjectKeyIdentifier.from_public_key(issuer.key.public_key()).digest
    certificate = issuer.certificate
    return x509.AuthorityKeyIdentifier(
        digest, [x509.DirectoryName(certificate.issuer)], certificate.serial_number
    )


def _rsa(holder: Holder) -> rsa.RSAPrivateKey:
    if not isinstance(holder.key, rsa.RSAPrivateKey):
        raise TypeError("authorities of the miniature sign with RSA")
    return holder.key
