"""Our corrections of Wagtail's Korean are compiled and go before Wagtail's own."""

from django.utils.translation import gettext, override


def test_submitted_is_not_called_approved():
    """stack.md section 5: Wagtail's subject of this mail says approved."""
    with override("ko"):
        subject = gettext('The page "%(title)s" has been submitted to workflow "%(workflow)s"')

    assert "승인" not in subject
    assert "검토에 올라갔습니다" in subject


def test_what_wagtail_leaves_in_english_is_korean():
    with override("ko"):
        assert gettext("Draft saved") == "초안 저장"


def test_what_wagtail_translates_stays():
    with override("ko"):
        assert gettext("Save draft") == "초안 저장"
