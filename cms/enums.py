"""The words of published content."""

from django.db.models import TextChoices


class IntakeKind(TextChoices):
    """S16, S17: where a company applies."""

    OWN = "own", "본 시스템 접수"
    EXTERNAL = "external", "별도 시스템 접수"


class NoticeStatus(TextChoices):
    """S11, decision table: 진행 means taking applications now."""

    COMING = "coming", "예정"
    OPEN = "open", "진행"
    CLOSED = "closed", "마감"


class MemberLevel(TextChoices):
    """Decision A7: who may apply."""

    PROVISIONAL = "provisional", "임시회원 이상"
    FULL = "full", "정식회원만"


class OriginalsPolicy(TextChoices):
    """Decision A8: what a notice does about missing originals."""

    IGNORE = "ignore", "무시"
    WARN = "warn", "경고"
    REFUSE = "refuse", "신청 제한"


class ScheduleKind(TextChoices):
    EXHIBITION = "exhibition", "전시회"
    TRADE_MISSION = "trade_mission", "무역사절단"
    PIONEER_MISSION = "pioneer_mission", "시장개척단"
    MEETING = "meeting", "상담회"
    TRAINING = "training", "교육"
    BRIEFING = "briefing", "설명회"
    INTAKE = "intake", "접수"
    EXCHANGE = "exchange", "교류"
    EVENT = "event", "행사"


class DocumentFormat(TextChoices):
    """security.md section 5: what an application document may be, by content."""

    PDF = "pdf", "PDF"
    HWP = "hwp", "HWP"
    HWPX = "hwpx", "HWPX"
    DOCX = "docx", "DOCX"
    XLSX = "xlsx", "XLSX"
    PNG = "png", "PNG"
    JPG = "jpg", "JPG"
    ZIP = "zip", "ZIP"


class SearchKind(TextChoices):
    """What a search finds, in the order of the tabs."""

    NOTICE = "notice", "사업공고"
    GUIDE = "guide", "사업안내"
    AGENCY = "agency", "유관기관"
    SCHEDULE = "schedule", "연중일정"
    ANNOUNCEMENT = "announcement", "공지사항"
    TEXT = "text", "이용안내·정책"


class QuestionKind(TextChoices):
    """What a notice's own question is answered with (추가 질문)."""

    TEXT = "text", "한 줄 글"
    LONG_TEXT = "long_text", "여러 줄 글"
    NUMBER = "number", "숫자"
    MONEY = "money", "금액"
    DATE = "date", "날짜"
    CHOICE = "choice", "하나 고르기"
    CHOICES = "choices", "여러 개 고르기"
    FILE = "file", "파일"
    TABLE = "table", "표 (여러 줄)"


class ColumnKind(TextChoices):
    """What one column of a table question takes."""

    TEXT = "text", "글"
    NUMBER = "number", "숫자"
    DATE = "date", "날짜"
