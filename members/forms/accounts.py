"""Logging in, setting passwords, finding what was forgotten (S4, S35, S51 to S54)."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from members.forms.base import PortalForm
from members.forms.fields import BusinessNumberField, LineField, PhoneField
from members.models import User

NOT_THE_SAME = "비밀번호가 서로 다릅니다. 같은 비밀번호를 두 번 입력해 주십시오."


def password_input(autocomplete: str) -> forms.PasswordInput:
    """Return a password control that pasting and password managers work with."""
    return forms.PasswordInput(
        attrs={"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}
    )


class LoginForm(PortalForm):
    """아이디 and 비밀번호 (S4)."""

    username = LineField(
        label="아이디",
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label="비밀번호", strip=False, max_length=200, widget=password_input("current-password")
    )


class CodeForm(PortalForm):
    """A code of the authenticator app, or a recovery code."""

    code = LineField(
        label="인증 코드",
        max_length=30,
        help_text="인증 앱에 보이는 숫자 6자리입니다. 휴대폰이 없으면 복구 코드를 입력합니다.",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class ConfirmationForm(PortalForm):
    """A sign that the person is still there."""

    confirmation = forms.CharField(
        label="비밀번호 또는 인증 코드",
        strip=False,
        max_length=200,
        help_text="2단계 인증을 쓰면 인증 앱의 숫자 6자리를 대신 입력할 수 있습니다.",
        widget=password_input("current-password"),
    )


class NewPasswordForm(PortalForm):
    """A new password twice, checked against whose it is."""

    password = forms.CharField(
        label="새 비밀번호", strip=False, widget=password_input("new-password")
    )
    password_again = forms.CharField(
        label="새 비밀번호 확인", strip=False, widget=password_input("new-password")
    )

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = owner

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, user=self.owner)
        return password

    def clean_password_again(self) -> str:
        again: str = self.cleaned_data["password_again"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise ValidationError(NOT_THE_SAME)
        return again


class PasswordChangeForm(NewPasswordForm):
    """The present password, then the new one twice."""

    present = forms.CharField(
        label="지금 비밀번호",
        strip=False,
        max_length=200,
        widget=password_input("current-password"),
    )

    field_order = ["present", "password", "password_again"]


class FindIdForm(PortalForm):
    """사업자번호 and 대표이메일 (S52)."""

    business_number = BusinessNumberField(
        label="사업자번호", help_text="숫자 10자리를 입력합니다. 붙임표는 없어도 됩니다."
    )
    email = forms.EmailField(
        label="대표이메일", max_length=254, help_text="가입할 때 입력한 대표 E-mail입니다."
    )


class FindPasswordForm(FindIdForm):
    """The same and 담당자 핸드폰 (S53)."""

    mobile = PhoneField(
        label="담당자 핸드폰",
        mobile=True,
        help_text="가입할 때 입력한 휴대폰 번호입니다. 숫자만 입력해도 됩니다.",
    )
