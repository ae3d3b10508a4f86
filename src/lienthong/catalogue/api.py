"""Databases, datasets and issued catalogues for programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router, Schema

from lienthong.agencies.queries import agency_by_code
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request
from lienthong.foundation.errors import NotAllowed

from . import code_lists, governing, national, queries
from .access import (
    database_for,
    dataset_for,
    datasets_visible_to,
    declarations_visible_to,
    dossiers_visible_to,
    review_for,
    reviews_visible_to,
)
from .models import (
    CatalogueReview,
    Database,
    Dataset,
    DatasetVersion,
    IssuedCatalogue,
    NationalDossier,
    NationalList,
)
from .portal_registration import registration_of
from .reviewing import progress_of
from .showing import counted

router = Router()


class DatabaseOut(Schema):
    code: str
    name: str
    name_en: str
    tier: str
    owner: str
    managing_unit: str
    state: str
    entry_state: str
    legal_basis: str
    purpose: str
    scope: str
    layers: list[str]
    core_domain: str
    catalogue_part: str
    identifier_keys: str
    digitised_from: list[str]
    criticality: str
    is_mandatory: bool
    mandatory_item: str
    connect_by: date | None
    connected_on: date | None
    storage_months: int | None
    storage_permanent: bool

    @staticmethod
    def resolve_connect_by(database: Database) -> date | None:
        due = governing.connection_due(database)
        return due.due if due else None

    @staticmethod
    def resolve_owner(database: Database) -> str:
        return database.owner.code

    @staticmethod
    def resolve_managing_unit(database: Database) -> str:
        return database.managing_unit.code


class DatabasePageOut(Schema):
    items: list[DatabaseOut]
    total: int
    after: str | None


class FieldOut(Schema):
    name: str
    title: str
    type: str
    description: str
    sharing_class: str
    classed_on: date | None
    personal_data: str
    is_original: bool
    criticality: str
    dictionary_term: str
    code_list: str | None
    master_item: str | None
    confirmed: bool


class TableOut(Schema):
    name: str
    title: str
    rows: int | None
    primary_key: list[str]
    fields: list[FieldOut]


class VersionOut(Schema):
    number: int
    rows: int
    digest: str
    added: int | None
    removed: int | None
    changed: int | None
    note: str
    published_at: datetime


class DatasetOut(Schema):
    slug: str
    name: str
    name_en: str
    description: str
    database: str
    key: list[str]
    columns: list[str]

    @staticmethod
    def resolve_database(dataset: Dataset) -> str:
        return dataset.database.code


class CatalogueOut(Schema):
    agency: str
    agency_name: str
    version: int
    decision_number: str
    decision_date: date
    issued_at: datetime

    @staticmethod
    def resolve_agency(catalogue: IssuedCatalogue) -> str:
        return catalogue.agency.code

    @staticmethod
    def resolve_agency_name(catalogue: IssuedCatalogue) -> str:
        return catalogue.agency.name


class CatalogueEntriesOut(CatalogueOut):
    entries: list[dict[str, Any]]

    @staticmethod
    def resolve_entries(catalogue: IssuedCatalogue) -> list[dict[str, Any]]:
        return queries.entries_shown(catalogue)


@router.get("/databases", response=DatabasePageOut, summary="Databases one may know of")
def databases(
    request: Request,
    q: str = "",
    tier: str = "",
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> queries.DatabasePage:
    """The databases whose file the caller may open, by name; go on with `after`."""
    return queries.databases_page(_officer(request), text=q[:200], tier=tier, after=after, limit=limit)


@router.get("/databases/{code}", response=DatabaseOut, summary="One database")
def database(request: Request, code: str) -> Database:
    """One database, if the caller may know of it."""
    return database_for(_officer(request), code)


@router.get("/databases/{code}/tables", response=list[TableOut], summary="Tables and columns")
def tables(request: Request, code: str) -> list[dict[str, Any]]:
    """The tables and columns of one database, as described."""
    found = queries.tables_with_fields(database_for(_officer(request), code))
    return [
        {
            "name": table.name,
            "title": table.title,
            "rows": table.rows,
            "primary_key": table.primary_key,
            "fields": [
                {
                    "name": field.name,
                    "title": field.title,
                    "type": field.type,
                    "description": field.description,
                    "sharing_class": field.sharing_class,
                    "classed_on": field.classed_on,
                    "is_original": field.is_original,
                    "criticality": field.criticality,
                    "dictionary_term": field.dictionary_term,
                    "code_list": field.code_list.code if field.code_list else None,
                    "master_item": field.master_item.code if field.master_item else None,
                    "personal_data": field.personal_data,
                    "confirmed": field.confirmed_at is not None,
                }
                for field in table.fields.all()
            ],
        }
        for table in found
    ]


@router.get("/datasets", response=list[DatasetOut], summary="Datasets of databases one may know of")
def datasets(request: Request) -> list[Dataset]:
    """The datasets of the databases whose file the caller may open."""
    return list(datasets_visible_to(_officer(request)).select_related("database").order_by("slug")[:500])


@router.get("/datasets/{slug}/versions", response=list[VersionOut], summary="Versions of one dataset")
def versions(request: Request, slug: str) -> list[DatasetVersion]:
    """The published versions of one dataset, newest first."""
    return list(queries.versions_of(dataset_for(_officer(request), slug)))


@router.get("/catalogues", response=list[CatalogueOut], summary="Issued catalogues of databases")
def catalogues(request: Request) -> list[IssuedCatalogue]:
    """The newest issued catalogue of each agency; open to all."""
    return queries.latest_catalogues()


@router.get("/catalogues/{agency_code}", response=list[CatalogueOut], summary="Versions of one catalogue")
def catalogue_versions(request: Request, agency_code: str) -> list[IssuedCatalogue]:
    """Every issued version of an agency's catalogue, the newest first; open to all."""
    return list(queries.issued_catalogues(queries.catalogue_version(agency_code).agency))


