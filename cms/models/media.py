"""Own image and document models from the first migration; UUIDs in their addresses."""

from uuid import uuid4

from django.db import models
from django.urls import reverse
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage


class PortalImage(AbstractImage):
    """A picture; `description` is its alternative text and is asked for in the admin."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)

    admin_form_fields = WagtailImage.admin_form_fields

    class Meta(AbstractImage.Meta):
        verbose_name = "이미지"
        verbose_name_plural = "이미지"


class PortalRendition(AbstractRendition):
    image = models.ForeignKey(PortalImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="rendition_once"
            ),
        ]


class PortalDocument(AbstractDocument):
    """A public file (공고문, 서식). To the public it is 404 unless a live page uses it."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)

    admin_form_fields = WagtailDocument.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = "문서"
        verbose_name_plural = "문서"

    @property
    def url(self) -> str:
        return reverse("cms:document", args=[self.uuid, self.filename])

    @property
    def size_in_bytes(self) -> int | None:
        """The file's bytes, not written down as Wagtail's own method would do on a read."""
        if self.file_size is not None:
            return int(self.file_size)
        try:
            return int(self.file.size)
        except FileNotFoundError:
            return None
