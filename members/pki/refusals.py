"""Why a proof is refused: a code for the log, a plain sentence for the person."""

from enum import StrEnum


class Refusal(StrEnum):
    """The verifier's codes, in the order of its checks."""

    CHALLENGE_UNKNOWN = "challenge_unknown"
    CHALLENGE_SESSION = "challenge_session"
    CHALLENGE_EXPIRED = "challenge_expired"
    CMS_MALFORMED = "cms_malformed"
    ALGORITHM_REFUSED = "algorithm_refused"
    SIGNATURE_INVALID = "signature_invalid"
    CHALLENGE_MISMATCH = "challenge_mismatch"
    POLICY_PERSONAL = "policy_personal"
    POLICY_REFUSED = "policy_refused"
    UNTRUSTED = "untrusted"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_NOT_YET_VALID = "certificate_not_yet_valid"
    KEY_USAGE = "key_usage"
    CERTIFICATE_REVOKED = "certificate_revoked"
    REVOCATION_UNKNOWN = "revocation_unknown"
    VID_MISSING = "vid_missing"
    VID_WEAK_HASH = "vid_weak_hash"
    VID_BAD_R = "vid_bad_r"
    VID_MISMATCH = "vid_mismatch"


AGAIN = "인증 시간이 지났거나 이미 사용한 요청입니다. 인증서를 골라 다시 진행해 주십시오."
BROKEN = (
    "인증서로 만든 서명을 확인하지 못했습니다. 다시 해도 같으면 시스템 이용문의로 알려 주십시오."
)
NOT_COMPANY = "사업자용 공동인증서가 아닙니다. 기업 명의의 범용 인증서를 골라 주십시오."
NOT_VALID = "유효한 인증서가 아닙니다. 만료일과 폐지 여부를 발급기관에서 확인해 주십시오."
LATER = "인증서의 폐지 여부를 지금 확인할 수 없습니다. 잠시 뒤 다시 진행해 주십시오."
OTHER_NUMBER = "인증서의 사업자등록번호가 입력한 번호와 다릅니다. 번호와 인증서를 확인해 주십시오."
NO_IDENTITY = (
    "이 파일로는 사업자등록번호를 확인할 수 없습니다. "
    "발급받은 원래 인증서나 인증서 프로그램에서 내보낸 파일을 골라 주십시오."
)

SENTENCES: dict[Refusal, str] = {
    Refusal.CHALLENGE_UNKNOWN: AGAIN,
    Refusal.CHALLENGE_SESSION: AGAIN,
    Refusal.CHALLENGE_EXPIRED: AGAIN,
    Refusal.CMS_MALFORMED: BROKEN,
    Refusal.ALGORITHM_REFUSED: BROKEN,
    Refusal.SIGNATURE_INVALID: BROKEN,
    Refusal.CHALLENGE_MISMATCH: BROKEN,
    Refusal.POLICY_PERSONAL: NOT_COMPANY,
    Refusal.POLICY_REFUSED: NOT_COMPANY,
    Refusal.UNTRUSTED: NOT_VALID,
    Refusal.CERTIFICATE_EXPIRED: NOT_VALID,
    Refusal.CERTIFICATE_NOT_YET_VALID: NOT_VALID,
    Refusal.KEY_USAGE: NOT_COMPANY,
    Refusal.CERTIFICATE_REVOKED: NOT_VALID,
    Refusal.REVOCATION_UNKNOWN: LATER,
    Refusal.VID_MISSING: NO_IDENTITY,
    Refusal.VID_WEAK_HASH: NO_IDENTITY,
    Refusal.VID_BAD_R: NO_IDENTITY,
    Refusal.VID_MISMATCH: OTHER_NUMBER,
}


class ProofRefusedError(Exception):
    """A proof that does not hold. `code` goes to the log, `sentence` to the person.

    `detail` is for a developer's eyes in tests; it may quote the submission and is never logged.
    """

    def __init__(self, code: Refusal, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else str(code))
        self.code = code
        self.detail = detail

    @property
    def sentence(self) -> str:
        return SENTENCES[self.code]
