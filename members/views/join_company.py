"""Step 3 of joining: account, papers and record on one page (S34 to S50)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from members.access import client_address
from members.enums import JoinRoute
from members.forms.joining import LoginNameForm
from members.forms.record import PRODUCTS, new_product_key
from members.hashing import HashingBusyError
from members.join_forms import JoinForms, without_file_ticks
from members.models import JoinDraft
from members.record_forms import ADD_ROW, SHIFT_YEAR, shifted
from members.services.accounts import LoginNameTakenError
from members.services.claims import Claim, claim_of
from members.services.join_drafts import BusinessNumberTakenError, save_entries
from members.services.joining import (
    ConsentMissingError,
    DraftFinishedError,
    ProofMissingError,
    complete_joining,
)
from members.views.joining import (
    NEW_TEXTS,
    NO_NUMBER,
    TAKEN,
    answer_id_check,
    draft_required,
    step_page,
)
from members.views.login import BUSY

CHECK_ID = "check_id"
ACTIONS = (ADD_ROW, SHIFT_YEAR, CHECK_ID, "save", "back")


@login_not_required
@draft_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def join_company(request: HttpRequest, draft: JoinDraft) -> HttpResponse:
    """Show the draft's entries, keep what was typed whatever the button, and complete."""
    if draft.verified_at is None:
        messages.warning(request, NO_NUMBER)
        return redirect("members:join_verify")
    if request.method != "POST":
        return company_page(request, draft, JoinForms(draft=draft, at=timezone.now()))
    action = next((name for name in ACTIONS if name in request.POST), "")
    data = request.POST.copy()
    data.pop(ADD_ROW, None)
    data.pop(SHIFT_YEAR, None)
    sent = JoinForms(data, request.FILES, draft=draft, at=timezone.now())
    is_valid = not action and sent.is_valid()
    keep_entries(draft, sent, action)
    if action:
        return after_action(request, draft, sent, action)
    refusal = try_to_complete(request, draft, sent) if is_valid else None
    if is_valid and (refusal is None or isinstance(refusal, DraftFinishedError)):
        return redirect("members:join_done")
    return refused_page(request, draft, shown_again(draft, data, sent), refusal)


def keep_entries(draft: JoinDraft, sent: JoinForms, action: str) -> None:
    """Keep typed values and good files in the draft, and one more product where asked."""
    values = sent.typed_values()
    if action == ADD_ROW:
        values[PRODUCTS].append({"key": new_product_key()})
    if action == SHIFT_YEAR:
        values["figures"] = shifted(values["figures"], sent.records.years)
    save_entries(
        draft=draft,
        values=values,
        uploads=sent.good_uploads(),
        dropped=sent.dropped_files(),
        at=timezone.now(),
    )


def shown_again(draft: JoinDraft, data: QueryDict, sent: JoinForms) -> JoinForms:
    """Return the forms with their errors; files that were kept count as sent."""
    again = JoinForms(without_file_ticks(data), draft=draft, at=timezone.now())
    again.is_valid()
    again.take_file_errors(sent)
    return again


def after_action(
    request: HttpRequest, draft: JoinDraft, sent: JoinForms, action: str
) -> HttpResponse:
    """Answer a button that is not 가입완료 by going back to the page, or a step back."""
    for refusal in sent.refused_files():
        messages.error(request, refusal)
    target = reverse("members:join_company")
    if action == "back":
        return redirect("members:join_verify")
    if action == ADD_ROW:
        return redirect(f"{target}#products-title")
    if action == SHIFT_YEAR:
        return redirect(f"{target}#figures-title")
    if action == CHECK_ID:
        say_id_check(request, draft, sent)
        return redirect(f"{target}#id_account-username")
    messages.success(
        request, "입력한 내용을 저장했습니다. 이 기기에서 7일 동안 이어서 쓸 수 있습니다."
    )
    return redirect(target)


def say_id_check(request: HttpRequest, draft: JoinDraft, sent: JoinForms) -> None:
    """Answer 중복확인 of a page without scripts."""
    form = LoginNameForm({"username": sent.account["username"].data})
    if not form.is_valid():
        messages.error(request, str(form.errors["username"][0]))
        return
    answer, _status = answer_id_check(request, draft, form.cleaned_data["username"])
    level = messages.success if answer["available"] else messages.error
    level(request, answer["message"])


def try_to_complete(request: HttpRequest, draft: JoinDraft, sent: JoinForms) -> Exception | None:
    """Make the company, or return why it cannot be made."""
    try:
        complete_joining(
            draft=draft,
            account=sent.new_account(),
            record=sent.records,
            address=client_address(request),
            at=timezone.now(),
        )
    except (
        BusinessNumberTakenError,
        ConsentMissingError,
        DraftFinishedError,
        HashingBusyError,
        LoginNameTakenError,
        ProofMissingError,
    ) as refusal:
        return refusal
    return None


def refused_page(
    request: HttpRequest, draft: JoinDraft, forms: JoinForms, refusal: Exception | None
) -> HttpResponse:
    """Show step 3 again with what was wrong, or step 1 when the texts changed meanwhile."""
    if isinstance(refusal, ConsentMissingError):
        messages.warning(request, NEW_TEXTS)
        return redirect("members:join_terms")
    if isinstance(refusal, ProofMissingError):
        messages.warning(request, NO_NUMBER)
        return redirect("members:join_verify")
    if isinstance(refusal, BusinessNumberTakenError):
        return company_page(request, draft, forms, refusal=TAKEN, status=409)
    if isinstance(refusal, HashingBusyError):
        return company_page(request, draft, forms, refusal=BUSY, status=503)
    if isinstance(refusal, LoginNameTakenError):
        forms.account.add_error("username", "이미 쓰고 있는 아이디입니다.")
    return company_page(request, draft, forms)


def company_page(
    request: HttpRequest, draft: JoinDraft, forms: JoinForms, *, refusal: str = "", **kwargs: Any
) -> HttpResponse:
    """Render step 3."""
    checked = draft.checked_login_name
    is_proven = draft.route == JoinRoute.SIGNING_CERT
    claim = claim_of(draft.business_number, is_proven=is_proven)
    is_checked = bool(checked) and checked == forms.account["username"].value()
    return step_page(
        request,
        3,
        "members/join_company.html",
        forms=forms,
        draft=draft,
        takes_over=claim == Claim.TAKE_OVER,
        refusal=refusal,
        has_errors=bool(forms.errors or refusal),
        checked_message="사용할 수 있는 아이디입니다." if is_checked else "",
        **kwargs,
    )
