"""Forms about a company's people (decision A12)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from members.forms.accounts import NewPasswordForm
from members.forms.base import PortalForm
from members.forms.fields import BusinessNumberField, LineField
from members.forms.joining import AccountForm
from members.forms.record import PersonForm
from members.models import User
from members.selectors import is_login_name_free

PERSON_FIELDS = tuple(PersonForm.base_fields)


class InviteForm(PortalForm):
    """Whom to invite."""

    name = LineField(label="이름", max_length=60)
    email = forms.EmailField(
        label="E-mail", max_length=254, help_text="이 주소로 초대 메일을 보냅니다."
    )


class AskForm(PortalForm):
    """Who asks which company's master for an invitation."""

    business_number = BusinessNumberField(
        label="사업자등록번호", help_text="숫자 10자리를 입력합니다. 붙임표는 없어도 됩니다."
    )
    name = LineField(label="이름", max_length=60)
    email = forms.EmailField(
        label="E-mail", max_length=254, help_text="대표 담당자가 이 주소로 초대할 수 있습니다."
    )


class InvitedPersonForm(NewPasswordForm):
    """What an invited person gives: the log-in, who they are, and their consent."""

    username = LineField(
        label="아이디",
        max_length=20,
        help_text="영문 소문자로 시작하는 영문 소문자와 숫자 6~20자입니다.",
        validators=User._meta.get_field("username").validators[:1],
        widget=AccountForm.base_fields["username"].widget,
    )
    name = PersonForm.base_fields["name"]
    name_en = PersonForm.base_fields["name_en"]
    department = PersonForm.base_fields["department"]
    position = PersonForm.base_fields["position"]
    phone = PersonForm.base_fields["phone"]
    mobile = PersonForm.base_fields["mobile"]
    email = PersonForm.base_fields["email"]
    agrees = forms.BooleanField(label="이용약관과 개인정보 수집·이용에 동의합니다.")

    field_order = ["username", "password", "password_again", *PERSON_FIELDS, "agrees"]

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        if not is_login_name_free(name):
            raise ValidationError("이미 쓰고 있는 아이디입니다. 다른 아이디를 정해 주십시오.")
        self.owner.username = name
        return name

    def person_values(self) -> dict[str, Any]:
        """Return the person's values by field name; call after is_valid()."""
        return {name: self.cleaned_data[name] for name in PERSON_FIELDS}
