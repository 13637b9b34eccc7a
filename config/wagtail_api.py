"""Wagtail's own API v2 for front ends that expect it: published pages, nothing else.

Documents and images have no lists here, and nobody logs in: a draft is not there for anybody.
"""

from typing import Any

from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet


class PublicPages(PagesAPIViewSet):
    """Live, public pages; who asks makes no difference."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    # The browsable one loads scripts of its own.
    renderer_classes = [JSONRenderer]


router = WagtailAPIRouter("wagtailapi")
router.register_endpoint("pages", PublicPages)
