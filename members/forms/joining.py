"""Forms of the four joining steps (S22 to S36)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from members.enums import ConsentChoice, PaperSlot
from members.forms.accounts import NewPasswordForm, password_input
from members.forms.base import PortalForm
from members.forms.fields import BusinessNumberField, LineField, UploadsField
from members.forms.record import dropping_field
from members.models import Agency, LegalText, StoredFile
from members.models.accounts import User
from members.selectors import agencies_for_originals, is_login_name_free
from members.uploads import JOINING_FORMATS
from members.wording import with_object_particle

CHOICES = [
    (ConsentChoice.AGREED.value, "동의합니다"),
    (ConsentChoice.DECLINED.value, "동의하지 않습니다"),
]


class ConsentsForm(PortalForm):
    """One pair of radios per text in force; nothing is ticked beforehand (S22 to S26)."""

    def __init__(
        self, *args: Any, texts: Sequence[LegalText], answers: Mapping[str, str], **kwargs: Any
    ) -> None:
        self.texts = texts
        initial = {self.name_of(text): answers.get(str(text.uuid)) for text in texts}
        super().__init__(*args, initial=initial, **kwargs)
        for text in texts:
            self.fields[self.name_of(text)] = forms.ChoiceField(
                label=text.statement or text.title,
                choices=CHOICES,
                required=text.is_required,
                widget=forms.RadioSelect,
                error_messages={"required": consent_needed(text)},
            )

    @staticmethod
    def name_of(text: LegalText) -> str:
        return f"text_{text.uuid.hex}"

    def clean(self) -> dict[str, Any]:
        for text in self.texts:
            name = self.name_of(text)
            refused = self.cleaned_data.get(name) == ConsentChoice.DECLINED
            if text.is_required and refused:
                self.add_error(name, consent_needed(text))
        return self.cleaned_data

    def choices(self) -> dict[LegalText, ConsentChoice]:
        """Return the answers; an optional text without one is declined."""
        return {
            text: ConsentChoice(self.cleaned_data[self.name_of(text)] or ConsentChoice.DECLINED)
            for text in self.texts
        }

    def with_required_agreed(self) -> "ConsentsForm":
        """Return the form as typed with every required text agreed to (S26)."""
        answers = {str(text.uuid): self[self.name_of(text)].data for text in self.texts}
        agreed = {
            str(text.uuid): ConsentChoice.AGREED.value for text in self.texts if text.is_required
        }
        return ConsentsForm(texts=self.texts, answers={**answers, **agreed})


def consent_needed(text: LegalText) -> str:
    """Return what to say when a required consent is missing."""
    return f"필수 항목입니다. ‘{text.title}’에 동의하셔야 가입할 수 있습니다."


class PapersRouteForm(PortalForm):
    """Step 2 without a signing cert: the number and where originals go (S31, decision A9)."""

    business_number = BusinessNumberField(
        label="사업자등록번호", help_text="숫자 10자리를 입력합니다. 붙임표는 없어도 됩니다."
    )
    agency = forms.ModelChoiceField(
        label="접수 기관",
        queryset=Agency.objects.none(),
        to_field_name="code",
        widget=forms.RadioSelect,
        empty_label=None,
        help_text="원본서류를 보낼 기관입니다. 신청하려는 지원사업의 담당 기관을 고르십시오.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies_for_originals()  # type: ignore[attr-defined]


class AccountForm(NewPasswordForm):
    """아이디, 비밀번호 and 비밀번호 확인 (S34, S35). `checked`: the ID that 중복확인 found free."""

    username = LineField(
        label="아이디",
        max_length=20,
        help_text="영문 소문자로 시작하는 영문 소문자와 숫자 6~20자입니다. "
        "입력한 뒤 중복확인을 꼭 눌러 주십시오.",
        validators=User._meta.get_field("username").validators[:1],
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label="비밀번호",
        strip=False,
        help_text="저장하지 않으므로 이 화면이 다시 나오면 다시 입력해 주십시오.",
        widget=password_input("new-password"),
    )
    password_again = forms.CharField(
        label="비밀번호 확인", strip=False, widget=password_input("new-password")
    )

    field_order = ["username", "password", "password_again"]

    def __init__(self, *args: Any, checked: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checked = checked

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        if name != self.checked:
            raise ValidationError("아이디 중복확인을 눌러 주십시오.", code="unchecked")
        if not is_login_name_free(name):
            raise ValidationError("이미 쓰고 있는 아이디입니다. 다른 아이디를 정해 주십시오.")
        self.owner.username = name
        return name


class LoginNameForm(PortalForm):
    """The ID alone, for 중복확인."""

    username = AccountForm.base_fields["username"]


class JoinPapersForm(PortalForm):
    """동의서 및 인증서류*: one ZIP, or the scans one by one (S36, decision A16).

    Empty where the number was proven by certificate: nothing has to be sent then.
    """

    def __init__(
        self, *args: Any, kept: Sequence[StoredFile], is_asked: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not is_asked:
            return
        label = "동의서 및 인증서류"
        self.fields[PaperSlot.JOIN_BUNDLE.value] = UploadsField(
            label=label,
            formats=JOINING_FORMATS,
            is_filled=bool(kept),
            help_text="기업정보활용동의서, 사업자등록증(사본), 인감증명서(원본)의 스캔 파일입니다. "
            "ZIP 하나로 묶거나 여러 파일을 한꺼번에 고를 수 있고, 사진도 됩니다. "
            "인감증명서의 주민등록번호 뒷자리는 가려 주십시오.",
            error_messages={"required": f"{with_object_particle(label)} 첨부해 주십시오."},
        )
        if kept:
            self.fields[f"drop_{PaperSlot.JOIN_BUNDLE}"] = dropping_field(kept)

    def clean(self) -> dict[str, Any]:
        """Refuse to drop every kept paper without a new one."""
        bundle, name = PaperSlot.JOIN_BUNDLE.value, f"drop_{PaperSlot.JOIN_BUNDLE}"
        dropped = self.cleaned_data.get(name)
        is_all = dropped and len(dropped) == len(self.fields[name].choices)  # type: ignore[attr-defined]
        if is_all and not self.cleaned_data.get(bundle):
            self.add_error(bundle, self.fields[bundle].error_messages["required"])
        return self.cleaned_data
