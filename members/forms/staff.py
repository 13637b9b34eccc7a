"""Forms of the staff's screens: parse and check, never write."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from members.enums import AGENCY_ROLES, AgencyRole, LegalKind, PaperState, StaffRole
from members.forms.base import PortalForm
from members.models import Agency, LegalText, User
from members.validators import normalise_phone

SECTION_MARK = "# "


class ReasonForm(PortalForm):
    """Why somebody's data is looked at, an account closed, a membership stopped."""

    reason = forms.CharField(label="사유", min_length=2, max_length=300)


class RefusalForm(PortalForm):
    """What the company is told when its papers are not in order."""

    reason = forms.CharField(
        label="반려 사유",
        help_text="기업에 메일로 전달됩니다. 무엇을 어떻게 고쳐야 하는지 적어 주십시오.",
        min_length=2,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class PaperMarkForm(PortalForm):
    """The verdict on one paper; sending it back needs a reason."""

    state = forms.ChoiceField(label="상태", choices=PaperState.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="다시 제출 사유",
        help_text="‘다시 제출’일 때 기업에 메일로 전달됩니다.",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("state") == PaperState.REDO and not cleaned.get("reason"):
            self.add_error("reason", "무엇을 고쳐야 하는지 적어 주십시오.")
        return cleaned


class OriginalsForm(PortalForm):
    """Which originals lie on the desk."""

    slots = forms.MultipleChoiceField(
        label="받은 원본", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slots"].choices = choices  # type: ignore[attr-defined]


class CoverCodeForm(PortalForm):
    """The code on the envelope's cover sheet, typed whole."""

    code = forms.CharField(label="봉투 표지 번호", min_length=8, max_length=20)

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).upper().replace("-", " ").split())


class HandOverForm(PortalForm):
    """To which agency the originals go."""

    agency = forms.ModelChoiceField(label="넘겨받을 기관", queryset=Agency.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        receiving = Agency.objects.active().filter(takes_originals=True).in_order()
        self.fields["agency"].queryset = receiving  # type: ignore[attr-defined]


class RoleForm(PortalForm):
    """A staff role, with the agency where the role is one of agencies."""

    role = forms.ChoiceField(label="역할")
    agency = forms.ModelChoiceField(
        label="기관",
        queryset=Agency.objects.none(),
        required=False,
        help_text="기관 담당자와 기관 책임자는 기관을 골라 주십시오.",
    )

    def __init__(
        self, *args: Any, roles: Sequence[StaffRole], own_agency: Agency | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        agencies = Agency.objects.active().in_order()
        if own_agency is not None:
            agencies = agencies.filter(pk=own_agency.pk)
            self.fields["agency"].initial = own_agency
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        role, agency = cleaned.get("role"), cleaned.get("agency")
        if role in AGENCY_ROLES and agency is None:
            self.add_error("agency", "이 역할에는 기관이 필요합니다.")
        if role and role not in AGENCY_ROLES and agency is not None:
            self.add_error("agency", "이 역할은 기관에 속하지 않습니다. 기관을 비워 주십시오.")
        return cleaned


class StaffAccountForm(RoleForm):
    """A new staff account; its password is made by the portal."""

    username = forms.CharField(
        label="아이디",
        min_length=6,
        max_length=20,
        help_text="영문 소문자로 시작하는 영문 소문자와 숫자 6~20자",
    )
    name = forms.CharField(label="이름", max_length=60)
    email = forms.EmailField(label="전자우편")
    department = forms.CharField(label="부서", max_length=60, required=False)
    position = forms.CharField(label="직위", max_length=60, required=False)
    field_order = ["username", "name", "email", "department", "position", "role", "agency"]

    def clean_username(self) -> str:
        name = str(self.cleaned_data["username"]).lower()
        for validate in User._meta.get_field("username").validators:
            validate(name)
        return name


class AgencyForm(forms.ModelForm):  # type: ignore[type-arg]
    """An agency's facts."""

    class Meta:
        model = Agency
        fields = [
            "code", "name", "name_en", "role", "department", "phone", "email", "address",
            "publishes_itself", "takes_originals", "is_active", "position",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = AgencyRole.choices  # type: ignore[attr-defined]
        if self.instance.pk:
            # Addresses and groups are made of the code.
            self.fields["code"].disabled = True

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        return normalise_phone(typed) if typed else ""


class LegalTextForm(PortalForm):
    """A version of a legal text; the body as plain text with «# » before each heading."""

    kind = forms.ChoiceField(label="종류", choices=LegalKind.choices)
    version = forms.CharField(label="판", max_length=20, help_text="예: 1.0, 2026-03")
    title = forms.CharField(label="제목", max_length=120)
    statement = forms.CharField(label="동의 문구", max_length=200, required=False)
    sections = forms.CharField(
        label="본문",
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text="제목 줄은 ‘# ’로 시작하고, 문단 사이는 한 줄을 비워 주십시오.",
    )
    is_required = forms.BooleanField(label="필수 동의", required=False)
    position = forms.IntegerField(label="순서", min_value=0, max_value=999, initial=0)
    effective_at = forms.DateTimeField(
        label="시행 시각",
        widget=forms.DateTimeInput(attrs={"placeholder": "2026-03-01 00:00"}),
    )

    def clean_sections(self) -> list[dict[str, Any]]:
        sections = parse_sections(self.cleaned_data["sections"])
        if not sections:
            raise ValidationError("본문을 입력해 주십시오.", code="required")
        return sections

    @staticmethod
    def initial_of(text: LegalText) -> dict[str, Any]:
        """Return what the form shows of a stored version."""
        names = ("kind", "version", "title", "statement", "is_required", "position", "effective_at")
        shown = {name: getattr(text, name) for name in names}
        return {**shown, "sections": format_sections(text.sections)}


def parse_sections(typed: str) -> list[dict[str, Any]]:
    """Return typed text as ``[{"heading": str, "body": [paragraph, …]}, …]``."""
    sections: list[dict[str, Any]] = []
    paragraph: list[str] = []

    def end_paragraph() -> None:
        if paragraph:
            if not sections:
                sections.append({"heading": "", "body": []})
            sections[-1]["body"].append("\n".join(paragraph))
            paragraph.clear()

    for line in typed.replace("\r\n", "\n").split("\n"):
        if line.startswith(SECTION_MARK):
            end_paragraph()
            sections.append({"heading": line.removeprefix(SECTION_MARK).strip(), "body": []})
        elif line.strip():
            paragraph.append(line.rstrip())
        else:
            end_paragraph()
    end_paragraph()
    return sections


def format_sections(sections: Sequence[dict[str, Any]]) -> str:
    """Return stored sections as they are typed."""
    blocks = []
    for section in sections:
        if section.get("heading"):
            blocks.append(f"{SECTION_MARK}{section['heading']}")
        blocks += section.get("body", [])
    return "\n\n".join(blocks)
