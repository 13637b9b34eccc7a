"""Find what the person asking owns; anything else is not there (404)."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from applications.models import Application
from applications.selectors import draft_on, published_notices
from cms.models import NoticePage
from members.access import member_required
from members.models import Company, User

View = Callable[..., HttpResponseBase]


def person_of(request: HttpRequest) -> User:
    """Return the logged-in person; views of companies stand behind member_required."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def wants_json(request: HttpRequest) -> bool:
    """Tell whether a script of ours asks, which shows the answer itself."""
    return request.headers.get("Accept") == "application/json"


def company_of(request: HttpRequest) -> Company:
    """Return the company of the person asking."""
    company = person_of(request).company
    if company is None:
        raise Http404
    return company


def notice_or_404(code: str) -> NoticePage:
    """Return a published notice by its code."""
    notice: NoticePage = get_object_or_404(published_notices(), code=code)
    return notice


def draft_required(view: View) -> View:
    """Give a view the company's draft for the notice of the address.

    Without one, the start page says what there is instead.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, code: str) -> HttpResponseBase:
        notice = get_object_or_404(NoticePage, code=code)
        draft = draft_on(notice, company=company_of(request))
        if draft is None:
            return redirect("applications:start", code)
        return view(request, draft)

    return member_required(wrapper)


def application_or_404(request: HttpRequest, uuid: UUID) -> Application:
    """Return the company's own application, a draft or not."""
    own = Application.objects.owned_by(company_of(request))
    rows = own.select_related("company", "notice__agency", "submitted_by")
    return get_object_or_404(rows, uuid=uuid)
