"""The words of this room and the moves that are allowed between them (domain.md section 2)."""

from django.db.models import TextChoices


class StaffRole(TextChoices):
    """What a staff account does; members have none."""

    OFFICER = "officer", "기관 담당자"
    MANAGER = "manager", "기관 책임자"
    COMMS = "comms", "홍보 담당자"
    OPERATOR = "operator", "운영자"


AGENCY_ROLES = frozenset({StaffRole.OFFICER, StaffRole.MANAGER})


class AgencyRole(TextChoices):
    LEAD = "lead", "총괄기관"
    OPERATING = "operating", "수행기관"
    RELATED = "related", "유관기관"


class MembershipState(TextChoices):
    """S64. A joining that is not finished is a JoinDraft, not a company."""

    WAITING = "waiting", "심사 대기"
    REFUSED = "refused", "가입 반려"
    PROVISIONAL = "provisional", "임시회원"
    FULL = "full", "정식회원"
    SUSPENDED = "suspended", "이용 정지"
    LEFT = "left", "탈퇴"


MEMBERSHIP_MOVES: dict[str, frozenset[str]] = {
    MembershipState.WAITING: frozenset(
        {
            MembershipState.PROVISIONAL,
            MembershipState.FULL,
            MembershipState.REFUSED,
            MembershipState.LEFT,
        }
    ),
    MembershipState.REFUSED: frozenset({MembershipState.WAITING, MembershipState.LEFT}),
    MembershipState.PROVISIONAL: frozenset(
        {MembershipState.FULL, MembershipState.SUSPENDED, MembershipState.LEFT}
    ),
    MembershipState.FULL: frozenset({MembershipState.SUSPENDED, MembershipState.LEFT}),
    MembershipState.SUSPENDED: frozenset(
        {MembershipState.PROVISIONAL, MembershipState.FULL, MembershipState.LEFT}
    ),
    MembershipState.LEFT: frozenset({MembershipState.WAITING, MembershipState.FULL}),
}
ACTIVE_MEMBERSHIPS = frozenset({MembershipState.PROVISIONAL, MembershipState.FULL})


class RegistryState(TextChoices):
    """What the tax office says of a business number."""

    UNKNOWN = "unknown", "확인 전"
    RUNNING = "running", "계속사업자"
    PAUSED = "paused", "휴업"
    CLOSED = "closed", "폐업"
    UNREGISTERED = "unregistered", "미등록"


class RegistryReason(TextChoices):
    """Why the tax office's register was asked."""

    JOINING = "joining", "가입"
    YEARLY = "yearly", "정기 확인"
    SELECTION = "selection", "선정 전 확인"


class ChangeKind(TextChoices):
    """What happens to a business (S64)."""

    NUMBER = "number", "사업자등록번호 변경(개인→법인 등)"
    MERGER = "merger", "합병·분할"
    PAUSE = "pause", "휴업"
    CLOSURE = "closure", "폐업"


class ChangeState(TextChoices):
    REQUESTED = "requested", "처리 대기"
    APPROVED = "approved", "승인"
    DECLINED = "declined", "받아들이지 않음"


class ChangeEffect(TextChoices):
    """What becomes of running applications and issued certificates, as the operator decides."""

    CONTINUE = "continue", "그대로 이어 간다"
    SUSPEND = "suspend", "이용을 정지한다(새 신청과 발급 중지)"


class JoinRoute(TextChoices):
    SIGNING_CERT = "signing_cert", "공동인증서"
    PAPERS = "papers", "서류 제출"


class ProofPurpose(TextChoices):
    """What a signed challenge is good for, and for nothing else (S28)."""

    SIGNUP = "signup", "회원가입"
    LOGIN = "login", "로그인"
    RESET = "reset", "비밀번호 재설정"
    PROMOTE = "promote", "정식회원 전환"


class Assurance(TextChoices):
    """How much a proof says: only a certificate with its R proves the business number."""

    NUMBER_PROVEN = "number_proven", "사업자등록번호 확인"
    CERTIFICATE_ONLY = "certificate_only", "인증서만 확인"
    PERSON_ONLY = "person_only", "개인만 확인"


class Sex(TextChoices):
    FEMALE = "F", "여자"
    MALE = "M", "남자"


class ProductCertification(TextChoices):
    """S47: the ticks of 인증현황."""

    PATENT = "patent", "특허권"
    INTERNATIONAL = "international", "국제규격"
    DOMESTIC = "domestic", "국내규격(인증)"
    ISO = "iso", "ISO"
    OTHER = "other", "기타(포상 등)"


class LegalKind(TextChoices):
    TERMS = "terms", "이용약관"
    PRIVACY = "privacy", "개인정보 수집·이용"
    COMPANY_INFO = "company_info", "기업정보의 제공·활용"
    EMAIL = "email", "이메일 수신"
    PRIVACY_POLICY = "privacy_policy", "개인정보 처리방침"


