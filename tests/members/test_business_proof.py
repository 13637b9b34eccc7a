"""Challenges: bound, short-lived, used once; what is kept of a proof (S28, ASVS 6.6.2)."""

import json
import logging
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from members.enums import Assurance, ProofPurpose
from members.models import BusinessProof, Challenge
from members.pki.refusals import ProofRefusedError
from members.pki.verifier import Submission
from members.services.business_proof import (
    CHALLENGE_LIFE,
    ProofNotOfferedError,
    ProofRequest,
    begin_proof,
    complete_proof,
    purge_challenges,
)
from members.services.throttle import ThrottledError
from tests.members.pki.conftest import trust, trusted_site, world
from tests.members.pki.world import NUMBER, answer

__all__ = ["trust", "trusted_site", "world"]

pytestmark = pytest.mark.django_db
ASKED = ProofRequest(ProofPurpose.SIGNUP, NUMBER, "session-1")


def begun(at, asked=ASKED):
    return begin_proof(asked=asked, address="127.0.0.1", at=at)


def completed(challenge, posted, at, **changes):
    given = {"purpose": ProofPurpose.SIGNUP, "session": "session-1", **changes}
    return complete_proof(nonce=challenge.nonce, submission=Submission(**posted), at=at, **given)


def refused(*args, **changes):
    with pytest.raises(ProofRefusedError) as caught:
        completed(*args, **changes)
    return str(caught.value.code)


@pytest.mark.usefixtures("trusted_site")
def test_the_text_names_everything_a_signature_is_good_for(at):
    """pki.md 4: canonical JSON; five minutes."""
    challenge = begun(at)

    text = json.loads(challenge.text)
    assert list(text) == sorted(text)
    assert " " not in challenge.text
    assert text["purpose"] == "signup"
    assert text["brn"] == NUMBER
    assert text["nonce"] == challenge.nonce
    assert text["aud"] == "http://127.0.0.1:8000"
    assert text["exp"] - text["iat"] == 300


@pytest.mark.usefixtures("trusted_site")
def test_a_proof_keeps_its_evidence_and_never_the_secret(world, at):
    """S28: what was signed, by whom, checked how; R is nowhere."""
    challenge = begun(at)
    posted = answer(world["good"], challenge.text)

    proof = completed(challenge, posted, at)

    proof.refresh_from_db()
    assert proof.assurance == Assurance.NUMBER_PROVEN
    assert proof.real_name == "주식회사 한빛상사"
    assert bytes(proof.certificate) == world["good"].der
    assert proof.revocation["by"] == "crl"
    assert len(proof.revocation["lists"]) == 2
    assert Challenge.objects.get().result == "accepted"
    secret = world["good"].secret
    for model in (BusinessProof, Challenge):
        for value in model.objects.values_list().get():
            kept = bytes(value) if isinstance(value, memoryview | bytes) else str(value).encode()
            assert secret not in kept
            assert posted["secret"].encode() not in kept


@pytest.mark.usefixtures("trusted_site")
def test_a_challenge_works_once(world, at):
    """ASVS 6.6.2: a replay is unknown."""
    challenge = begun(at)
    posted = answer(world["good"], challenge.text)
    completed(challenge, posted, at)

    assert refused(challenge, posted, at) == "challenge_unknown"
    assert BusinessProof.objects.count() == 1


@pytest.mark.usefixtures("trusted_site")
def test_a_refused_answer_uses_the_challenge_up(world, at):
    challenge = begun(at)
    assert refused(challenge, answer(world["expired"], challenge.text), at) == "certificate_expired"

    assert refused(challenge, answer(world["good"], challenge.text), at) == "challenge_unknown"
    assert Challenge.objects.get().result == "certificate_expired"


@pytest.mark.usefixtures("trusted_site")
def test_a_challenge_belongs_to_its_session_purpose_and_time(world, at):
    """ASVS 6.6.2: only in the session it was made for."""
    others = [begun(at) for _ in range(4)]
    posted = [answer(world["good"], challenge.text) for challenge in others]

    assert refused(others[0], posted[0], at, session="session-2") == "challenge_session"
    assert refused(others[1], posted[1], at, purpose=ProofPurpose.LOGIN) == "challenge_unknown"
    late = at + CHALLENGE_LIFE + timedelta(seconds=1)
    assert refused(others[2], posted[2], late) == "challenge_expired"
    assert refused(others[3], posted[0], at) == "challenge_mismatch"
    assert completed(begun(at), answer(world["good"], Challenge.objects.latest("pk").text), at)


@pytest.mark.usefixtures("trusted_site")
def test_an_invented_challenge_is_unknown(world, at):
    with pytest.raises(ProofRefusedError, match="challenge_unknown"):
        complete_proof(
            nonce="x" * 43,
            purpose=ProofPurpose.SIGNUP,
            session="session-1",
            submission=Submission(**answer(world["good"], "{}")),
            at=at,
        )


@pytest.mark.usefixtures("trusted_site")
def test_the_log_holds_the_code_and_nothing_of_the_answer(world, at, caplog):
    caplog.set_level(logging.INFO, "members.pki")
    challenge = begun(at)
    posted = answer(world["other"], challenge.text)

    refused(challenge, posted, at)

    assert "vid_mismatch" in caplog.text
    assert posted["secret"] not in caplog.text
    assert NUMBER not in caplog.text
    assert repr(Submission(**posted)) == "Submission(…)"


@pytest.mark.usefixtures("trusted_site")
def test_challenges_are_limited(at):
    """pki.md 4: by address, session and number."""
    for _ in range(20):
        begun(at)

    with pytest.raises(ThrottledError):
        begun(at)


def test_without_a_trust_store_nothing_is_offered(at, settings, tmp_path):
    settings.TRUST_DIR = tmp_path

    with pytest.raises(ProofNotOfferedError):
        begun(at)


@pytest.mark.usefixtures("trusted_site")
def test_unanswered_challenges_are_deleted_after_a_week(world, at):
    answered = begun(at)
    completed(answered, answer(world["good"], answered.text), at)
    begun(at)

    assert purge_challenges(at=at + timedelta(days=8)) == 1
    assert Challenge.objects.get() == answered


@pytest.mark.django_db(transaction=True)
def test_of_ten_answers_at_once_one_is_taken(world, trusted_site, at):
    """ASVS 6.6.2: the same challenge raced; one proof, nine told it is unknown."""
    challenge = begun(at)
    posted = answer(world["good"], challenge.text)
    barrier, outcomes = Barrier(10), []

    def race():
        barrier.wait()
        try:
            completed(challenge, posted, at)
            outcomes.append("accepted")
        except ProofRefusedError as refusal:
            outcomes.append(str(refusal.code))
        finally:
            connection.close()

    racers = [Thread(target=race) for _ in range(10)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert sorted(outcomes) == ["accepted", *["challenge_unknown"] * 9]
    assert BusinessProof.objects.count() == 1
