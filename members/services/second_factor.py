"""The second factor of a log-in: begun, proven, asked for, renewed, ended (S63, ASVS 6.3.3)."""

from datetime import datetime, timedelta

from django.db import transaction

from members.encryption import lookup_hash
from members.enums import AccessAction, StaffRole
from members.hashing import is_password_of
from members.models import RecoveryCode, SecondFactor, User
from members.one_time_codes import (
    CODE_DIGITS,
    as_typed,
    matching_step,
    new_recovery_codes,
    new_secret,
)
from members.services import throttle
from members.services.access_records import record_access
from members.services.login_sessions import end_sessions
from members.services.outbox import add_mail

ENROLMENT_LIFE = timedelta(hours=1)
RECOVERY_PURPOSE = "recovery-code:"


class WrongCodeError(Exception):
    """The code is not of this person, too old, or was used before."""


class FactorInUseError(Exception):
    """The person has a second factor already; it has to be ended first."""


class NoFactorError(Exception):
    """The person has no second factor in use."""


class OwnFactorError(Exception):
    """Nobody resets the second factor of the account they work with."""


@transaction.atomic
def begin_enrolment(*, user: User, at: datetime) -> SecondFactor:
    """Return the person's unproven factor, so that a reload shows the same secret for an hour.

    Raises FactorInUseError.
    """
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor is None:
        return SecondFactor.objects.create(user=user, secret=new_secret(), created_at=at)
    if factor.confirmed_at is not None:
        raise FactorInUseError
    if at - factor.created_at >= ENROLMENT_LIFE:
        factor.secret, factor.created_at = new_secret(), at
        factor.save(update_fields=["secret", "created_at"])
    return factor


def confirm_enrolment(*, user: User, code: str, at: datetime, session_key: str) -> list[str]:
    """Put the factor into use by its first code and return the recovery codes, this once.

    Every other session of the person ends. Raises WrongCodeError, NoFactorError,
    FactorInUseError, `throttle.ThrottledError`.
    """
    throttle.hit(scope="second_factor", key=str(user.pk), at=at)
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(user=user).first()
        if factor is None:
            raise NoFactorError
        if factor.confirmed_at is not None:
            raise FactorInUseError
        if not _take_app_code(factor, as_typed(code), at):
            raise WrongCodeError
        factor.confirmed_at = at
        factor.save(update_fields=["confirmed_at"])
        codes = _replace_recovery_codes(factor)
        end_sessions(user=user, except_key=session_key)
        _tell(user, "켰습니다", at)
    throttle.clear(scope="second_factor", key=str(user.pk))
    return codes


def check_code(*, user: User, code: str, at: datetime) -> None:
    """Take a code of the app or a recovery code; each works once.

    Raises WrongCodeError, `throttle.ThrottledError` after 5 wrong ones.
    """
    throttle.hit(scope="second_factor", key=str(user.pk), at=at)
    if not _take_code(user, as_typed(code), at):
        raise WrongCodeError
    throttle.clear(scope="second_factor", key=str(user.pk))


def confirm_person(*, user: User, proof: str, at: datetime) -> None:
    """Take the password, or a code of the app, as a sign that the person is still there.

    Raises WrongCodeError, `throttle.ThrottledError`, `members.hashing.HashingBusyError`.
    """
    throttle.hit(scope="confirmation", key=str(user.pk), at=at)
    code = as_typed(proof)
    is_code = len(code) == CODE_DIGITS and code.isdigit() and _take_code(user, code, at)
    if not is_code and not is_password_of(user, proof):
        raise WrongCodeError
    throttle.clear(scope="confirmation", key=str(user.pk))


@transaction.atomic
def renew_recovery_codes(*, user: User, at: datetime) -> list[str]:
    """Replace the recovery codes and return the new ones, this once. Raises NoFactorError."""
    codes = _replace_recovery_codes(_locked(user))
    _tell(user, "복구 코드를 새로 만들었습니다", at)
    return codes


@transaction.atomic
def switch_off(*, user: User, at: datetime) -> None:
    """End the person's own second factor. Raises NoFactorError."""
    _locked(user).delete()
    _tell(user, "껐습니다", at)


@transaction.atomic
def reset_second_factor(*, user: User, by: User | None, at: datetime, reason: str) -> None:
    """End a lost factor: sessions end, it is recorded, the person and the managers are told.

    `by` is None for the command line. Raises NoFactorError, OwnFactorError.
    """
    if by is not None and by.pk == user.pk:
        raise OwnFactorError
    _locked(user).delete()
    end_sessions(user=user)
    if by is not None:
        record_access(
            actor=by,
            action=AccessAction.ROLE,
            subjects=[user],
            what="2단계 인증 초기화",
            at=at,
            address=None,
            reason=reason,
        )
    _tell(user, "운영자가 초기화했습니다", at)
    for manager in managers_of(user):
        add_mail(
            kind="second_factor_reset",
            to=manager.email,
            subject=f"[수출지원사업] {user.name} 님의 2단계 인증이 초기화되었습니다",
            template="emails/second_factor_reset.txt",
            context={"manager": manager, "person": user, "at": at, "reason": reason},
            at=at,
        )


def managers_of(user: User) -> list[User]:
    """Return who answers for a staff account: the managers of its agency, else the operators."""
    people = User.objects.active().exclude(email="").exclude(pk=user.pk)
    if user.agency_id is not None:
        return list(people.filter(agency=user.agency_id, staff_role=StaffRole.MANAGER))
    return list(people.filter(staff_role=StaffRole.OPERATOR)) if user.staff_role else []


def _locked(user: User) -> SecondFactor:
    factor = SecondFactor.objects.in_use().select_for_update().filter(user=user).first()
    if factor is None:
        raise NoFactorError
    return factor


@transaction.atomic
def _take_code(user: User, code: str, at: datetime) -> bool:
    """Use up a code of the app or a recovery code, under a lock so that it works once."""
    factor = SecondFactor.objects.in_use().select_for_update().filter(user=user).first()
    if factor is None:
        return False
    if _take_app_code(factor, code, at):
        return True
    unused = RecoveryCode.objects.filter(factor=factor, code_hash=_hash(code), used_at__isnull=True)
    if not unused.update(used_at=at):
        return False
    _tell(user, "복구 코드로 로그인했습니다", at)
    return True


def _take_app_code(factor: SecondFactor, code: str, at: datetime) -> bool:
    step = matching_step(secret=factor.secret, code=code, at=at, after=factor.last_step)
    if step is None:
        return False
    factor.last_step = step
    factor.save(update_fields=["last_step"])
    return True


def _replace_recovery_codes(factor: SecondFactor) -> list[str]:
    codes = new_recovery_codes()
    factor.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(factor=factor, code_hash=_hash(as_typed(code))) for code in codes
    )
    return codes


def _hash(code: str) -> str:
    return lookup_hash(RECOVERY_PURPOSE + code)


def _tell(user: User, what: str, at: datetime) -> None:
    """Write to the person: an unexpected change is the first sign of a stranger."""
    if user.email:
        add_mail(
            kind="second_factor",
            to=user.email,
            subject="[수출지원사업] 2단계 인증 안내",
            template="emails/second_factor.txt",
            context={"name": user.name, "what": what, "at": at},
            at=at,
            company=user.company,
        )
