"""Access tokens: made and revoked by the operator; the secret is shown once."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from members.access import staff_only
from members.confirmation import confirm_first
from members.enums import StaffRole
from members.forms.api_tokens import ApiTokenForm
from members.forms.staff import ReasonForm
from members.models import ApiToken
from members.services.api_tokens import issue_token, revoke_token
from members.views.staff.joining import staff_of

DETAIL = "api-tokens_modeladmin_inspect"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(StaffRole.OPERATOR)
@confirm_first
def create(request: HttpRequest) -> HttpResponse:
    """Make a token and show its secret, once."""
    form = ApiTokenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        token, secret = issue_token(
            agency=form.cleaned_data["agency"],
            label=form.cleaned_data["label"],
            scopes=form.cleaned_data["scopes"],
            expires_at=form.expires_at(),
            by=staff_of(request),
            at=timezone.now(),
        )
        context = {"token": token, "secret": secret}
        return render(request, "members/admin/api_token_secret.html", context)
    context = {"form": form, "title": "접근 토큰 발급", "icon": "key"}
    return render(request, "members/admin/form_page.html", context)


@require_POST
@staff_only(StaffRole.OPERATOR)
@confirm_first
def revoke(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a token back at once, with the reason."""
    token = get_object_or_404(ApiToken, uuid=uuid)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "사유를 입력해 주십시오.")
        return redirect(DETAIL, token.uuid)
    revoke_token(
        token=token,
        by=staff_of(request),
        at=timezone.now(),
        reason=form.cleaned_data["reason"],
    )
    messages.success(request, f"{token.label}: 토큰을 회수하였습니다. 다음 요청부터 거절됩니다.")
    return redirect(DETAIL, token.uuid)
