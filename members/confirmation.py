"""Asking again who is there before a risky act: password or code, good for 10 minutes.

A view under `confirm_first` is answered with the question; what was posted waits in the question
as hidden fields and goes on by itself once it is answered, so nothing typed is lost.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from members import sessions
from members.forms.accounts import ConfirmationForm
from members.hashing import HashingBusyError
from members.models import User
from members.services.second_factor import WrongCodeError, confirm_person
from members.services.throttle import ThrottledError
from members.wording import too_many_tries

View = Callable[..., HttpResponse]
WRONG = "비밀번호 또는 인증 코드가 맞지 않습니다. 다시 확인해 주십시오."
BUSY = "지금 확인하는 분이 많습니다. 잠시 뒤 다시 눌러 주십시오."


def confirm_first(view: View) -> View:
    """Ask for the password or a code unless it was given within 10 minutes."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        question = question_first(request)
        return view(request, *args, **kwargs) if question is None else question

    return wrapper


def question_first(request: HttpRequest) -> HttpResponse | None:
    """Return the page that asks, or None where the person is confirmed (or just became so)."""
    if sessions.is_confirmed(request.session):
        return None
    answered = ConfirmationForm.base_fields.keys() & request.POST.keys()
    form = ConfirmationForm(request.POST if answered else None)
    status = 200
    if form.is_valid():
        refusal = try_to_confirm(request, form.cleaned_data["confirmation"])
        if refusal is None:
            sessions.note_confirmation(request.session)
            return None if request.POST.get("confirmed_method") != "GET" else again(request)
        status = add_refusal(form, refusal)
    context = {
        "form": form,
        "kept": list(kept_fields(request)),
        "method": request.POST.get("confirmed_method", request.method),
        "address": request.get_full_path(),
    }
    return render(request, "members/confirm.html", context, status=status)


def again(request: HttpRequest) -> HttpResponse:
    """Ask for the same page anew, now by GET."""
    return HttpResponse(status=303, headers={"Location": request.get_full_path()})


def kept_fields(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Yield what was posted, without our own fields and the token."""
    own = {*ConfirmationForm.base_fields, "csrfmiddlewaretoken", "confirmed_method"}
    for name, values in request.POST.lists():
        if name not in own:
            yield from ((name, value) for value in values)


def try_to_confirm(request: HttpRequest, proof: str) -> Exception | None:
    """Check the answer, or return why it does not hold."""
    person = request.user
    if not isinstance(person, User):
        return WrongCodeError()
    try:
        confirm_person(user=person, proof=proof, at=timezone.now())
    except (WrongCodeError, ThrottledError, HashingBusyError) as refusal:
        return refusal
    return None


def add_refusal(form: ConfirmationForm, refusal: Exception) -> int:
    """Put the reason on the form and return the status of the answer."""
    if isinstance(refusal, ThrottledError):
        form.add_error(None, too_many_tries(refusal.retry_at))
        return 429
    if isinstance(refusal, HashingBusyError):
        form.add_error(None, BUSY)
        return 503
    form.add_error("confirmation", WRONG)
    return 200
