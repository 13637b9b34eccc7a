"""Versions of legal texts: drafts, a look before publishing, publishing."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from members.access import staff_only
from members.confirmation import confirm_first
from members.enums import StaffRole
from members.forms.staff import LegalTextForm
from members.models import LegalText
from members.services import legal_texts as services
from members.views.staff.joining import staff_of

LIST = "legal-texts_modeladmin_index"
DETAIL = "legal-texts_modeladmin_inspect"
EDITORS = (StaffRole.COMMS, StaffRole.OPERATOR)
VERSION_TAKEN = "이 종류에 같은 판이 있습니다. 다른 판 이름을 적어 주십시오."


@require_http_methods(["GET", "POST"])
@staff_only(*EDITORS)
def create(request: HttpRequest, uuid: UUID | None = None) -> HttpResponse:
    """Write a new version; with `uuid` it begins as a copy of that one."""
    initial = LegalTextForm.initial_of(get_object_or_404(LegalText, uuid=uuid)) if uuid else {}
    initial = {**initial, "version": "", "effective_at": timezone.now()}
    form = LegalTextForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            text = services.draft_text(
                values=form.cleaned_data, by=staff_of(request), at=timezone.now()
            )
        except services.VersionTakenError:
            form.add_error("version", VERSION_TAKEN)
        else:
            messages.success(request, f"{text}: 초안을 저장하였습니다.")
            return redirect(DETAIL, text.uuid)
    return render(request, "members/admin/form_page.html", {"form": form, "title": "새 판 작성"})


@require_http_methods(["GET", "POST"])
@staff_only(*EDITORS)
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a draft; a published version leads back to its page."""
    text = get_object_or_404(LegalText, uuid=uuid)
    if text.is_published:
        messages.error(request, "게시한 판은 고칠 수 없습니다. 새 판을 작성해 주십시오.")
        return redirect(DETAIL, uuid)
    form = LegalTextForm(request.POST or None, initial=LegalTextForm.initial_of(text))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_draft(
                text=text, values=form.cleaned_data, by=staff_of(request), at=timezone.now()
            )
        except services.VersionTakenError:
            form.add_error("version", VERSION_TAKEN)
        else:
            messages.success(request, f"{text}: 저장하였습니다.")
            return redirect(DETAIL, uuid)
    return render(request, "members/admin/form_page.html", {"form": form, "title": "초안 수정"})


@require_POST
@staff_only(*EDITORS)
@confirm_first
def publish(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Publish a draft; it is never edited again."""
    text = get_object_or_404(LegalText, uuid=uuid)
    try:
        text = services.publish_text(text=text, by=staff_of(request), at=timezone.now())
    except services.PublishedTextError:
        messages.error(request, "이미 게시한 판입니다.")
    else:
        messages.success(request, f"{text}: 게시하였습니다.")
    return redirect(DETAIL, uuid)
