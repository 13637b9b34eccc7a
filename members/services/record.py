"""The company's record: contact person, company, yearly figures, products, proofs (S34 to S47)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Field

from members.encryption import lookup_hash
from members.enums import PaperSlot
from members.models import Company, Product, User, YearlyFigures
from members.services import papers
from members.services.outbox import add_mail


@dataclass(frozen=True)
class ProductInput:
    """One product as typed. `key` is an existing product's uuid in hex, or any other word."""

    key: str
    values: Mapping[str, Any]
    proofs: Sequence["UploadedFile[Any]"] = ()


@dataclass(frozen=True)
class ProofInput:
    """Proof files that came with the record; `dropped` are uuids of stored files to put away."""

    sales: Sequence["UploadedFile[Any]"] = ()
    exports: Sequence["UploadedFile[Any]"] = ()
    dropped: frozenset[UUID] = field(default_factory=frozenset)


class RecordInput(Protocol):
    """Checked values of a record; a part that is None stays as it is.

    `figures_values`: year → ``{"sales_million_krw": int | None, "exports_thousand_usd": …}``.
    """

    @property
    def person_values(self) -> Mapping[str, Any] | None: ...

    @property
    def company_values(self) -> Mapping[str, Any] | None: ...

    @property
    def figures_values(self) -> Mapping[int, Mapping[str, int | None]] | None: ...

    @property
    def products_values(self) -> Sequence[ProductInput] | None: ...

    @property
    def proofs(self) -> ProofInput: ...


@transaction.atomic
def update_record(
    *, company: Company, person: User, forms: RecordInput, by: User, at: datetime
) -> Company:
    """Write a checked record over the old one and note when it was confirmed (S45, S56, S57).

    Raises `members.uploads.UploadRefusedError` when a proof changed between check and storing.
    """
    company = Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    tell_old_addresses(company=company, person=person, forms=forms, at=at)
    if forms.company_values is not None:
        set_values(instance=company, values=forms.company_values)
    company.record_confirmed_at = at
    company.save()
    if forms.person_values is not None:
        write_person(person=person, values=forms.person_values)
    if forms.figures_values is not None:
        write_figures(company=company, figures=forms.figures_values)
    products = None
    if forms.products_values is not None:
        products = write_products(company=company, products=forms.products_values, at=at)
    papers.drop_papers(company=company, files=forms.proofs.dropped, at=at)
    _store_proofs(company, forms, products or {}, by, at)
    return company


CONTACT_FIELDS = ("email", "phone", "mobile")


def changed_contacts(
    *, instance: Company | User, values: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return which ways of reaching somebody would change, with their new values."""
    return {
        name: values[name]
        for name in CONTACT_FIELDS
        if values and name in values and values[name] != getattr(instance, name)
    }


def tell_old_addresses(*, company: Company, person: User, forms: RecordInput, at: datetime) -> None:
    """Write to the old address when mail or telephone of a person or company changes (S42)."""
    for instance, values in ((company, forms.company_values), (person, forms.person_values)):
        changed = changed_contacts(instance=instance, values=values)
        if not changed or not instance.email:
            continue
        labels = [
            str(cast(Field[Any, Any], instance._meta.get_field(name)).verbose_name)
            for name in changed
        ]
        add_mail(
            kind="contact_changed",
            to=instance.email,
            subject="[수출지원사업] 연락처가 바뀌었습니다",
            template="emails/contact_changed.txt",
            context={"name": instance.name, "labels": labels, "at": at},
            at=at,
            company=company,
        )


def set_values(*, instance: Company | User | Product, values: Mapping[str, Any]) -> None:
    """Put checked values on a row by field name; nothing is saved."""
    for name, value in values.items():
        setattr(instance, name, value)


def write_person(*, person: User, values: Mapping[str, Any]) -> User:
    """Save a contact person's values; the mobile number keeps its look-up hash in step."""
    set_values(instance=person, values=values)
    person.mobile_hash = lookup_hash(person.mobile)
    person.save(update_fields=[*values, "mobile_hash"])
    return person


def write_figures(*, company: Company, figures: Mapping[int, Mapping[str, int | None]]) -> None:
    """Save sales (백만원) and exports (천불) per calendar year; other years stay."""
    for year, values in figures.items():
        YearlyFigures.objects.update_or_create(company=company, year=year, defaults=dict(values))


def write_products(
    *, company: Company, products: Sequence[ProductInput], at: datetime
) -> dict[str, Product]:
    """Make the company's products those given, in that order; return them by their keys.

    A product that is left out goes; papers that proved it stay as put-away rows.
    """
    existing = {product.uuid.hex: product for product in company.products.all()}
    written = {}
    for position, given in enumerate(products):
        product = existing.pop(given.key, None) or Product(company=company)
        if product.hs_code != given.values.get("hs_code", product.hs_code):
            product.hs_code_gone_at = None
        set_values(instance=product, values=given.values)
        product.position = position
        product.save()
        written[given.key] = product
    for product in existing.values():
        papers.release_product(product=product, at=at)
        product.delete()
    return written


def _store_proofs(
    company: Company,
    forms: RecordInput,
    products: Mapping[str, Product],
    by: User,
    at: datetime,
) -> None:
    uploads: list[tuple[PaperSlot, Product | None, UploadedFile[Any]]] = [
        *((PaperSlot.SALES_PROOF, None, upload) for upload in forms.proofs.sales),
        *((PaperSlot.EXPORT_PROOF, None, upload) for upload in forms.proofs.exports),
    ]
    for given in forms.products_values or ():
        uploads += [
            (PaperSlot.PRODUCT_PROOF, products[given.key], upload) for upload in given.proofs
        ]
    for slot, product, upload in uploads:
        papers.store_proof(company=company, slot=slot, product=product, upload=upload, by=by, at=at)
