"""Whose request it is, and what of ours is theirs; a stranger's certificate is not there (404)."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from certificates.models import Certificate
from members.models import Company, User


def person_of(request: HttpRequest) -> User:
    """Return the person behind a request that a member gate let through."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def company_of(request: HttpRequest) -> Company:
    """Return the company of that person."""
    company = person_of(request).company
    if company is None:
        raise PermissionDenied
    return company


def certificate_or_404(request: HttpRequest, uuid: UUID, *related: str) -> Certificate:
    """Return the company's own certificate, with related rows read in the same query."""
    owned = Certificate.objects.owned_by(company_of(request)).select_related("notice", *related)
    return get_object_or_404(owned, uuid=uuid)
