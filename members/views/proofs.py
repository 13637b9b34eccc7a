"""Proof by joint certificate: challenge, answer, and what each purpose makes of it (S28)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from members import sessions
from members.access import client_address
from members.enums import ProofPurpose
from members.forms.proofs import FORMS, AnswerForm, NumberProofForm, proof_form
from members.hashing import HashingBusyError
from members.models import BusinessProof
from members.pki.refusals import ProofRefusedError
from members.pki.trust import TrustStoreError
from members.pki.verifier import Submission
from members.services.business_proof import (
    ProofNotOfferedError,
    ProofRequest,
    begin_proof,
    complete_proof,
)
from members.services.claims import NotPromotedError, promote_by_proof
from members.services.join_drafts import BusinessNumberTakenError, choose_certificate_route
from members.services.joining import ConsentMissingError, agreed_choices
from members.services.login import (
    MembershipLeftError,
    NotOfThisCompanyError,
    check_log_in_by_proof,
)
from members.services.passwords import give_temporary_password
from members.services.throttle import ThrottledError
from members.signing_window import signing_window
from members.views.joining import NO_DRAFT, TAKEN, cookie_name, current_draft
from members.views.login import BUSY, LEFT, landing
from members.views.visitors import local_target, signed_in_person
from members.wording import too_many_tries

NOT_OFFERED = "지금은 인증서로 확인할 수 없습니다. 잠시 뒤 다시 진행해 주십시오."
NOT_YOURS = "이 아이디는 인증서의 기업에 속하지 않습니다. 입력한 내용을 확인해 주십시오."
NOT_YOUR_COMPANY = (
    "로그인한 기업의 인증서가 아니거나 정식회원으로 바꿀 수 없는 상태입니다. "
    "사업자등록번호와 회원 상태를 확인해 주십시오."
)
NO_COOKIE = "브라우저의 쿠키를 쓸 수 있어야 합니다. 설정을 확인하고 다시 진행해 주십시오."


def session_of(request: HttpRequest, purpose: str) -> str:
    """Return the secret of the browser that a challenge is bound to; '' where it has none."""
    if purpose == ProofPurpose.SIGNUP:
        return request.COOKIES.get(cookie_name(), "")
    return request.session.session_key or ""


def said(message: str, status: int, **more: Any) -> JsonResponse:
    return JsonResponse({"message": message, **more}, status=status)


@login_not_required
@never_cache
@require_POST
def challenge(request: HttpRequest) -> HttpResponse:
    """Hand out the text to sign for a purpose and a number."""
    purpose = request.POST.get("purpose", "")
    if purpose not in FORMS:
        return said(NOT_OFFERED, 400)
    form = proof_form(purpose, request.POST)
    if not form.is_valid():
        return said(" ".join(str(found[0]) for found in form.errors.values()), 400)
    if purpose != ProofPurpose.SIGNUP and not request.session.session_key:
        request.session.create()
    session = session_of(request, purpose)
    return hand_out(request, purpose, form, session) if session else said(NO_COOKIE, 400)


def hand_out(
    request: HttpRequest, purpose: str, form: NumberProofForm, session: str
) -> JsonResponse:
    """Store a challenge and answer with its text."""
    asked = ProofRequest(
        purpose=ProofPurpose(purpose),
        business_number=form.cleaned_data["business_number"],
        session=session,
        login_name=form.cleaned_data.get("username", "")[:20],
    )
    try:
        made = begin_proof(asked=asked, address=client_address(request), at=timezone.now())
    except ThrottledError as refusal:
        return said(too_many_tries(refusal.retry_at), 429)
    except (ProofNotOfferedError, TrustStoreError):
        return said(NOT_OFFERED, 503)
    return JsonResponse({"nonce": made.nonce, "text": made.text})


@login_not_required
@never_cache
@sensitive_post_parameters("cms", "secret")
@sensitive_variables("form", "submission")
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Judge a signed challenge and do what its purpose says."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return said(NOT_OFFERED, 400)
    purpose = ProofPurpose(form.cleaned_data["purpose"])
    submission = Submission(form.cleaned_data["cms"], form.cleaned_data["secret"])
    try:
        proof = complete_proof(
            nonce=form.cleaned_data["nonce"],
            purpose=purpose,
            session=session_of(request, purpose),
            submission=submission,
            at=timezone.now(),
        )
    except ProofRefusedError as refusal:
        return said(refusal.sentence, 422)
    except (ProofNotOfferedError, TrustStoreError):
        return said(NOT_OFFERED, 503)
    return OUTCOMES[purpose](request, proof)


def joined(request: HttpRequest, proof: BusinessProof) -> JsonResponse:
    """Go on with step 3 of joining under the proven number."""
    now = timezone.now()
    draft = current_draft(request, at=now)
    if draft is None or draft.finished_at is not None:
        return said(NO_DRAFT, 409)
    try:
        agreed_choices(draft=draft, at=now)
        choose_certificate_route(draft=draft, proof=proof, at=now)
    except ConsentMissingError:
        return said(NO_DRAFT, 409)
    except BusinessNumberTakenError:
        return said(TAKEN, 409)
    return JsonResponse({"redirect": reverse("members:join_company")})


def logged_in(request: HttpRequest, proof: BusinessProof) -> JsonResponse:
    """Begin a session for the person whose ID was typed."""
    try:
        person = check_log_in_by_proof(proof=proof)
    except NotOfThisCompanyError:
        return said(NOT_YOURS, 403)
    except MembershipLeftError:
        return said(LEFT, 403)
    sessions.begin(request, user=person, address=client_address(request), factor_passed=True)
    return JsonResponse({"redirect": landing(person, local_target(request.POST.get("next", "")))})


def reset(request: HttpRequest, proof: BusinessProof) -> JsonResponse:
    """Show the temporary password, this once (decision A10)."""
    try:
        person, password = give_temporary_password(proof=proof, at=timezone.now())
    except NotOfThisCompanyError:
        return said(NOT_YOURS, 403)
    except HashingBusyError:
        return said(BUSY, 503)
    return JsonResponse({"temporary_password": password, "username": person.username})


def promoted(request: HttpRequest, proof: BusinessProof) -> JsonResponse:
    """Make the person's own company a full member."""
    person = signed_in_person(request)
    if person is None or person.company is None:
        return said(NOT_YOUR_COMPANY, 403)
    try:
        promote_by_proof(company=person.company, proof=proof, by=person, at=timezone.now())
    except NotPromotedError:
        return said(NOT_YOUR_COMPANY, 403)
    messages.success(request, "공동인증서로 확인했습니다. 이제 정식회원입니다.")
    return JsonResponse({"redirect": reverse("members:membership")})