class FieldChangeOut(Schema):
    field: str
    before: list[str]
    after: list[str]


class DifferenceOut(Schema):
    code: str
    name: str
    unit: str
    kind: str
    fields: list[FieldChangeOut]


class ComparisonOut(Schema):
    older: CatalogueOut
    newer: CatalogueOut
    counts: dict[str, int]
    differences: list[DifferenceOut]


@router.get(
    "/catalogues/{agency_code}/compare", response=ComparisonOut, summary="What separates two issued versions"
)
def catalogue_comparison(request: Request, agency_code: str, older: int, newer: int) -> dict[str, Any]:
    """The databases that were added, changed field by field, or ended between two versions; open to all."""
    before, after = (queries.catalogue_version(agency_code, version) for version in (older, newer))
    found = queries.compare_catalogues(before, after)
    return {"older": before, "newer": after, "counts": counted(found), "differences": found}


class DeclarationOut(Schema):
    unit: str
    state: str
    overdue: bool
    databases: int
    answered: int
    percent: int


class ReviewOut(Schema):
    number: str
    agency: str
    state: str
    opened_on: date
    version: int | None

    @staticmethod
    def resolve_agency(review: CatalogueReview) -> str:
        return review.agency.code

    @staticmethod
    def resolve_version(review: CatalogueReview) -> int | None:
        return review.catalogue.version if review.catalogue is not None else None


class ReviewUnitsOut(Schema):
    number: str
    agency: str
    state: str
    opened_on: date
    version: int | None
    declarations: list[DeclarationOut]


@router.get("/catalogue-reviews", response=list[ReviewOut], summary="Catalogue reviews one may know of")
def catalogue_reviews(request: Request) -> list[CatalogueReview]:
    """The reviews of catalogues that the caller may know of, the newest first."""
    return list(reviews_visible_to(_officer(request)).select_related("agency", "catalogue")[:200])


@router.get("/catalogue-reviews/{number}", response=ReviewUnitsOut, summary="One catalogue review")
def catalogue_review(request: Request, number: str) -> dict[str, Any]:
    """One review with the units that the caller may see, those behind first."""
    actor = _officer(request)
    review = review_for(actor, number)
    return {
        "number": review.number,
        "agency": review.agency.code,
        "state": review.state,
        "opened_on": review.opened_on,
        "version": review.catalogue.version if review.catalogue is not None else None,
        "declarations": [
            {
                "unit": one.declaration.unit.code,
                "state": one.declaration.state,
                "overdue": one.overdue,
                "databases": len(one.lines),
                "answered": one.answered,
                "percent": one.percent,
            }
            for one in progress_of(review, declarations_visible_to(actor, review))
        ],
    }


@router.get(
    "/catalogues/{agency_code}/{version}", response=CatalogueEntriesOut, summary="One issued catalogue"
)
def catalogue(request: Request, agency_code: str, version: int) -> IssuedCatalogue:
    """One issued catalogue with its entries; open to all."""
    return queries.catalogue_version(agency_code, version)


def _officer(request: Request) -> Actor:
    actor: Actor = request.actor
    if actor.is_visitor:
        raise NotAllowed(act="xem hồ sơ cơ sở dữ liệu", act_en="see the files of databases")
    return actor


class NationalListOut(Schema):
    version: int
    decision_number: str
    decision_date: date
    effective_on: date
    approver: str

    @staticmethod
    def resolve_approver(one: NationalList) -> str:
        return one.approver_vi


class NationalListEntriesOut(NationalListOut):
    entries: list[dict[str, Any]]

    @staticmethod
    def resolve_entries(one: NationalList) -> list[dict[str, Any]]:
        return national.national_entries_shown(one)


class DossierOut(Schema):
    number: str
    kind: str
    database: str
    state: str
    proposed_on: date
    rule_set: str
    letter_number: str
    letter_date: date | None
    times_returned: int

    @staticmethod
    def resolve_database(dossier: NationalDossier) -> str:
        return dossier.database.code


