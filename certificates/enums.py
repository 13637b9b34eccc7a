"""States of a certificate (domain.md section 2)."""

from django.db.models import TextChoices


class CertificateState(TextChoices):
    VALID = "valid", "유효"
    REPLACED = "replaced", "재발급으로 대체"
    REVOKED = "revoked", "폐기"


class SignatureState(TextChoices):
    """What a PDF's last signature is to us (N2)."""

    NONE = "none", "전자서명 없음"
    INTACT = "intact", "전자서명 유효"
    BROKEN = "broken", "전자서명 뒤에 바뀜"
    FOREIGN = "foreign", "다른 기관의 전자서명"
