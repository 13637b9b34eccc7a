"""Step 3 of joining as one bundle: account, papers, and the whole record (S34 to S47)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone

from members.enums import JoinRoute, PaperSlot
from members.forms.joining import AccountForm, JoinPapersForm
from members.forms.record import Kept, proof_place
from members.models import Company, JoinDraft, User
from members.record_forms import Files, RecordForms
from members.services.accounts import NewAccount


class JoinForms:
    """`account`, `papers` and `records`, filled from the draft; the draft's files count as sent."""

    def __init__(
        self,
        data: QueryDict | None = None,
        files: Files | None = None,
        *,
        draft: JoinDraft,
        at: datetime,
    ) -> None:
        self.draft = draft
        kept = draft_files(draft)
        values = draft.values
        self.records = RecordForms(
            data,
            files,
            company=None,
            person=None,
            year=timezone.localdate(at).year,
            initial=values,
            kept=kept,
        )
        self.account = AccountForm(
            data,
            prefix="account",
            initial=values.get("account") or {},
            owner=future_person(draft, self.records),
            checked=draft.checked_login_name,
        )
        self.papers = JoinPapersForm(
            data,
            files,
            prefix="papers",
            kept=kept.get(PaperSlot.JOIN_BUNDLE, ()),
            is_asked=draft.route != JoinRoute.SIGNING_CERT,
        )

    @property
    def forms(self) -> list[Any]:
        """Every form in the order of the page, for the error summary."""
        return [self.account, self.papers, *self.records.forms]

    def non_form_errors(self) -> list[str]:
        """Errors of the bundle itself: none."""
        return []

    @property
    def errors(self) -> list[Any]:
        """Truthy when something is wrong; for the page's title."""
        own = [form.errors for form in (self.account, self.papers) if form.errors]
        return [*own, *self.records.errors]

    def is_valid(self) -> bool:
        """Tell whether every form is; all errors are gathered."""
        verdicts = [part.is_valid() for part in (self.account, self.papers, self.records)]
        return all(verdicts)

    def typed_values(self) -> dict[str, Any]:
        """Return what was typed for the draft: never a password, never a file."""
        return {"account": self.account.typed_values(), **self.records.typed_values()}

    def new_account(self) -> NewAccount:
        """Return the checked log-in; call after is_valid()."""
        values = self.account.cleaned_data
        return NewAccount(username=values["username"], password=values["password"])

    def file_fields(self) -> Iterator[tuple[str, Any, str]]:
        """Yield every file field as (place among kept files, form, field name)."""
        if self.papers.fields:
            yield PaperSlot.JOIN_BUNDLE.value, self.papers, PaperSlot.JOIN_BUNDLE.value
        if self.records.figures is not None:
            for slot in (PaperSlot.SALES_PROOF.value, PaperSlot.EXPORT_PROOF.value):
                yield slot, self.records.figures, slot
        for row in self.records.products or ():
            yield proof_place(row["key"].data or ""), row, "proofs"

    def good_uploads(self) -> dict[str, list["UploadedFile[Any]"]]:
        """Return the files that passed the screening, by place, whatever else is wrong."""
        uploads = {}
        for place, form, name in self.file_fields():
            form.is_valid()
            if files := form.cleaned_data.get(name):
                uploads[place] = files
        return uploads

    def dropped_files(self) -> set[UUID]:
        """Return the uuids of kept files that were ticked for deleting."""
        dropped: set[UUID] = set()
        for _place, form, name in self.file_fields():
            form.is_valid()
            ticked = form.cleaned_data.get(f"drop_{name}", [])
            dropped.update(UUID(hex=value) for value in ticked)
        return dropped

    def refused_files(self) -> list[str]:
        """Return what is wrong with files that were sent, as sentences."""
        return [
            sentence
            for _place, form, name in self.file_fields()
            for refusal in refusals(form, name)
            for sentence in refusal.messages
        ]

    def take_file_errors(self, other: "JoinForms") -> None:
        """Show the refusals of files that `other` saw; they are not sent a second time."""
        pairs = zip(self.file_fields(), other.file_fields(), strict=True)
        for (_place, form, name), (_same_place, seen, _name) in pairs:
            if found := refusals(seen, name):
                form.errors.pop(name, None)
                form.add_error(name, found)


def refusals(form: Any, name: str) -> list[ValidationError]:
    """Return the errors of files that were sent, not the one of a file that is missing."""
    errors = form.errors.as_data().get(name, [])
    return [error for error in errors if error.code != "required"]


def draft_files(draft: JoinDraft) -> Kept:
    """Return the files of a draft by place."""
    kept: dict[str, list[Any]] = {}
    for entry in draft.files.select_related("file").order_by("pk"):
        kept.setdefault(entry.slot, []).append(entry.file)
    return kept


def future_person(draft: JoinDraft, records: RecordForms) -> User:
    """Return the person who will be, unsaved, so that the password can be checked against it."""
    typed = {} if records.person is None else records.person.typed_values()
    company = {} if records.company is None else records.company.typed_values()
    return User(
        phone=typed.get("phone") or "",
        mobile=typed.get("mobile") or "",
        company=Company(
            name=company.get("name") or "",
            name_en=company.get("name_en") or "",
            phone=company.get("phone") or "",
            business_number=draft.business_number,
        ),
    )


def without_file_ticks(data: QueryDict) -> QueryDict:
    """Return posted data without the ticks that were acted on."""
    kept = data.copy()
    for name in list(kept):
        if "drop_" in name:
            del kept[name]
    return kept