@router.get("/national-lists", response=list[NationalListOut], summary="Versions of the national list")
def national_lists(request: Request) -> list[NationalList]:
    """Every version of the list of national databases, the newest first; open to all."""
    return list(national.national_lists())


@router.get(
    "/national-lists/{version}", response=NationalListEntriesOut, summary="One version of the national list"
)
def national_list(request: Request, version: int) -> NationalList:
    """One version of the list of national databases with its entries; open to all."""
    return national.national_list(version)


@router.get("/national-dossiers", response=list[DossierOut], summary="National dossiers one may know of")
def national_dossiers(request: Request) -> list[NationalDossier]:
    """The dossiers whose status the caller may know, the newest first."""
    return list(dossiers_visible_to(_officer(request)).select_related("database")[:500])


class CodeListOut(Schema):
    code: str
    name: str
    name_en: str
    owner: str
    version: int
    valid_from: date

    @staticmethod
    def resolve_owner(one: Any) -> str:
        return str(one.owner.code)


class CodeValueOut(Schema):
    code: str
    name: str
    name_en: str
    parent: str


class CodeValuesOut(Schema):
    code_list: str
    on: date
    version: int | None
    values: list[CodeValueOut]
    after: str | None


class BecameOut(Schema):
    code: str
    name: str
    is_usual: bool


class TranslationOut(Schema):
    code: str
    name: str
    known_on: date
    on: date
    became: list[BecameOut]
    lost_on: date | None


class MasterDataOut(Schema):
    code: str
    name: str
    keys: str
    domain: str
    owner_name: str
    source: str
    is_basic: bool

    @staticmethod
    def resolve_source(item: Any) -> str:
        return str(item.shown_source)


@router.get("/code-lists", response=list[CodeListOut], summary="Shared code lists that were issued")
def shared_code_lists(request: Request) -> list[Any]:
    """The shared code lists with the version in force today; open to all."""
    found = []
    for one in code_lists.code_lists():
        version = code_lists.version_on(one, timezone.localdate())
        if version is not None:
            one.version, one.valid_from = version.number, version.valid_from  # type: ignore[attr-defined]
            found.append(one)
    return found


@router.get("/code-lists/{code}/values", response=CodeValuesOut, summary="Values of a code list on a day")
def code_values(
    request: Request,
    code: str,
    on: date | None = None,
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=5000)] = 1000,
) -> dict[str, Any]:
    """The values of a shared code list on a day, today where none is given, in the order of codes; open to all."""
    one = code_lists.code_list_named(code)
    day = on or timezone.localdate()
    version = code_lists.version_on(one, day)
    values = list(code_lists.values_on(one, day).filter(code__gt=after).order_by("code")[: limit + 1])
    return {
        "code_list": one.code,
        "on": day,
        "version": version.number if version else None,
        "values": values[:limit],
        "after": values[limit - 1].code if len(values) > limit else None,
    }


@router.get(
    "/code-lists/{code}/translate", response=TranslationOut, summary="What an old code of a list became"
)
def translate_code(
    request: Request, code: str, value: str, known_on: date | None = None, on: date | None = None
) -> Any:
    """What an old code is on a day, today where none is given, through every merger in between; open to all."""
    return code_lists.translate(code_lists.code_list_named(code), value, known_on=known_on, on=on)


@router.get("/master-data", response=list[MasterDataOut], summary="Items of national master data")
def national_master_data(request: Request) -> list[Any]:
    """The items of the newest list of national master data, each with its one trusted source; open to all."""
    return [item for item in code_lists.master_items(request.actor) if item.left_on is None]


class RegisteredDatabaseOut(Schema):
    code: str
    name: str
    items: int
    open_items: int
    share_ability: str
    share_ability_note: str
    state: str


class RegisteredNeedOut(Schema):
    number: str
    unit: str
    title: str
    holder_name: str
    purpose: str
    state: str


class RegistrationOut(Schema):
    agency: str
    year: int
    databases: list[RegisteredDatabaseOut]
    needs: list[RegisteredNeedOut]


@router.get(
    "/portal-registrations/{agency_code}/{year}",
    response=RegistrationOut,
    summary="What an agency registers on the National Data Portal for a year",
)
def portal_registration(request: Request, agency_code: str, year: int) -> dict[str, Any]:
    """The databases and needs that the caller may know of, each with where it stands on the portal for that year."""
    found = registration_of(_officer(request), agency_by_code(agency_code), year)
    return {
        "agency": found.agency.code,
        "year": year,
        "databases": [
            {
                "code": one.database.code,
                "name": one.database.name,
                "items": one.items,
                "open_items": one.open_items,
                "share_ability": one.database.share_ability,
                "share_ability_note": one.database.share_ability_note,
                "state": one.state.value,
            }
            for one in found.databases
        ],
        "needs": [
            {
                "number": one.need.number,
                "unit": one.need.unit.code,
                "title": one.need.title,
                "holder_name": one.need.holder_name,
                "purpose": one.need.purpose,
                "state": one.state.value,
            }
            for one in found.needs
        ],
    }
