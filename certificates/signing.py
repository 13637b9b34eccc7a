"""The paper's electronic signature: PAdES over the whole file with the operator's key (N2).

Signing is on when a key is configured (certificates/signing_keys.py). Every signing cert that was
ever used is kept (`PaperSigner`), so that old papers stay checkable after a renewal
(certificates/signatures.py).
"""

import asyncio
import io
import urllib.request
from datetime import datetime
from typing import Any

from asn1crypto import tsp
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.conf import settings

from certificates.models import PaperSigner
from certificates.signing_device import DeviceError
from certificates.signing_keys import SigningKey
from members.coroutines import run_to_end

FIELD = "PaperSignature"
TIMESTAMP_TIMEOUT = 10
MAX_ANSWER_BYTES = 64 * 1024


class SigningFailedError(OSError):
    """The key is right but signing failed: no timestamp could be had, the device did not sign."""


def sign(data: bytes, *, key: SigningKey, name: str) -> bytes:
    """Return the PDF with a PAdES signature over the whole of it, changes forbidden.

    The field is hidden: no untagged thing may stand on a PDF/UA page; readers show the signature
    in their own panel. Raises SigningFailedError.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign import fields, signers  # noqa: PLC0415  (half a second)
    from pyhanko.sign.timestamps import TimestampRequestError  # noqa: PLC0415

    details = signers.PdfSignatureMetadata(
        field_name=FIELD,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        name=name,
        reason="확인증 발급",
    )
    hidden = fields.InvisSigSettings(set_print_flag=False, set_hidden_flag=True)
    field = fields.SigFieldSpec(
        FIELD, readable_field_name="발급자의 전자서명", invis_sig_settings=hidden
    )
    signer = signers.PdfSigner(
        details, key.signer, timestamper=_timestamper(), new_field_spec=field
    )
    paper = IncrementalPdfFileWriter(io.BytesIO(data))
    try:
        signed = run_to_end(lambda: signer.async_sign_pdf(paper))
    except TimestampRequestError as error:
        raise SigningFailedError("No timestamp could be had.") from error
    except DeviceError as error:
        raise SigningFailedError(str(error)) from error
    result: bytes = signed.getvalue()
    return result


def _timestamper() -> Any:
    """Return the RFC 3161 client of the settings, or None: timestamps are off by default."""
    if not settings.CERTIFICATE_TIMESTAMP_URL:
        return None
    from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError  # noqa: PLC0415

    class OwnTimeStamper(TimeStamper):
        async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
            request = urllib.request.Request(  # noqa: S310  (the operator's own setting)
                settings.CERTIFICATE_TIMESTAMP_URL,
                data=req.dump(),
                headers={"Content-Type": "application/timestamp-query"},
            )
            try:
                return tsp.TimeStampResp.load(await asyncio.to_thread(_answer, request))
            except (OSError, ValueError) as error:
                raise TimestampRequestError("The timestamp service did not answer.") from error

    return OwnTimeStamper()  # type: ignore[no-untyped-call]


def _answer(request: urllib.request.Request) -> bytes:
    with urllib.request.urlopen(request, timeout=TIMESTAMP_TIMEOUT) as response:  # noqa: S310
        data: bytes = response.read(MAX_ANSWER_BYTES)
        return data


def register_signer(*, key: SigningKey, at: datetime) -> PaperSigner:
    """Keep the signing cert that a paper was signed with, once."""
    names = key.cert.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    signer, _ = PaperSigner.objects.get_or_create(
        fingerprint=key.fingerprint,
        defaults={
            "name": str(names[0].value)[:200] if names else key.fingerprint[:16],
            "cert": key.cert.public_bytes(Encoding.DER),
            "valid_from": key.cert.not_valid_before_utc,
            "valid_until": key.cert.not_valid_after_utc,
            "first_used_at": at,
        },
    )
    return signer
