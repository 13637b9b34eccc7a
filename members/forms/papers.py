"""Sending a joining paper again while the membership waits (S31, S64)."""

from django import forms

from members.forms.base import PortalForm
from members.forms.fields import UploadsField
from members.membership import joining_slots
from members.uploads import JOINING_FORMATS


class PaperForm(PortalForm):
    """Which paper, and its files."""

    slot = forms.ChoiceField(label="서류", choices=joining_slots, widget=forms.RadioSelect)
    uploads = UploadsField(
        label="파일",
        formats=JOINING_FORMATS,
        help_text="같은 서류를 다시 내면 앞서 낸 파일을 대신합니다.",
    )
