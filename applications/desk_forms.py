"""The shape of what officers send from their desk; nothing is written here."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from applications.enums import BulkAct
from members.forms.base import PortalForm
from members.models import User

MAX_NOTE = 1000
MAX_MESSAGE = 2000


class DeskForm(PortalForm):
    """A small form on a busy page: where it fails, one sentence says why."""

    def first_error(self) -> str:
        return next(str(faults[0]) for faults in self.errors.values())


class NoteForm(DeskForm):
    text = forms.CharField(
        label="내부 메모",
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "메모를 적어 주십시오.",
            "max_length": f"메모는 {MAX_NOTE:,}자까지 적을 수 있습니다.",
        },
    )


class MessageForm(DeskForm):
    """What the agency writes to a company."""

    subject = forms.CharField(
        label="제목",
        max_length=120,
        error_messages={"required": "안내의 제목을 적어 주십시오."},
    )
    text = forms.CharField(
        label="내용",
        max_length=MAX_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": "안내할 내용을 적어 주십시오.",
            "max_length": f"내용은 {MAX_MESSAGE:,}자까지 적을 수 있습니다.",
        },
    )


class AssignForm(DeskForm):
    """A colleague of the same agency, or nobody."""

    assignee = forms.ModelChoiceField(
        label="담당",
        queryset=User.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label="지정하지 않음",
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["assignee"])  # type: ignore[type-arg]
        field.queryset = people
        field.label_from_instance = lambda obj: obj.name  # type: ignore[method-assign]


class BulkForm(DeskForm):
    """What is to be done with the chosen applications, and with which words."""

    act = forms.ChoiceField(
        label="할 일",
        choices=BulkAct.choices,
        error_messages={"required": "할 일을 골라 주십시오."},
    )
    scope = forms.ChoiceField(
        label="대상",
        choices=[("chosen", "고른 신청"), ("all", "필터에 맞는 모든 신청")],
        required=False,
    )
    row = forms.TypedMultipleChoiceField(label="신청", required=False)

    def __init__(self, *args: Any, rows: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.TypedMultipleChoiceField, self.fields["row"])
        field.choices = [(row, row) for row in rows]


class FilterNameForm(DeskForm):
    """The name under which an officer keeps the present filter."""

    name = forms.CharField(
        label="필터 이름",
        max_length=40,
        error_messages={"required": "필터의 이름을 적어 주십시오."},
    )


class BundleForm(DeskForm):
    """Why all papers of a notice are fetched."""

    reason = forms.CharField(label="내려받는 사유", min_length=2, max_length=300)
