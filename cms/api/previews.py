"""A draft for a headless front end: by a signed address that ends after an hour."""

from datetime import timedelta
from typing import Annotated

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Path, Router
from wagtail.models import Revision

from cms.api.notices import AskedNothing, notice_as_json
from cms.api.shapes import NoticeOut
from cms.models import NoticePage
from members.api.answers import own_answer
from members.api.problems import ProblemError, documented
from members.api.questions import absolute, refuse_unknown

router = Router(tags=["own notices"])
SALT = "notice-preview"
PREVIEW_LIFE = timedelta(hours=1)


def preview_address(notice: NoticePage) -> str:
    """Return an address that shows the notice's present draft for an hour."""
    token = signing.dumps([notice.pk, notice.latest_revision_id], salt=SALT)
    return absolute(reverse("api:preview", args=[token]))


@router.get(
    "/preview/{token}",
    response={200: NoticeOut, **documented(400, 404)},
    url_name="preview",
    summary="초안 미리보기",
)
def preview(request: HttpRequest, token: Annotated[str, Path(max_length=200)]) -> HttpResponse:
    """The draft behind a signed address; not for search engines, kept by nobody."""
    refuse_unknown(request, AskedNothing)
    try:
        page_key, revision_key = signing.loads(token, salt=SALT, max_age=PREVIEW_LIFE)
    except signing.BadSignature as error:
        detail = "기한이 지났거나 올바르지 않은 미리보기 주소입니다. 새 주소를 받아 주십시오."
        raise ProblemError(404, "preview_over", detail) from error
    notice = NoticePage.objects.filter(pk=page_key).first()
    revision = Revision.page_revisions.filter(pk=revision_key, object_id=str(page_key)).first()
    if notice is None:
        raise ProblemError(404, "preview_over", "더 있지 않은 공고입니다.")
    draft = revision.as_object() if revision else notice
    data = notice_as_json(draft, at=timezone.now())
    return own_answer(data, headers={"X-Robots-Tag": "noindex"})
