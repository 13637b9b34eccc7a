"""Two generations of a miniature authority, a rogue one, and good and bad certificates."""

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography import x509
from django.utils import timezone

from members.models import RevocationList
from members.pki.miniature.authority import PERSON_POLICY, Authority, Holder, Wish
from members.pki.revocation import issuer_hash
from members.services.revocation_lists import take_list
from tests.members.pki.signing import signed

NUMBER = "1248100998"
OTHER_NUMBER = "2208162517"
PASSWORD = "Mini-Npki-2026!"


@dataclass
class World:
    """Authorities and holders by name; made once a run, because keys are slow to make."""

    now: datetime = field(default_factory=timezone.now)

    def __post_init__(self):
        self.old = Authority(self.now, label="MINI4")
        self.new = Authority(self.now, bits=3072, label="MINI5")
        self.rogue = Authority(self.now, label="MINI4")
        key = self.old.new_key()
        good = Wish("주식회사 한빛상사", NUMBER)
        self.holders = {
            "good": self.old.issue(good),
            "good3072": self.new.issue(good),
            "rogue": self.rogue.issue(good, key=key),
        }
        wishes = {
            "vidnull": Wish("널파라미터", NUMBER, has_null=True),
            "expired": Wish("만료상사", NUMBER, from_days=-400, to_days=-1),
            "notyet": Wish("미래상사", NUMBER, from_days=1),
            "revoked": Wish("폐지상사", NUMBER),
            "personal": Wish("홍길동", "8001011234567", policy=PERSON_POLICY),
            "personal_brn": Wish("홍길동상회", NUMBER, policy=PERSON_POLICY),
            "novid": Wish("무식별상사", NUMBER, has_identity=False),
            "vidsha1": Wish("옛날상사", NUMBER, vid_hash="sha1"),
            "badpolicy": Wish("모르는정책", NUMBER, policy="1.2.410.200004.5.4.1.999"),
            "limited": Wish("용도제한", NUMBER, policy="1.2.410.200005.1.1.6.8"),
            "km": Wish("암호화용", NUMBER, usage=("key_encipherment", "data_encipherment")),
            "other": Wish("다른상사", OTHER_NUMBER),
        }
        self.holders |= {name: self.old.issue(wish, key=key) for name, wish in wishes.items()}
        self.holders["subca"] = self.old.issue(good, key=key, issuer=self.holders["good"])
        self.old.revoke(self.holders["revoked"])
        self.lists = [
            authority.revocation_list(of_root=of_root)
            for authority in (self.old, self.new)
            for of_root in (False, True)
        ]

    def __getitem__(self, name) -> Holder:
        return self.holders[name]

    def write_trust(self, folder, **changes):
        """Write a trust store of both generations."""
        folder.mkdir(parents=True, exist_ok=True)
        lines = [f"{name} = {value}" for name, value in changes.items()]
        for kind, holders in self.trusted().items():
            for index, holder in enumerate(holders):
                file = f"{kind}{index}.der"
                (folder / file).write_bytes(holder.der)
                digest = sha256(holder.der).hexdigest()
                lines += [f"[[{kind}]]", f'file = "{file}"', f'sha256 = "{digest}"']
        (folder / "trust.toml").write_text("\n".join(lines), "utf-8")
        return folder

    def trusted(self):
        generations = (self.old, self.new)
        return {
            "root": [generation.root for generation in generations],
            "authority": [generation.issuer for generation in generations],
            "responder": [generation.responder for generation in generations],
        }

    def fill_lists(self, trust, at):
        """Put the lists of both generations into the table."""
        for number, der in enumerate(self.lists):
            take_list(der=der, source=f"list {number}", trust=trust, at=at)


def answer(holder, text, **kwargs):
    """Return what the page posts: the signed text and R, in base64."""
    der = signed(holder, text.encode(), **kwargs)
    return {
        "cms": base64.b64encode(der).decode(),
        "secret": base64.b64encode(holder.secret).decode(),
    }


def list_row(der, at, **changes):
    """Keep a list whatever it is, as a fault in the table would."""
    found = x509.load_der_x509_crl(der)
    values = {
        "issuer_hash": issuer_hash(found.issuer),
        "issuer": "MINI4 CA",
        "source": "test",
        "sha256": sha256(der).hexdigest(),
        "der": der,
        "this_update": at - timedelta(hours=1),
        "next_update": at + timedelta(hours=1),
        "fetched_at": at,
        **changes,
    }
    return RevocationList.objects.create(**values)
