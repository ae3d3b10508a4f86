"""Databases and catalogues in the search."""

from __future__ import annotations

from lienthong.foundation.search.commands import index, unindex
from lienthong.foundation.tracing import carries

from .addresses import (
    catalogue_address,
    code_list_public_address,
    dossier_address,
    file_address,
    national_list_address,
    need_address,
    review_address,
)
from .models import (
    CatalogueReview,
    CodeList,
    CodeListState,
    Database,
    DataNeed,
    IssuedCatalogue,
    NationalDossier,
    NationalList,
    NeedState,
)
from .national import coordinating_unit, national_entries_shown
from .queries import latest_catalogues

DATABASE = "database"
CATALOGUE = "catalogue"
DOSSIER = "national_dossier"
NATIONAL_LIST = "national_list"
REVIEW = "catalogue_review"
CODE_LIST = "code_list"
NEED = "data_need"


@carries("SEC-01")
def index_database(database: Database) -> None:
    """Make a database findable for the people of its units; a secret one leaves no row."""
    if database.is_secret:
        unindex(DATABASE, database.pk)
        return
    index(
        kind=DATABASE,
        object_id=database.pk,
        title=database.name,
        summary=f"{database.code} · {database.managing_unit.name}",
        body=" ".join([database.name_en, database.purpose, database.scope]),
        names=f"{database.name_en} {database.code}",
        url=file_address(database.code),
        units=dict.fromkeys([database.owner_id, database.managing_unit_id]),
        facets={"agency": database.owner.name, "tier": database.tier},
    )


def index_catalogue(catalogue: IssuedCatalogue) -> None:
    """Make the newest issued catalogue of an agency findable for everybody, in place of the one before."""
    index(
        kind=CATALOGUE,
        object_id=catalogue.agency_id,
        title=f"Danh mục cơ sở dữ liệu của {catalogue.agency.name}",
        summary=f"Phiên bản {catalogue.version}, Quyết định số {catalogue.decision_number}",
        url=catalogue_address(catalogue.agency.code, catalogue.version),
        is_public=True,
        facets={"agency": catalogue.agency.name},
    )


def search_rows() -> int:
    """Index every database and catalogue anew; returns how many there are."""
    count = 0
    for database in Database.objects.select_related("owner", "managing_unit").order_by("pk").iterator():
        index_database(database)
        count += 1
    for catalogue in latest_catalogues():
        index_catalogue(catalogue)
        count += 1
    for dossier in NationalDossier.objects.select_related("database__owner", "database__managing_unit"):
        index_dossier(dossier)
        count += 1
    for review in CatalogueReview.objects.select_related("agency"):
        index_review(review)
        count += 1
    for code_list in CodeList.objects.select_related("owner"):
        index_code_list(code_list)
        count += 1
    for need in DataNeed.objects.select_related("unit"):
        index_need(need)
        count += 1
    index_national_list()
    return count + NationalList.objects.exists()


def index_review(review: CatalogueReview) -> None:
    """Make a review of a catalogue findable for the people of its agency and of the units that declare."""
    index(
        kind=REVIEW,
        object_id=review.pk,
        title=f"Đợt rà soát danh mục {review.number}",
        summary=f"{review.agency.name}, văn bản số {review.document_number}",
        url=review_address(review.number),
        units=dict.fromkeys([review.agency_id, *review.declarations.values_list("unit_id", flat=True)]),
        facets={"agency": review.agency.name},
    )


@carries("SEC-01")
def index_dossier(dossier: NationalDossier) -> None:
    """Make a dossier findable for its owner's people and, once sent, for the coordinating ministry; no secret one."""
    database = dossier.database
    if database.is_secret:
        unindex(DOSSIER, dossier.pk)
        return
    units = [database.owner_id, database.managing_unit_id]
    receiving = coordinating_unit() if dossier.sent_at else None
    if receiving is not None:
        units.append(receiving.pk)
    index(
        kind=DOSSIER,
        object_id=dossier.pk,
        title=f"Hồ sơ CSDL quốc gia {dossier.number}",
        summary=database.name,
        url=dossier_address(dossier.number),
        units=dict.fromkeys(units),
        facets={"agency": database.owner.name},
    )


def index_dossiers_of(database: Database) -> None:
    """Bring the dossiers of a database up to date in the search, when it became a secret or none."""
    for dossier in database.national_dossiers.select_related("database__owner", "database__managing_unit"):
        index_dossier(dossier)


def index_national_list() -> None:
    """Make the newest list of national databases findable for everybody."""
    newest = NationalList.objects.first()
    if newest is None:
        return
    names = [entry["name"] for entry in national_entries_shown(newest)]
    index(
        kind=NATIONAL_LIST,
        object_id=1,
        title="Danh mục cơ sở dữ liệu quốc gia",
        summary=f"Phiên bản {newest.version}, Quyết định số {newest.decision_number}",
        body="; ".join(names),
        url=national_list_address(newest.version),
        is_public=True,
    )


def index_code_list(code_list: CodeList) -> None:
    """Make a shared code list findable for everybody, once a version of it was issued."""
    newest = code_list.versions.filter(state=CodeListState.ISSUED).order_by("-number").first()
    if newest is None:
        return
    index(
        kind=CODE_LIST,
        object_id=code_list.pk,
        title=code_list.name,
        summary=f"Danh mục dùng chung, phiên bản {newest.number}, Quyết định số {newest.decision_number}",
        body=" ".join([code_list.code, code_list.name_en, code_list.basis]),
        url=code_list_public_address(code_list.code),
        is_public=True,
        facets={"agency": code_list.owner.name},
    )


def index_need(need: DataNeed) -> None:
    """Make a need for others' data findable for the people of its unit, while it stands."""
    if need.state != NeedState.OPEN:
        unindex(NEED, need.pk)
        return
    index(
        kind=NEED,
        object_id=need.pk,
        title=f"Nhu cầu {need.number}: {need.title}",
        summary=f"{need.unit.name}, năm {need.year}",
        body=" ".join([need.items, need.holder_name, need.purpose]),
        url=need_address(need.number),
        units=[need.unit_id],
        facets={"agency": need.unit.name},
    )
