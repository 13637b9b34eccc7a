"""Proof that a person acts for a company: challenges, evidence, lists of revoked certificates."""

from datetime import datetime
from uuid import uuid4

from django.db import models
from django.db.models import Q

from members.enums import Assurance, ProofPurpose
from members.models.companies import Company
from members.models.joining import JoinDraft


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    def take(self, nonce: str, at: datetime) -> bool:
        """Burn a challenge; True for the one caller that got it in time."""
        unused = self.filter(nonce=nonce, used_at__isnull=True, expires_at__gt=at)
        return unused.update(used_at=at) == 1


class Challenge(models.Model):
    """A text to sign, for one purpose, number, session and origin; 5 minutes, once (ASVS 6.6.2).

    `text` is what was handed out, compared byte for byte; `result` is the verifier's code.
    """

    nonce = models.CharField(max_length=64, unique=True)
    purpose = models.CharField("쓰임", max_length=10, choices=ProofPurpose.choices)
    business_number = models.CharField("사업자등록번호", max_length=10)
    login_name = models.CharField("아이디", max_length=20, blank=True)
    session_hash = models.CharField(max_length=64)
    text = models.TextField("서명할 내용")
    issued_at = models.DateTimeField("발급 시각")
    expires_at = models.DateTimeField("만료 시각", db_index=True)
    used_at = models.DateTimeField("사용 시각", null=True, blank=True)
    result = models.CharField("결과", max_length=40, blank=True)

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        verbose_name = "기업인증 요청"
        verbose_name_plural = "기업인증 요청"
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=ProofPurpose.values), name="challenge_purpose_known"
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=False) | Q(result=""), name="challenge_result_after_use"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.issued_at:%Y-%m-%d %H:%M:%S}"


class BusinessProof(models.Model):
    """An accepted proof with its evidence: what was signed, by which certificate, checked how.

    R, the secret number of the key file, is never part of it. A certificate is known again by
    issuer, serial and key hash; the file's own hash can be changed without breaking it.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    challenge = models.OneToOneField(Challenge, on_delete=models.PROTECT, related_name="proof")
    draft = models.ForeignKey(
        JoinDraft, on_delete=models.SET_NULL, related_name="proofs", null=True, blank=True
    )
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="proofs", null=True, blank=True
    )
    purpose = models.CharField("쓰임", max_length=10, choices=ProofPurpose.choices)
    method = models.CharField("방법", max_length=30)
    assurance = models.CharField("수준", max_length=20, choices=Assurance.choices)
    business_number = models.CharField("사업자등록번호", max_length=10, db_index=True)
    real_name = models.CharField("인증서의 이름", max_length=200)
    policy = models.CharField("인증서 정책", max_length=100)
    issuer = models.CharField("발급자", max_length=300)
    serial_number = models.CharField("일련번호", max_length=50)
    key_hash = models.CharField("공개키 해시", max_length=64, db_index=True)
    certificate = models.BinaryField("인증서")
    signed_message = models.BinaryField("서명")
    revocation = models.JSONField("폐지 확인 근거", default=dict)
    certificate_expires_at = models.DateTimeField("인증서 만료 시각")
    at = models.DateTimeField("시각")

    class Meta:
        verbose_name = "기업인증"
        verbose_name_plural = "기업인증"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(assurance__in=Assurance.values), name="proof_assurance_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.business_number} {self.at:%Y-%m-%d %H:%M}"


class RevocationListQuerySet(models.QuerySet["RevocationList"]):
    def current_at(self, at: datetime) -> "RevocationListQuerySet":
        """Lists that hold now; a stale one is no evidence."""
        return self.filter(this_update__lte=at, next_update__gt=at)


class RevocationList(models.Model):
    """A CRL or ARL as its issuer published it, filled by a job; one row per published list."""

    issuer_hash = models.CharField(max_length=64, db_index=True)
    issuer = models.CharField("발급자", max_length=300)
    source = models.CharField("받은 곳", max_length=500)
    sha256 = models.CharField(max_length=64, unique=True)
    der = models.BinaryField("목록")
    this_update = models.DateTimeField("발행 시각")
    next_update = models.DateTimeField("다음 발행", db_index=True)
    fetched_at = models.DateTimeField("받은 시각")

    objects = RevocationListQuerySet.as_manager()

    class Meta:
        verbose_name = "인증서 폐지 목록"
        verbose_name_plural = "인증서 폐지 목록"
        ordering = ["-this_update"]

    def __str__(self) -> str:
        return f"{self.issuer} {self.this_update:%Y-%m-%d %H:%M}"
