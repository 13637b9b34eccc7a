"""A test that commits for real leaves the start of the next one whole."""

import pytest
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, Site

from cms.models import HomePage
from tests.database import FOUNDATION
from tests.factories.cms import NoticePageFactory
from tests.factories.members import CompanyFactory


@pytest.mark.django_db(transaction=True)
def test_start_is_restored_after_a_flush(request):
    CompanyFactory()
    NoticePageFactory()
    Site.objects.all().delete()
    Page.objects.all().delete()

    request.config.stash[FOUNDATION].restore()

    assert Site.objects.get(is_default_site=True).root_page.specific == HomePage.objects.get()
    assert ContentType.objects.get_for_model(HomePage).model_class() is HomePage
    assert HomePage.objects.get().get_children().count() >= 4