CONSENT_KINDS = (
    LegalKind.TERMS,
    LegalKind.PRIVACY,
    LegalKind.COMPANY_INFO,
    LegalKind.EMAIL,
)


class ConsentChoice(TextChoices):
    AGREED = "agreed", "동의"
    DECLINED = "declined", "동의하지 않음"
    WITHDRAWN = "withdrawn", "철회"


class ConsentPurpose(TextChoices):
    """What a consent was asked for (S22 to S25, S58)."""

    JOIN = "join", "회원가입"
    APPLY = "apply", "지원사업 신청"
    CERTIFICATE = "certificate", "확인증 발급"
    MY_PAGE = "my_page", "마이페이지"
    INVITED = "invited", "담당자 등록"


class PersonEventKind(TextChoices):
    """What was done with a company's people (decision A12)."""

    INVITED = "invited", "초대"
    INVITATION_CANCELLED = "cancelled", "초대 취소"
    JOINED = "joined", "등록"
    REMOVED = "removed", "빼기"
    LEFT = "left", "스스로 빠짐"
    MASTER = "master", "대표 담당자 변경"
    LOCKED = "locked", "인증서 가입으로 잠김"
    CLOSED = "closed", "탈퇴로 종료"


class PaperSlot(TextChoices):
    """S31, S43, S44, S47: where a company's paper belongs."""

    COMPANY_INFO_CONSENT = "company_info_consent", "기업정보활용동의서"
    BUSINESS_REGISTRATION = "business_registration", "사업자등록증(사본)"
    SEAL_CERTIFICATE = "seal_certificate", "인감증명서(원본)"
    JOIN_BUNDLE = "join_bundle", "동의서 및 인증서류 묶음(ZIP)"
    SALES_PROOF = "sales_proof", "매출증빙 자료"
    EXPORT_PROOF = "export_proof", "수출증빙 자료"
    PRODUCT_PROOF = "product_proof", "제품 증빙서류"


JOINING_SLOTS = frozenset(
    {
        PaperSlot.COMPANY_INFO_CONSENT,
        PaperSlot.BUSINESS_REGISTRATION,
        PaperSlot.SEAL_CERTIFICATE,
        PaperSlot.JOIN_BUNDLE,
    }
)
# A seal certificate of a sole trader shows a resident number (decision A17).
SENSITIVE_SLOTS = frozenset({PaperSlot.SEAL_CERTIFICATE, PaperSlot.JOIN_BUNDLE})


class PaperState(TextChoices):
    RECEIVED = "received", "받음"
    REDO = "redo", "다시 제출"
    CHECKED = "checked", "확인"


class OriginalsAct(TextChoices):
    """What happened to a company's originals (S32, S33, decision A9)."""

    TICKED = "ticked", "원본 접수"
    COMPLETED = "completed", "모두 접수"
    HANDED_OVER = "handed_over", "다른 기관으로 이관"
    REMINDED = "reminded", "제출 안내"
    OVERDUE = "overdue", "미제출 표시"
    REDO = "redo", "서류 다시 제출 요청"
    CHECKED = "checked", "서류 확인"
    DESTROYED = "destroyed", "민감한 서류 파기"


class ScanState(TextChoices):
    """security.md section 5: off by default with a visible mark; down means held."""

    UNSCANNED = "unscanned", "미검사"
    CLEAN = "clean", "이상 없음"
    HELD = "held", "검사 중"
    INFECTED = "infected", "악성코드 발견"


class MailState(TextChoices):
    WAITING = "waiting", "발송 대기"
    SENT = "sent", "발송됨"
    FAILED = "failed", "발송 실패"


class AccessAction(TextChoices):
    """What a staff member did with somebody's data (Safety Measures standard art. 8)."""

    VIEW = "view", "조회"
    SEARCH = "search", "검색"
    DOWNLOAD = "download", "내려받기"
    EXPORT = "export", "내보내기"
    CHANGE = "change", "변경"
    UNMASK = "unmask", "가림 해제"
    DESTROY = "destroy", "파기"
    ROLE = "role", "권한 변경"


class ApiScope(TextChoices):
    """What an agency's own system may do by the API; always within the rights of an officer."""

    NOTICES = "notices", "공고 작성"
    PUBLISH = "publish", "공고 게시와 접수 변경"
    SCHEDULE = "schedule", "일정 작성과 게시"
    APPLICATIONS_READ = "applications.read", "신청 읽기"
    APPLICATIONS_WRITE = "applications.write", "신청 상태 변경"
    CERTIFICATES = "certificates", "확인증 확인"
