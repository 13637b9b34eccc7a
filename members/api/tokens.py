"""Who calls: an agency's system by its token, within its scopes and its rate."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from members.access import client_address
from members.api.problems import ProblemError, throttled
from members.enums import ApiScope
from members.models import Agency, ApiToken, User
from members.services import throttle
from members.services.api_tokens import find_token

CALLS, WRONG = "api_token", "api_wrong_token"


class TokenAuth(HttpBearer):
    """`Authorization: Bearer …`; wrong tokens are counted by address, right ones by token."""

    openapi_name = "token"

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """Return the token that the secret stands for, or None (401)."""
        at = timezone.now()
        address = client_address(request) or "?"
        try:
            throttle.check(scope=WRONG, key=address, at=at)
            found = find_token(secret=token, at=at)
            if found is None:
                throttle.note_failure(scope=WRONG, key=address, at=at)
                return None
            throttle.hit(scope=CALLS, key=str(found.uuid), at=at)
        except throttle.ThrottledError as error:
            raise throttled(error, at=at) from error
        return found


def token_of(request: HttpRequest) -> ApiToken:
    """Return the token that authenticated this request."""
    return cast(ApiToken, request.auth)  # type: ignore[attr-defined]  # set by ninja


def caller(request: HttpRequest) -> tuple[User, Agency]:
    """Return the token's account and its agency."""
    token = token_of(request)
    return token.account, token.agency


class ScopedAuth(TokenAuth):
    """Asks for one scope as well; a token without it is told which one it lacks (403)."""

    def __init__(self, scope: ApiScope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        found = super().authenticate(request, token)
        if found is not None and not found.allows(self.scope):
            raise ProblemError(
                403, "scope_missing", f"이 토큰에는 «{self.scope.label}» 범위가 없습니다."
            )
        return found


def needs(scope: ApiScope) -> Callable[[HttpRequest], ApiToken | None]:
    """Return the authentication of an operation that needs a scope."""
    return ScopedAuth(scope)
