"""What is asked before a certificate signs (S28, decision A10)."""

from typing import Any

from django import forms

from members.enums import ProofPurpose
from members.forms.accounts import LoginForm
from members.forms.base import PortalForm
from members.forms.fields import BusinessNumberField


class NumberProofForm(PortalForm):
    """The business number that the certificate shall prove."""

    business_number = BusinessNumberField(
        label="사업자등록번호", help_text="숫자 10자리를 입력합니다. 붙임표는 없어도 됩니다."
    )


class PersonProofForm(NumberProofForm):
    """The same and the ID for which the certificate stands in."""

    username = LoginForm.base_fields["username"]

    field_order = ["username", "business_number"]


FORMS: dict[str, type[NumberProofForm]] = {
    ProofPurpose.SIGNUP: NumberProofForm,
    ProofPurpose.LOGIN: PersonProofForm,
    ProofPurpose.RESET: PersonProofForm,
    ProofPurpose.PROMOTE: NumberProofForm,
}


def proof_form(purpose: str, data: Any = None, **kwargs: Any) -> NumberProofForm:
    """Return the form of a purpose; its ids never meet those of another form on the page."""
    return FORMS[purpose](data, prefix="proof", **kwargs)


class AnswerForm(forms.Form):
    """What the page posts after signing; never shown, never kept."""

    purpose = forms.ChoiceField(choices=ProofPurpose.choices)
    nonce = forms.CharField(max_length=64)
    cms = forms.CharField(max_length=100_000, strip=False)
    secret = forms.CharField(max_length=200, required=False, strip=False)