OUTCOMES: dict[ProofPurpose, Callable[[HttpRequest, BusinessProof], JsonResponse]] = {
    ProofPurpose.SIGNUP: joined,
    ProofPurpose.LOGIN: logged_in,
    ProofPurpose.RESET: reset,
    ProofPurpose.PROMOTE: promoted,
}


@login_not_required
@never_cache
@require_safe
def login_by_certificate(request: HttpRequest) -> HttpResponse:
    """인증서로 로그인: the proof stands in for the password of the typed ID."""
    target = local_target(request.GET.get("next", ""))
    if person := signed_in_person(request):
        return redirect(landing(person, target))
    context = {"signing": signing_window(ProofPurpose.LOGIN), "next": target}
    return render(request, "members/login_certificate.html", context)


@login_not_required
@never_cache
@require_safe
def reset_by_certificate(request: HttpRequest) -> HttpResponse:
    """비밀번호 찾기 by certificate: a temporary password, shown once (decision A10)."""
    context = {"signing": signing_window(ProofPurpose.RESET)}
    return render(request, "members/reset_certificate.html", context)


@login_not_required
@require_safe
def no_install(request: HttpRequest) -> HttpResponse:
    """설치할 프로그램이 없습니다 (S29): where certificates lie, and whom to call."""
    return render(request, "members/no_install.html")
