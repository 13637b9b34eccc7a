"""`make run` gives a newcomer certificates to try (issue C 2), and never where DEBUG is off."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from config.demo.certificates import (
    CERTIFICATE_PASSWORD,
    JOINING_NUMBER,
    OTHER_NUMBER,
    load_demo_lists,
    make_demo_certificates,
)
from members.models import RevocationList
from members.pki.trust import TrustStoreError, load_trust_store
from members.validators import normalise_business_number
from tests.factories.members import CompanyFactory, MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(settings, tmp_path):
    settings.DEMO_CERTS_DIR = tmp_path / "demo-certs"
    settings.TRUST_DIR = tmp_path / "trust"
    return settings


def made(**options):
    said = StringIO()
    call_command("make_demo_certs", stdout=said, **options)
    return said.getvalue()


def test_certificates_good_and_bad_lie_there_with_their_password(places):
    """S28: good, expired, revoked, personal, wrong number; both file forms; a shown company's."""
    places.DEBUG = True
    company = CompanyFactory(business_number="0008100014")
    MemberFactory(username="gasangrobotics", company=company)

    said = made()

    assert CERTIFICATE_PASSWORD in said
    folder = places.DEMO_CERTS_DIR
    assert str(folder) in said
    names = {"good", "expired", "revoked", "personal", "wrong-number"}
    for slug in (*(f"join-{name}" for name in names), "login-gasangrobotics"):
        assert (folder / slug / f"{slug}.pfx").is_file()
        found = {path.name for path in (folder / slug / "NPKI").rglob("*") if path.is_file()}
        assert found == {"signCert.der", "signPri.key"}
    assert RevocationList.objects.count() == 2
    assert len(load_trust_store(places.TRUST_DIR).roots) == 1


def test_what_is_there_stays_and_a_new_database_gets_the_lists(places):
    places.DEBUG = True
    made()
    before = (places.DEMO_CERTS_DIR / "index.json").stat().st_mtime_ns
    RevocationList.objects.all().delete()

    made(if_missing=True)

    assert (places.DEMO_CERTS_DIR / "index.json").stat().st_mtime_ns == before
    assert RevocationList.objects.count() == 2
    assert json.loads((places.DEMO_CERTS_DIR / "index.json").read_text("utf-8"))


def test_the_demonstration_needs_debug(places, at):
    """pki.md 5: neither the command nor its trust store works with DEBUG off."""
    with pytest.raises(CommandError, match="DEBUG"):
        made()
    make_demo_certificates(folder=places.DEMO_CERTS_DIR, trust_folder=places.TRUST_DIR, at=at)

    with pytest.raises(TrustStoreError, match="DEBUG"):
        load_demo_lists(folder=places.DEMO_CERTS_DIR, trust_folder=places.TRUST_DIR, at=at)


def test_a_real_trust_store_is_never_touched(places):
    places.DEBUG = True
    places.TRUST_DIR.mkdir()
    (places.TRUST_DIR / "trust.toml").write_text("root = 1", "utf-8")

    with pytest.raises(CommandError):
        made()

    assert (places.TRUST_DIR / "trust.toml").read_text("utf-8") == "root = 1"


def test_the_invented_numbers_are_numbers_that_nobody_holds(settings):
    settings.ALLOW_DEMO_NUMBERS = True

    for number in (JOINING_NUMBER, OTHER_NUMBER):
        assert number.startswith("000")
        assert normalise_business_number(number) == number
