"""The trust store: pins, dates, and the demonstration that stays one (pki.md sections 5 and 7)."""

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from django.conf import settings as portal_settings

from members.models import RevocationList
from members.pki import identity
from members.pki.miniature.authority import Authority
from members.pki.path import check_path
from members.pki.refusals import ProofRefusedError
from members.pki.revocation import RevocationEvidence
from members.pki.trust import (
    DEMO_ORGANISATION,
    TrustStore,
    TrustStoreError,
    expiry_warnings,
    load_trust_store,
    trust_store,
)
from members.services.revocation_lists import ListRefusedError, purge_lists, take_list
from tests.members.test_coroutines import in_a_running_loop

REAL = Path(portal_settings.BASE_DIR).parent / "shared" / "data" / "pki" / "kisa-ca"


def test_a_certificate_that_is_not_the_pinned_one_stops_the_store(world, tmp_path):
    folder = world.write_trust(tmp_path / "trust")
    shutil.copy(folder / "root1.der", folder / "root0.der")

    with pytest.raises(TrustStoreError, match=r"root0\.der is not the certificate"):
        load_trust_store(folder)


@pytest.mark.parametrize("text", ["root = 3 = 4", "", '[[root]]\nfile = "none.der"\nsha256 = "00"'])
def test_a_broken_store_is_an_error(text, tmp_path):
    (tmp_path / "trust.toml").write_text(text, "utf-8")

    with pytest.raises(TrustStoreError):
        load_trust_store(tmp_path)


def test_a_personal_policy_cannot_be_accepted(world, tmp_path):
    folder = world.write_trust(tmp_path, accept='["1.2.410.200004.5.4.1.1"]')

    with pytest.raises(TrustStoreError, match="no company policy"):
        load_trust_store(folder)


def test_the_demonstration_authority_is_refused_without_debug(world, tmp_path, settings):
    """pki.md 5: it must be impossible to enable with DEBUG off."""
    demo = Authority(world.now, organisation=DEMO_ORGANISATION)
    real_one, world.old = world.old, demo
    folder = world.write_trust(tmp_path)
    world.old = real_one

    with pytest.raises(TrustStoreError, match="DEBUG"):
        load_trust_store(folder)
    settings.DEBUG = True
    assert len(load_trust_store(folder).roots) == 2


def test_no_store_means_no_certificates(settings, tmp_path):
    settings.TRUST_DIR = tmp_path

    assert trust_store() is None


def test_a_changed_store_is_read_again(world, settings, tmp_path):
    settings.TRUST_DIR = world.write_trust(tmp_path)
    assert trust_store().is_revocation_required

    world.write_trust(tmp_path, revocation_required="false")

    assert not trust_store().is_revocation_required


@pytest.mark.parametrize(("days", "step"), [(181, None), (179, 180), (59, 60), (13, 14), (-1, 0)])
def test_what_will_expire_is_told_in_three_steps(days, step, world):
    """pki.md 5: 180, 60 and 14 days before a root, CA or responder expires."""
    issuer = world.old.issuer.certificate
    store = TrustStore(authorities=(issuer,))
    at = issuer.not_valid_after_utc - timedelta(days=days)

    warnings = expiry_warnings(store, at)

    assert warnings == ([] if step is None else [("MINI4 CA", timedelta(days=step))])


@pytest.mark.django_db
def test_lists_are_taken_from_our_authorities_only(world, trust, at):
    """pki.md 6: the table holds nothing a stranger signed, nothing stale, nothing twice."""
    der = world.old.revocation_list()
    kept = take_list(der=der, source="ldap://crl", trust=trust, at=at)

    assert take_list(der=der, source="ldap://crl", trust=trust, at=at) == kept
    for wrong in (
        b"list",
        world.rogue.revocation_list(),
        world.old.revocation_list(life=timedelta(hours=1)),
    ):
        with pytest.raises(ListRefusedError):
            take_list(der=wrong, source="ldap://crl", trust=trust, at=at + timedelta(minutes=1))
    assert RevocationList.objects.count() == 1


@pytest.mark.django_db
def test_a_newer_list_of_the_same_source_takes_over(world, trust, at):
    old = take_list(der=world.old.revocation_list(), source="a", trust=trust, at=at)
    new = take_list(
        der=world.old.revocation_list(age=timedelta(minutes=1)), source="a", trust=trust, at=at
    )

    assert list(RevocationList.objects.current_at(at)) == [new]
    assert purge_lists(at=at + timedelta(days=900)) == 2
    assert old.sha256 != new.sha256


def test_without_the_registration_no_joint_certificate_would_pass(world, trust, at, monkeypatch):
    """pki.md 7.1: the one library trap that would have cost days."""
    names = identity.asn1_x509.AnotherName

    class Lists:
        def evidence(self, certificate, issuer, at):
            return RevocationEvidence(lists=tuple(world.lists))

    holder = world["good3072"].certificate
    monkeypatch.setattr(names, "_oid_specs", {})
    with pytest.raises((ProofRefusedError, ValueError)):
        check_path(holder, trust, Lists(), at)
    monkeypatch.undo()

    assert check_path(holder, trust, Lists(), at).facts["by"] == "crl"


@pytest.mark.django_db
def test_a_path_is_checked_in_a_running_event_loop_too(world, trust, at):
    """A thread with an event loop checks a joint certificate like any other."""

    class Lists:
        def evidence(self, certificate, issuer, at):
            return RevocationEvidence(lists=tuple(world.lists))

    holder = world["good3072"].certificate

    found = in_a_running_loop(lambda: check_path(holder, trust, Lists(), at))

    assert found.facts["by"] == "crl"


@pytest.mark.skipif(not REAL.is_dir(), reason="no ../shared/data/pki")
def test_real_authorities_chain_to_the_real_root_and_devices_do_not():
    """pki.md 2: KISA RootCA 4 alone, at 2025-06-01 and after its end."""
    entries = json.loads((REAL / "index.json").read_text("utf-8"))

    assert entries
    chained = {path.stem for path in REAL.glob("*.der") if chains_at(path, "2025-06-01")}
    assert chained >= {
        "CrossCertCA4", "SignKorea-CA3", "SignKorea-CA4", "TradeSignCA4", "signGATE-CA6",
        "yessignCA-Class3", "CrossCertOCSP3", "SignGATEOCSP05", "TradeSignOCSP3",
    }  # fmt: skip
    assert not chained & {"CrossCert-Device-CA", "SignGATE-Device-CA-0101", "SignGATE-ECDSA-CA"}
    assert [path.stem for path in REAL.glob("*.der") if chains_at(path, "2030-07-13")] == []


def chains_at(path, day):
    """Tell whether a certificate chains to KISA RootCA 4 on a day, by our own path check's root."""
    root = x509.load_der_x509_certificate((REAL / "KISA-RootCA-4.der").read_bytes())
    at = datetime.fromisoformat(f"{day}T00:00:00+00:00")
    certificate = x509.load_der_x509_certificate(path.read_bytes())
    store = TrustStore(roots=(root,), authorities=(root,))
    is_dated = certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
    return bool(store.roots_at(at)) and is_dated and store.issuer_of(certificate) is not None
