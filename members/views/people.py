"""담당자 관리: invitations, removal, hand-over of the mastership (decision A12)."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from members import sessions
from members.access import client_address, member_required
from members.confirmation import confirm_first
from members.forms.people import AskForm, InvitedPersonForm, InviteForm
from members.hashing import HashingBusyError
from members.models import Invitation, User
from members.services import people as services
from members.services.accounts import LoginNameTakenError, NewAccount
from members.services.consents import NotMasterError
from members.services.outbox import InvalidRecipientError
from members.services.throttle import ThrottledError
from members.views.login import BUSY
from members.views.my_page import person_and_company
from members.wording import too_many_tries

ONLY_MASTER = "대표 담당자만 할 수 있습니다. 대표 담당자가 바뀌었는지 확인해 주십시오."
GONE = "이미 담당자가 아니거나 처리된 일입니다. 목록을 다시 확인해 주십시오."
MUST_HAND_OVER = "대표 담당자는 다른 담당자에게 대표를 넘긴 뒤에 빠질 수 있습니다."
TOO_MANY = f"담당자와 초대는 합해서 {services.MAX_PEOPLE}명까지입니다."


@member_required
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """The company's people; the master invites here."""
    person, company = person_and_company(request)
    form, status = InviteForm(request.POST or None), 200
    if form.is_valid():
        refusal = try_to_invite(person, form)
        if refusal is None:
            messages.success(
                request, f"{form.cleaned_data['email']} 주소로 초대 메일을 보냈습니다."
            )
            return redirect("members:people")
        form.add_error(None, refusal)
        status = 409
    listed = User.objects.of_company(company).active().order_by("-is_company_master", "username")
    context = {
        "people": listed,
        "person": person,
        "form": form,
        "invitations": company.invitations.open_at(timezone.now()),
        "events": company.person_events.select_related("by")[:20],
    }
    return render(request, "members/people.html", context, status=status)


def try_to_invite(person: User, form: InviteForm) -> str | None:
    """Send the invitation, or return why not."""
    if person.company is None:
        return ONLY_MASTER
    try:
        services.invite_person(
            company=person.company, by=person, at=timezone.now(), **form.cleaned_data
        )
    except NotMasterError:
        return ONLY_MASTER
    except services.TooManyPeopleError:
        return TOO_MANY
    except ThrottledError as refusal:
        return too_many_tries(refusal.retry_at)
    except InvalidRecipientError:
        return "이 주소로는 메일을 보낼 수 없습니다. 다른 E-mail을 입력해 주십시오."
    return None


@member_required
@require_POST
def invitation_cancel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take an invitation back."""
    person, company = person_and_company(request)
    invitation = get_object_or_404(Invitation, company=company, uuid=uuid)
    try:
        services.cancel_invitation(invitation=invitation, by=person, at=timezone.now())
    except NotMasterError:
        messages.error(request, ONLY_MASTER)
    except services.InvitationClosedError:
        messages.error(request, GONE)
    else:
        messages.success(request, "초대를 취소했습니다. 보낸 주소는 이제 쓸 수 없습니다.")
    return redirect("members:people")


@member_required
@require_http_methods(["GET", "POST"])
@confirm_first
def person_remove(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask, then end a colleague's account or one's own."""
    person, company = person_and_company(request)
    colleague = get_object_or_404(User.objects.of_company(company).active(), uuid=uuid)
    if request.method != "POST":
        context = {"colleague": colleague, "is_own": colleague.pk == person.pk}
        return render(request, "members/person_remove.html", context)
    try:
        services.remove_person(person=colleague, by=person, at=timezone.now())
    except NotMasterError:
        messages.error(request, ONLY_MASTER)
    except services.NotAColleagueError:
        messages.error(request, GONE)
    except services.MasterMustStayError:
        messages.error(request, MUST_HAND_OVER)
    else:
        return after_removal(request, colleague, is_own=colleague.pk == person.pk)
    return redirect("members:people")


def after_removal(request: HttpRequest, colleague: User, *, is_own: bool) -> HttpResponse:
    """Say what was done; whoever left themself is logged out."""
    if is_own:
        sessions.end(request)
        messages.success(request, "담당자에서 빠졌습니다. 그동안 이용해 주셔서 고맙습니다.")
        return redirect("/")
    messages.success(request, f"{colleague.name} 님을 담당자에서 뺐습니다.")
    return redirect("members:people")


@member_required
@require_http_methods(["GET", "POST"])
@confirm_first
def mastership(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask, then hand the mastership over to a colleague."""
    person, company = person_and_company(request)
    colleague = get_object_or_404(User.objects.of_company(company).active(), uuid=uuid)
    if request.method != "POST":
        return render(request, "members/mastership.html", {"colleague": colleague})
    try:
        services.hand_over_mastership(to=colleague, by=person, at=timezone.now())
    except NotMasterError:
        messages.error(request, ONLY_MASTER)
    except services.NotAColleagueError:
        messages.error(request, GONE)
    else:
        messages.success(request, f"이제 {colleague.name} 님이 대표 담당자입니다.")
    return redirect("members:people")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def join_ask(request: HttpRequest) -> HttpResponse:
    """Ask a member company's master for an invitation; everybody gets the same answer."""
    form, is_sent, status = AskForm(request.POST or None), False, 200
    if form.is_valid():
        try:
            services.ask_master(
                **form.cleaned_data, address=client_address(request), at=timezone.now()
            )
            is_sent = True
        except ThrottledError as refusal:
            form.add_error(None, too_many_tries(refusal.retry_at))
            status = 429
    context = {"form": form, "is_sent": is_sent}
    return render(request, "members/join_ask.html", context, status=status)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Take up an invitation: ID, password, who one is, and consent."""
    offer = services.open_invitation(token=token, at=timezone.now())
    if offer is None:
        return render(request, "members/invitation_dead.html", status=410)
    initial = {"name": offer.name, "email": offer.email}
    owner = User(company=offer.company, name=offer.name, email=offer.email)
    form, status = InvitedPersonForm(request.POST or None, owner=owner, initial=initial), 200
    if form.is_valid():
        refusal = try_to_accept(request, offer, form)
        if refusal is None:
            messages.success(request, "담당자로 등록했습니다. 정한 아이디로 로그인해 주십시오.")
            return redirect("members:login")
        if isinstance(refusal, services.InvitationClosedError):
            return render(request, "members/invitation_dead.html", status=410)
        status = add_refusal(form, refusal)
    context = {"form": form, "company": offer.company}
    return render(request, "members/invitation.html", context, status=status)


def try_to_accept(
    request: HttpRequest, offer: Invitation, form: InvitedPersonForm
) -> Exception | None:
    """Make the account, or return why not."""
    values = form.cleaned_data
    try:
        services.accept_invitation(
            invitation=offer,
            account=NewAccount(username=values["username"], password=values["password"]),
            values=form.person_values(),
            place=services.Place(address=client_address(request), at=timezone.now()),
        )
    except (
        HashingBusyError,
        LoginNameTakenError,
        ThrottledError,
        services.InvitationClosedError,
    ) as refusal:
        return refusal
    return None


def add_refusal(form: InvitedPersonForm, refusal: Exception) -> int:
    """Put the reason on the form and return the status of the answer."""
    if isinstance(refusal, ThrottledError):
        form.add_error(None, too_many_tries(refusal.retry_at))
        return 429
    if isinstance(refusal, HashingBusyError):
        form.add_error(None, BUSY)
        return 503
    form.add_error("username", "이미 쓰고 있는 아이디입니다. 다른 아이디를 정해 주십시오.")
    return 409
