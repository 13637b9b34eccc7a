"""How a notice is written: its form and its panels, with Korean labels and help."""

from typing import Any

from django import forms
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
)

from cms.enums import IntakeKind
from cms.models.editing import PortalPageForm

# Facts of the live notice, never of a revision (domain.md section 5.1). After the first
# publishing only cms.services.notices.change_intake writes them.
INTAKE_FIELDS = (
    "intake_kind",
    "intake_opens_at",
    "intake_closes_at",
    "stopped_early_at",
    "stop_reason",
    "external_url",
    "member_level",
    "originals_policy",
    "capacity",
    "rounds_allowed",
    "is_certificate_offered",
)

QUESTIONS_HELP = (
    "기업정보와 제출서류 말고 더 물을 것을 적습니다. 첫 신청서 작성이 시작되면 그때의 질문이 "
    "그 신청의 판으로 굳어집니다. 그 뒤에 고치면 새 판이 되고, 이미 작성 중인 기업에는 "
    "바뀐 점을 알려 새 판으로 옮길 수 있게 합니다."
)

CERTIFICATE_CHOICES = [("", "접수 방법에 따름"), ("True", "발급함"), ("False", "발급하지 않음")]


class NoticeForm(PortalPageForm):
    """A notice's form; after the first publishing its intake facts are shown but not taken."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "is_certificate_offered" in self.fields:
            self.offer_certificate_choice()
        if self.instance.first_published_at is not None:
            for name in INTAKE_FIELDS:
                if name in self.fields:
                    self.fields[name].disabled = True

    def offer_certificate_choice(self) -> None:
        """Let a new notice follow its kind of intake: on for external, off for own intake."""
        old = self.fields["is_certificate_offered"]
        self.fields["is_certificate_offered"] = forms.TypedChoiceField(
            label=old.label,
            help_text=old.help_text,
            choices=CERTIFICATE_CHOICES,
            coerce=lambda value: value in {"True", True},
            empty_value=None,
            required=False,
        )
        if not self.instance.pk:
            self.initial["is_certificate_offered"] = ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if "is_certificate_offered" in cleaned and cleaned["is_certificate_offered"] is None:
            cleaned["is_certificate_offered"] = cleaned.get("intake_kind") == IntakeKind.EXTERNAL
        return cleaned


CONTENT_PANELS = [
    FieldPanel(
        "title", heading="제목", classname="title", help_text="공고의 정식 이름을 적습니다."
    ),
    FieldPanel(
        "code",
        read_only=True,
        help_text="처음 저장할 때 자동으로 붙으며 바뀌지 않습니다.",
    ),
    FieldPanel(
        "summary",
        help_text="누가 무엇을 받을 수 있는지 한두 문장으로 적습니다. 목록과 검색에 나옵니다.",
    ),
    FieldRowPanel([FieldPanel("category", widget=forms.Select), FieldPanel("official_number")]),
    FieldPanel("programme", help_text="이 공고가 속한 사업안내입니다."),
    FieldPanel("posted_at", help_text="공고에 표시할 게시일입니다."),
    MultiFieldPanel(
        [
            HelpPanel(
                "<p>처음 게시하기 전에는 여기에서 고치고, 게시한 뒤에는 «접수 변경» 화면에서 "
                "사유를 적고 바꿉니다.</p>"
            ),
            FieldPanel("intake_kind"),
            FieldPanel(
                "external_url", help_text="별도 시스템 접수일 때 기업이 옮겨 갈 주소입니다."
            ),
            FieldRowPanel(
                [
                    FieldPanel("intake_opens_at", help_text="서울 시각입니다."),
                    FieldPanel(
                        "intake_closes_at",
                        help_text="이 시각부터 받지 않습니다. 비워 두면 상시 접수입니다.",
                    ),
                ]
            ),
            FieldRowPanel([FieldPanel("member_level"), FieldPanel("originals_policy")]),
            FieldRowPanel([FieldPanel("capacity"), FieldPanel("rounds_allowed")]),
            FieldPanel(
                "is_certificate_offered",
                help_text="접수 중인 동안 기업이 신청 확인증을 발급받을 수 있습니다.",
            ),
        ],
        heading="접수",
    ),
    InlinePanel("required_documents", heading="제출서류", label="서류"),
    InlinePanel("questions", heading="추가 질문", label="질문", help_text=QUESTIONS_HELP),
    InlinePanel("attachments", heading="첨부파일 (공고문, 서식)", label="파일"),
    MultiFieldPanel(
        [
            FieldPanel("contact_department"),
            FieldRowPanel([FieldPanel("contact_phone"), FieldPanel("contact_email")]),
        ],
        heading="문의처",
    ),
    FieldPanel("body"),
]

PROMOTE_PANELS = [
    MultiFieldPanel(
        [
            FieldPanel("seo_title", heading="검색 제목", help_text="검색 결과에 보일 제목입니다."),
            FieldPanel(
                "search_description",
                heading="검색 설명",
                help_text="검색 결과에서 제목 아래에 보일 문장입니다.",
            ),
        ],
        heading="검색",
    ),
]
