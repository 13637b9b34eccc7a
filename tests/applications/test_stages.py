"""The picture of an application's stages, and files that went bad."""

from pathlib import Path

import pytest
from django.urls import reverse

from applications.enums import STAGES
from applications.stage_picture import stage_picture
from members.models.files import private_storage
from tests.applications.conftest import pdf

pytestmark = pytest.mark.django_db


def test_the_picture_says_in_words_what_it_shows():
    """S65: for readers of text one sentence, for the eye dots and names."""
    picture = stage_picture(STAGES, current=3)

    assert 'aria-label="5단계 가운데 3단계: 서류 검토"' in picture
    assert picture.count("stages__dot--done") == 2
    assert picture.count("stages__dot--current") == 1


def test_an_early_end_is_named_in_its_place():
    """S65: withdrawn is no step on the way."""
    picture = stage_picture(STAGES, current=2, ended="취하")

    assert "취하" in picture
    assert "stages__dot--ended" in picture
    assert "접수</text>" not in picture


def test_the_page_of_an_application_shows_its_stages(log_in, person, submitted):
    """S65: drawn on the server, without scripts."""
    html = (
        log_in(person).get(reverse("applications:detail", args=[submitted.uuid])).content.decode()
    )

    assert "5단계 가운데 2단계: 접수" in html


def test_a_damaged_file_is_not_sent(log_in, person, ready):
    """security.md 0.9: checked at each read; the page says what happened and what to do."""
    client = log_in(person)
    row = ready.notice.required_documents.get(label="회사소개서")
    client.post(
        reverse("applications:documents", args=[ready.notice.code]),
        {"key": str(row.key), "file": pdf("소개.pdf")},
    )
    document = ready.documents.current().select_related("file").get(key=row.key)
    Path(private_storage().path(document.file.content.name)).write_bytes(b"%PDF-1.4 other")

    response = client.get(reverse("applications:document_download", args=[document.uuid]))

    assert response.status_code == 503
    assert "파일이 손상되어 보내지 않았습니다" in response.content.decode()
