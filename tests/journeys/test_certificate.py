"""The certificate in a browser: joining, logging in, a forgotten password (S28, S30, A10)."""

import pytest

from members.enums import MembershipState
from members.models import Company
from members.pki.miniature.key_files import encrypted_key, pfx, private_key_info
from tests.factories.members import (
    PASSWORD,
    CompanyFactory,
    MemberFactory,
    legal_texts_in_force,
)
from tests.members.pki.conftest import trust, trusted_site, world
from tests.members.pki.world import NUMBER
from tests.members.pki.world import PASSWORD as CERTIFICATE_PASSWORD
from tests.members.steps import required_record_entries

__all__ = ["trust", "trusted_site", "world"]

pytestmark = pytest.mark.django_db(transaction=True)
FILES = "#signing-files"


def write_pair(holder, folder):
    """Write signCert.der and signPri.key as they lie in an NPKI folder."""
    folder.mkdir(parents=True)
    info = private_key_info(holder.key, holder.secret)
    (folder / "signCert.der").write_bytes(holder.der)
    (folder / "signPri.key").write_bytes(encrypted_key(info, CERTIFICATE_PASSWORD))
    return [str(folder / "signCert.der"), str(folder / "signPri.key")]


def write_pfx(holder, world, folder):
    folder.mkdir(parents=True)
    info = private_key_info(holder.key, holder.secret)
    file = folder / "company.pfx"
    file.write_bytes(pfx(info, [holder.der, world.old.issuer.der], CERTIFICATE_PASSWORD))
    return [str(file)]


def sign(visitor, files, label, *, password=CERTIFICATE_PASSWORD, **entries):
    """Fill in the certificate window and press its button."""
    visitor.fill({f"proof-{name}": value for name, value in entries.items()})
    visitor.page.locator(FILES).set_input_files(files)
    visitor.page.locator("input[name=certificate]").first.wait_for()
    visitor.page.locator("#signing-password").fill(password)
    visitor.page.get_by_role("button", name=label, exact=True).click()
    return visitor


def give_consents(visitor, texts):
    visitor.go("/join/terms/")
    for text in texts:
        if text.kind != "privacy_policy":
            visitor.put(f"text_{text.uuid.hex}", "agreed" if text.is_required else "declined")
    return visitor.press("다음으로")


def says(visitor, words):
    visitor.page.locator(".signing__result", has_text=words).wait_for()


def complete(visitor):
    """Fill in step 3 without a paper."""
    visitor.put("account-username", "hanbit01")
    visitor.press("중복확인")
    visitor.page.get_by_text("사용할 수 있는 아이디").first.wait_for()
    visitor.fill({"account-password": PASSWORD, "account-password_again": PASSWORD})
    visitor.fill(required_record_entries()).look("join-certificate-filled")
    return visitor.press("가입완료").look("join-certificate-done")


def finish(visitor):
    """Find what the page's own eyes have noticed: console, policy, axe, width."""
    assert not visitor.faults, "\n".join(visitor.faults)


@pytest.mark.usefixtures("trusted_site")
@pytest.mark.parametrize("form", ["pair", "pfx"])
def test_joining_by_certificate(visitors, world, tmp_path, form):
    """S20, S28, S30: both file forms lead to 정식회원; a wrong password and a person's do not."""
    good = write_pair(world["good"], tmp_path / "good")
    files = good if form == "pair" else write_pfx(world["good"], world, tmp_path / "pfx")
    company = give_consents(visitors(f"certificate-{form}"), legal_texts_in_force())
    label = "인증서로 기업 확인하기"

    personal = write_pair(world["personal"], tmp_path / "personal")
    sign(company, personal, label, business_number=NUMBER)
    says(company, "개인용 인증서입니다.")
    sign(company, files, label, business_number=NUMBER, password="wrong")
    says(company, "비밀번호가 맞지 않습니다.")
    company.look("join-certificate-refused")
    assert company.page.locator("#signing-password").input_value() == ""
    sign(company, files, label, business_number=NUMBER)
    company.page.wait_for_url("**/join/company/")
    complete(company)

    assert "정식회원" in company.page.locator("main").inner_text()
    assert Company.objects.get().membership_state == MembershipState.FULL
    finish(company)


@pytest.mark.usefixtures("trusted_site")
def test_logging_in_and_a_forgotten_password(visitors, world, tmp_path):
    """S53, S54, A10: the certificate stands for the password; a temporary one is shown once."""

    person = MemberFactory(username="hanbit01", company=CompanyFactory(business_number=NUMBER))
    files = write_pair(world["good"], tmp_path / "good")
    member = visitors("certificate-log-in")
    asked = {"username": person.username, "business_number": NUMBER}

    member.go("/login/certificate/").look("login-certificate")
    sign(member, files, "인증서로 로그인하기", **asked)
    member.page.wait_for_url("**/my/")
    member.context.clear_cookies()

    member.go("/find/password/certificate/").look("reset-certificate")
    sign(member, files, "임시 비밀번호 받기", **asked)
    password = member.page.locator(".signing__password").inner_text()
    member.look("reset-certificate-shown")
    member.go("/login/").fill({"username": person.username, "password": password})
    member.press("로그인하기")

    assert member.page.url.endswith("/my/password/")
    finish(member)
