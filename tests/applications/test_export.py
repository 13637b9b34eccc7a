"""What leaves the house in bulk: tables with chosen columns, and all papers as ZIP parts."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from applications import bundling
from applications.models import PaperBundle
from applications.services import bundles
from applications.services.moves import MoveRefusedError
from members.models import AccessRecord
from tests.factories.applications import ApplicationFactory, SubmittedDocumentFactory
from tests.factories.cms import NoticePageFactory
from tests.factories.members import CompanyFactory, StaffFactory, StoredFileFactory

pytestmark = pytest.mark.django_db

LIST = reverse("applications_modeladmin_index")
CSV = {"export": "csv", "reason": "선정 심사"}


@pytest.fixture
def notice(two_agencies):
    return NoticePageFactory(agency=two_agencies.a)


@pytest.fixture
def officer(two_agencies):
    return StaffFactory(agency=two_agencies.a)


@pytest.fixture
def desk(log_in, officer):
    return log_in(officer)


@pytest.fixture
def own(notice):
    return ApplicationFactory(
        submitted=True, notice=notice, company=CompanyFactory(name="우리신청기업")
    )


def paper(application, name="계획서.pdf", data=b"%PDF-1.7 bytes", **values):
    file = StoredFileFactory(company=application.company, display_name=name, data=data, **values)
    return SubmittedDocumentFactory(application=application, file=file)


def test_an_export_holds_the_chosen_columns_of_filtered_rows(desk, own, notice):
    """Issue D.2: chosen columns in the list's order; what is filtered and nothing else."""
    ApplicationFactory(under_check=True, notice=notice)
    chosen = {**CSV, "column": ["company_name", "receipt_number", "password"]}

    answer = desk.post(f"{LIST}?state=submitted", chosen)

    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    assert answer.streaming
    assert lines == ["접수번호,업체명", f"{own.receipt_number},우리신청기업"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_costs_the_same_queries_for_1_and_20_rows(
    desk, own, notice, django_assert_max_num_queries, kind
):
    """Issue D.6: constant queries; the rows are read while they are sent."""
    given = {**CSV, "export": kind}
    desk.post(LIST, given).getvalue()
    with django_assert_max_num_queries(60) as one:
        desk.post(LIST, given).getvalue()
    ApplicationFactory.create_batch(19, submitted=True, notice=notice)

    with django_assert_max_num_queries(len(one)):
        desk.post(LIST, given).getvalue()


def test_all_papers_come_as_one_archive_with_korean_names(desk, own, notice, two_agencies):
    """Issue D.2: papers of own handed-in applications alone, names as the companies gave them."""
    paper(own)
    paper(ApplicationFactory(notice=notice))
    paper(ApplicationFactory(submitted=True, notice=NoticePageFactory(agency=two_agencies.b)))
    address = reverse("applications_admin:bundles", args=[notice.code])
    assert "입력해" in desk.post(address, {"reason": ""}).content.decode()
    assert not PaperBundle.objects.exists()

    desk.post(address, {"reason": "평가위원 배부"})
    call_command("expire_bundles", verbosity=0)

    bundle = PaperBundle.objects.get()
    part = reverse("applications_admin:bundle_part", args=[bundle.uuid, 1])
    assert part in desk.get(address).content.decode()
    with zipfile.ZipFile(io.BytesIO(desk.get(part).getvalue())) as archive:
        (name,) = archive.namelist()
        assert name.startswith(f"{own.receipt_number}_우리신청기업/")
        assert name.endswith("계획서.pdf")
        assert archive.read(name) == b"%PDF-1.7 bytes"
    assert AccessRecord.objects.get(action="export").reason == "평가위원 배부"
    assert AccessRecord.objects.filter(action="download").exists()


def made(notice, officer):
    bundle = PaperBundle.objects.create(
        notice=notice, reason="-", requested_at=timezone.now(), requested_by=officer
    )
    return bundling.make_bundle(bundle=bundle, at=timezone.now())


def test_parts_stay_under_the_limit(own, notice, officer, monkeypatch):
    """Issue D.2: a new part whenever the next file would pass the limit."""
    monkeypatch.setattr(bundling, "MAX_PART_BYTES", 2 * bundling.OVERHEAD + 3000)
    for number in range(3):
        paper(own, name=f"{number}.pdf", data=b"x" * 1400)

    bundle = made(notice, officer)

    assert [part.number for part in bundle.parts.all()] == [1, 2]
    assert all(part.file.size < bundling.MAX_PART_BYTES for part in bundle.parts.all())


def test_a_damaged_file_is_named_and_stops_nothing(own, notice, officer):
    """Issue D.3: the hash is checked at each read."""
    paper(own, name="좋은 파일.pdf")
    broken = paper(own, name="깨진 파일.pdf").file
    broken.sha256 = "0" * 64
    broken.save()

    bundle = made(notice, officer)

    with bundle.parts.get().file.content.open() as file, zipfile.ZipFile(file) as archive:
        assert "깨진 파일" in archive.read(bundling.LEFT_OUT).decode()
    assert bundle.paper_count == 1


def test_a_bundle_is_gone_after_a_day(desk, own, notice, officer, at):
    """Issue D.2: kept 24 hours, then destroyed."""
    paper(own)
    bundle = made(notice, officer)
    part = reverse("applications_admin:bundle_part", args=[bundle.uuid, 1])

    assert bundles.destroy_expired_bundles(at=bundle.expires_at - timedelta(seconds=1)) == 0
    assert bundles.destroy_expired_bundles(at=bundle.expires_at) == 1

    assert desk.get(part).status_code == 404
    assert bundle.parts.get().file.destroyed_at is not None


@pytest.mark.parametrize(
    ("asked", "status", "piece"),
    [
        ("bytes=0-3", 206, slice(0, 4)),
        ("bytes=10-", 206, slice(10, None)),
        ("bytes=-5", 206, slice(-5, None)),
        ("bytes=0-1,4-5", 200, slice(None)),
        ("bytes=99999999-", 416, slice(0, 0)),
    ],
)
def test_a_broken_download_continues(desk, own, notice, officer, asked, status, piece):
    """Issue D.2: one range from the file; several or none give the whole."""
    paper(own)
    part = reverse("applications_admin:bundle_part", args=[made(notice, officer).uuid, 1])
    whole = desk.get(part).getvalue()

    answer = desk.get(part, headers={"Range": asked})

    assert answer.status_code == status
    assert answer.getvalue() == whole[piece]


def test_another_agency_neither_orders_nor_fetches(log_in, own, notice, officer, two_agencies, at):
    """S63: 404 for agency B, and refused behind the form."""
    paper(own)
    bundle = made(notice, officer)
    stranger = StaffFactory(agency=two_agencies.b, manager=True)
    client = log_in(stranger)

    for address in (
        reverse("applications_admin:bundles", args=[notice.code]),
        reverse("applications_admin:bundle_part", args=[bundle.uuid, 1]),
    ):
        assert client.get(address).status_code == 404
    with pytest.raises(MoveRefusedError):
        bundles.order_bundle(notice=notice, reason="-", by=stranger, at=at)
