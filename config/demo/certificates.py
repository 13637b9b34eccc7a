"""Demonstration certificates: a miniature authority, good and bad people, written under var/."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from config.demo.people import SHOWN_LOGINS
from members.models import RevocationList, User
from members.pki.miniature.authority import PERSON_POLICY, Authority, Holder, Wish
from members.pki.miniature.key_files import encrypted_key, pfx, private_key_info
from members.pki.trust import DEMO_ORGANISATION, TRUST_FILE, load_trust_store
from members.services.revocation_lists import take_list
from members.validators import business_check_digit

CERTIFICATE_PASSWORD = "Demo-Npki-2026!"  # noqa: S105  (invented, and printed for everybody)
LIST_LIFE = timedelta(days=365)
INDEX = "index.json"


@dataclass(frozen=True)
class DemoCertificate:
    """One person's certificate: its folder's name, what it shows, and whether it is revoked."""

    slug: str
    label: str
    wish: Wish
    is_revoked: bool = False


def demo_number(first_nine: str) -> str:
    """Return an invented business number with its check digit."""
    return first_nine + str(business_check_digit(first_nine + "0"))


JOINING_NUMBER = demo_number("000819001")
OTHER_NUMBER = demo_number("000819002")
PEOPLE = (
    DemoCertificate("join-good", "가입되는 인증서", Wish("시연새싹㈜", JOINING_NUMBER)),
    DemoCertificate(
        "join-expired", "만료", Wish("시연만료㈜", JOINING_NUMBER, from_days=-400, to_days=-1)
    ),
    DemoCertificate("join-revoked", "폐지", Wish("시연폐지㈜", JOINING_NUMBER), is_revoked=True),
    DemoCertificate("join-personal", "개인용", Wish("김시연", "0000000", policy=PERSON_POLICY)),
    DemoCertificate("join-wrong-number", "다른 번호", Wish("시연다른㈜", OTHER_NUMBER)),
)


def company_people() -> Iterator[DemoCertificate]:
    """Yield a good certificate for each shown company, to log in with."""
    for label, username in SHOWN_LOGINS:
        person = User.objects.filter(username=username).select_related("company").first()
        if person is not None and person.company is not None:
            wish = Wish(person.company.name, person.company.business_number)
            yield DemoCertificate(f"login-{username}", label, wish)


def make_demo_certificates(*, folder: Path, trust_folder: Path, at: datetime) -> None:
    """Write authority, trust store, lists and people; what lay there before goes."""
    for old in (folder, trust_folder):
        shutil.rmtree(old, ignore_errors=True)
    authority = Authority(at, label="DEMO", organisation=DEMO_ORGANISATION)
    key = authority.new_key()  # one key for all: making keys is slow
    people = [*PEOPLE, *company_people()]
    for entry in people:
        holder = authority.issue(entry.wish, key=key)
        if entry.is_revoked:
            authority.revoke(holder)
        write_person(folder / entry.slug, holder, authority)
    write_trust(trust_folder, authority)
    lists = folder / "lists"
    lists.mkdir()
    (lists / "authority.crl").write_bytes(authority.revocation_list(life=LIST_LIFE))
    (lists / "root.crl").write_bytes(authority.revocation_list(of_root=True, life=LIST_LIFE))
    shown = [[entry.slug, entry.label, entry.wish.number] for entry in people]
    (folder / INDEX).write_text(json.dumps(shown, ensure_ascii=False, indent=1), "utf-8")


def write_person(folder: Path, holder: Holder, authority: Authority) -> None:
    """Write both forms a person may bring: the NPKI folder and a .pfx."""
    info = private_key_info(holder.key, holder.secret)
    serial = holder.certificate.serial_number
    place = folder / "NPKI" / "DEMO" / "USER" / f"cn={folder.name}{serial},ou=AccreditedCA,c=kr"
    place.mkdir(parents=True)
    (place / "signCert.der").write_bytes(holder.der)
    (place / "signPri.key").write_bytes(encrypted_key(info, CERTIFICATE_PASSWORD))
    bundle = pfx(info, [holder.der, authority.issuer.der], CERTIFICATE_PASSWORD)
    (folder / f"{folder.name}.pfx").write_bytes(bundle)


def write_trust(folder: Path, authority: Authority) -> None:
    """Write a trust store that only this authority is in; it works with DEBUG on alone."""
    folder.mkdir(parents=True)
    lines = ["# Made by make_demo_certs; refused wherever DEBUG is off."]
    holders = {
        "root": authority.root,
        "authority": authority.issuer,
        "responder": authority.responder,
    }
    for kind, holder in holders.items():
        (folder / f"{kind}.der").write_bytes(holder.der)
        digest = sha256(holder.der).hexdigest()
        lines += [f"[[{kind}]]", f'file = "{kind}.der"', f'sha256 = "{digest}"']
    (folder / TRUST_FILE).write_text("\n".join(lines) + "\n", "utf-8")


def load_demo_lists(*, folder: Path, trust_folder: Path, at: datetime) -> int:
    """Put the lists of revoked certificates into the table; returns how many lists there are."""
    trust = load_trust_store(trust_folder)
    files = sorted((folder / "lists").glob("*.crl"))
    for file in files:
        take_list(der=file.read_bytes(), source=f"demo {file.stem}", trust=trust, at=at)
    return len(files)


def is_fresh(*, folder: Path, trust_folder: Path, at: datetime) -> bool:
    """Tell whether everything lies there, holds for a week, and fits the companies present."""
    index = folder / INDEX
    if not index.is_file() or not (trust_folder / TRUST_FILE).is_file():
        return False
    shown = {entry[0] for entry in json.loads(index.read_text("utf-8"))}
    made_at = datetime.fromtimestamp(index.stat().st_mtime, tz=at.tzinfo)
    wanted = {entry.slug for entry in company_people()}
    return wanted <= shown and at - made_at < LIST_LIFE - timedelta(days=30)


def are_lists_loaded(*, folder: Path) -> bool:
    """Tell whether the table holds the lists of this folder."""
    digests = [sha256(file.read_bytes()).hexdigest() for file in (folder / "lists").glob("*.crl")]
    return RevocationList.objects.filter(sha256__in=digests).count() == len(digests)
