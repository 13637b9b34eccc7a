"""스크랩: the list, and keeping or dropping one notice (S14)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from applications.models import Bookmark
from applications.selectors import bookmarks_of
from applications.views.scoping import person_of
from cms.models import NoticePage
from members.access import member_required

PER_PAGE = 20


@require_safe
@member_required
def bookmark_list(request: HttpRequest) -> HttpResponse:
    """Show the notices that the person scrapped, with the state of each."""
    at = timezone.now()
    page_obj = Paginator(bookmarks_of(person_of(request)), PER_PAGE).get_page(
        request.GET.get("page")
    )
    rows = [
        {
            "notice": bookmark.notice,
            "status": bookmark.notice.status_at(at),
            "is_closing_soon": bookmark.notice.is_closing_soon_at(at),
        }
        for bookmark in page_obj
    ]
    return render(request, "applications/bookmark_list.html", {"page_obj": page_obj, "rows": rows})


@require_POST
@member_required
def bookmark(request: HttpRequest, code: str) -> HttpResponse:
    """Keep a notice among the scraps, or drop it with ``keep=0``; then back to where it was."""
    person = person_of(request)
    if request.POST.get("keep") == "0":
        Bookmark.objects.of(person).filter(notice__code=code).delete()
        messages.success(request, "스크랩을 해제했습니다.")
    else:
        notice = get_object_or_404(NoticePage.objects.live(), code=code)
        Bookmark.objects.keep(person=person, notice=notice, at=timezone.now())
        messages.success(request, "스크랩했습니다. 마이페이지에서 모아 볼 수 있습니다.")
    return redirect(back_to(request, code))


def back_to(request: HttpRequest, code: str) -> str:
    """Return where the person came from, on this site only; the notice otherwise."""
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return target
    return f"/notices/{code}/"
