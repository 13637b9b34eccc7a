"""The list of applications: unread marks, saved filters, and acts on several rows at once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from applications import selectors
from applications.desk_forms import AssignForm, BulkForm, DeskForm, FilterNameForm, MessageForm
from applications.enums import BulkAct
from applications.models import Application, SavedFilter
from applications.services import desk
from applications.worklist import colleagues_of
from members.access import note_access
from members.enums import AGENCY_ROLES, AccessAction
from members.scoped_views import ScopedIndexView, ScopedInspectView

TOO_MANY = f"한 번에 {desk.MAX_BULK:,}건까지 처리할 수 있습니다. 필터로 줄여 주십시오."

TOO_MANY_FILTERS = f"필터는 {desk.MAX_SAVED_FILTERS}개까지 저장할 수 있습니다."
REFUSALS_SHOWN = 10


def uuids_of(typed: list[str]) -> list[UUID]:
    """Return the typed row addresses that are addresses at all."""
    found = []
    for text in typed:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


class ApplicationInspectView(ScopedInspectView):
    """One application; opening it takes the unread mark away."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.request.user
        if person.staff_role in AGENCY_ROLES:
            desk.mark_read(application=self.instance, by=person, at=timezone.now())
        return super().get_context_data(**kwargs)


class ApplicationIndexView(ScopedIndexView):
    """The list, with the number of drafts of each own notice above it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.request.user
        drafts = selectors.draft_counts(person.agency)
        chosen = self.request.GET.get("notice")
        kwargs["drafts"] = [row for row in drafts if not chosen or row["code"] == chosen]
        if person.staff_role in AGENCY_ROLES:
            kwargs["acts"] = BulkAct.choices
            kwargs["saved_filters"] = SavedFilter.objects.filter(person=person)
            kwargs["address"] = self.request.get_full_path()
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Export, keep the filter, or act on rows; acting is the agency's alone."""
        if "bulk" not in request.POST and "save_filter" not in request.POST:
            return super().post(request, *args, **kwargs)
        if getattr(request.user, "staff_role", "") not in AGENCY_ROLES:
            raise PermissionDenied
        if "save_filter" in request.POST:
            return self.keep_filter(request)
        return self.act(request)

    def keep_filter(self, request: HttpRequest) -> HttpResponse:
        """Keep what the address filters by under a name of the person's own."""
        form = FilterNameForm(request.POST)
        if form.is_valid():
            try:
                desk.save_filter(
                    name=form.cleaned_data["name"],
                    query=request.GET.urlencode()[:500],
                    by=request.user,  # type: ignore[arg-type]  # staff are logged in
                    at=timezone.now(),
                )
            except desk.TooManyError:
                messages.error(
                    request, f"필터는 {desk.MAX_SAVED_FILTERS}개까지 저장할 수 있습니다."
                )
            else:
                messages.success(request, "지금 필터를 저장했습니다.")
        else:
            messages.error(request, form.first_error())
        return redirect(request.get_full_path())

    def chosen_rows(self, form: BulkForm) -> list[Application]:
        """Return the rows meant, all of them within what this list shows this person."""
        rows = self.queryset
        if form.cleaned_data["scope"] != "all":
            rows = rows.filter(uuid__in=uuids_of(form.cleaned_data["row"]))
        return list(rows[: desk.MAX_BULK + 1])

    def act(self, request: HttpRequest) -> HttpResponse:
        """Ask once more what is meant, then do it and tell what became of each row."""
        form = BulkForm(request.POST, rows=request.POST.getlist("row"))
        rows = self.chosen_rows(form) if form.is_valid() else []
        if not rows or len(rows) > desk.MAX_BULK:
            error = TOO_MANY if rows else "할 일과 신청을 골라 주십시오."
            messages.error(request, error)
            return redirect(request.get_full_path())
        words = self.words_form(form.cleaned_data["act"], request)
        if "confirmed" not in request.POST or not words.is_valid():
            return self.confirmation(request, form, rows, words)
        result = desk.act_on_many(
            applications=rows,
            act=form.cleaned_data["act"],
            by=request.user,  # type: ignore[arg-type]  # staff are logged in
            at=timezone.now(),
            **words.cleaned_data,
        )
        self.tell(request, form, result)
        return redirect(request.get_full_path())

    def words_form(self, act: str, request: HttpRequest) -> DeskForm:
        """Return the form of what an act needs beside its rows; unbound before it was shown."""
        data = request.POST if "confirmed" in request.POST else None
        if act == BulkAct.ASSIGN:
            people = colleagues_of(request.user.agency)  # type: ignore[union-attr,arg-type]
            return AssignForm(data, people=people)
        return MessageForm(data) if act == BulkAct.MESSAGE else DeskForm(data)

    def confirmation(
        self, request: HttpRequest, form: BulkForm, rows: list[Application], words: DeskForm
    ) -> HttpResponse:
        """Show what would be done to which rows; nothing is changed yet."""
        act = BulkAct(form.cleaned_data["act"])
        context = {
            "act": act,
            "rows": rows,
            "form": words,
            "address": request.get_full_path(),
            "title": f"{act.label}: {len(rows):,}건",
            "icon": "tasks",
        }
        note_access(request, AccessAction.VIEW, self.subjects(rows), "신청 일괄 처리 확인")
        return render(request, "applications/admin/bulk.html", context)

    def tell(self, request: HttpRequest, form: BulkForm, result: desk.BulkResult) -> None:
        """Say how many were done, and of each other one why not."""
        label = BulkAct(form.cleaned_data["act"]).label
        if result.done:
            what = f"신청 일괄 처리: {label}"
            note_access(request, AccessAction.CHANGE, self.subjects(result.done), what)
            messages.success(request, f"«{label}»: {len(result.done):,}건을 처리했습니다.")
        for application, reason in result.refused[:10]:
            messages.warning(request, f"{application}: {reason}")
        if len(result.refused) > 10:
            messages.warning(
                request, f"그밖에 {len(result.refused) - 10:,}건도 처리하지 못했습니다."
            )

    def subjects(self, rows: list[Application]) -> list[Any]:
        return list(dict.fromkeys(self.model_admin.subjects_of(rows)))
