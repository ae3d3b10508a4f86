"""Who sees and changes which database."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lienthong.agencies.access import acts_for
from lienthong.agencies.models import Agency
from lienthong.agencies.roles import REACHING_DOWN, Role
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed, NotFound
from lienthong.foundation.tracing import carries

from .models import (
    CatalogueReview,
    Database,
    DataNeed,
    Dataset,
    NationalDossier,
    NationalListDraft,
    UnitDeclaration,
)

# Roles that work on the records of databases. The administrator is not among them: no right to any data.
OWNING = frozenset({Role.DATABASE_OWNER, Role.IT_UNIT, Role.HEAD})
READING = OWNING | {Role.FOCAL_OFFICER}


@carries("SEC-01")
def databases_visible_to(actor: Actor) -> QuerySet[Database]:
    """The databases whose file the actor may open.

    Those of the own unit, and of the units below for roles that reach down; for the coordinating ministry all
    that are no secret. Secret ones are seen by the keepers of their owner and managing unit alone.
    """
    if actor.is_system:
        return Database.objects.all()
    own = Agency.objects.filter(pk=actor.unit_id or 0).first()
    if own is None:
        return Database.objects.none()
    ours = Q(owner=own) | Q(managing_unit=own)
    open_ones = Q(pk__in=[])
    if actor.has(*READING, Role.SECRETS_KEEPER):
        open_ones |= ours
    if actor.roles & REACHING_DOWN:
        # The units are found once, and the databases by their indexes: no join over every database of the country.
        below = Agency.objects.filter(path__startswith=own.path).order_by().values("pk")
        open_ones |= Q(owner__in=below) | Q(managing_unit__in=below)
    if actor.has(Role.COORDINATING_MINISTRY):
        open_ones |= Q(is_secret=False)
    visible = open_ones & Q(is_secret=False)
    if actor.has(Role.SECRETS_KEEPER):
        visible |= ours & Q(is_secret=True)
    return Database.objects.filter(visible)


@carries("SEC-01")
def databases_in_parts(actor: Actor) -> list[QuerySet[Database]]:
    """The same databases as `databases_visible_to`, in parts that have none in common, each found by one index.

    One question over owner or managing unit would have every database of a country read: lists ask part by part.
    """
    if actor.is_system:
        return [Database.objects.all()]
    own = Agency.objects.filter(pk=actor.unit_id or 0).first()
    if own is None:
        return []
    parts: list[QuerySet[Database]] = []
    if actor.has(Role.COORDINATING_MINISTRY):
        parts.append(Database.objects.filter(is_secret=False))
    elif actor.roles & REACHING_DOWN:
        below = Agency.objects.filter(path__startswith=own.path).order_by().values_list("pk", flat=True)
        few = list(below[: MOST_NAMED + 1])
        parts += _of(few if len(few) <= MOST_NAMED else below, is_secret=False)
    elif actor.has(*READING, Role.SECRETS_KEEPER):
        parts += _of([own.pk], is_secret=False)
    if actor.has(Role.SECRETS_KEEPER):
        parts += _of([own.pk], is_secret=True)
    return parts


def sees_the_country(actor: Actor) -> bool:
    """Whether the actor's list is that of every agency."""
    return actor.is_system or actor.has(Role.COORDINATING_MINISTRY)


# So many are named one by one in a question; of more the server finds its way by itself.
MOST_NAMED = 2000


def _of(units: list[int] | QuerySet[Agency, int], *, is_secret: bool) -> list[QuerySet[Database]]:
    """The databases that these units own, and those that they manage for others, where there are any.

    What a province manages for others is next to nothing: a server would look for it through all that it manages.
    """
    found = Database.objects.filter(is_secret=is_secret)
    owned = found.filter(owner__in=units)
    for_others = found.filter(managing_unit__in=units).exclude(owner__in=units)
    named = list(for_others.order_by().values_list("pk", flat=True)[: MOST_NAMED + 1])
    if not named:
        return [owned]
    return [owned, found.filter(pk__in=named) if len(named) <= MOST_NAMED else for_others]


@carries("SEC-01")
def may_know_of(actor: Actor, database: Database) -> bool:
    """Whether one database is among `databases_visible_to` the actor: the same rule, for a database at hand."""
    if actor.is_system:
        return True
    units = (database.owner, database.managing_unit)
    own = Agency.objects.filter(pk=actor.unit_id or 0).values_list("path", flat=True).first()
    if own is None:
        return False
    ours = any(unit.path == own for unit in units)
    if database.is_secret:
        return ours and actor.has(Role.SECRETS_KEEPER)
    if actor.has(Role.COORDINATING_MINISTRY):
        return True
    if actor.roles & REACHING_DOWN and any(unit.path.startswith(own) for unit in units):
        return True
    return ours and actor.has(*READING, Role.SECRETS_KEEPER)


def database_for(actor: Actor, code: str) -> Database:
    """The database with this code, or one refusal whether it is not there or may not be known of (SEC-01)."""
    database = Database.objects.select_related("owner", "managing_unit").filter(code=code).first()
    if database is None or not may_know_of(actor, database):
        raise NotFound(what=f"cơ sở dữ liệu {code}", what_en=f"Database {code}")
    return database


def datasets_visible_to(actor: Actor) -> QuerySet[Dataset]:
    """The datasets of the databases whose file the actor may open."""
    return Dataset.objects.filter(database__in=databases_visible_to(actor))


def dataset_for(actor: Actor, slug: str) -> Dataset:
    """The dataset of this name, or one refusal whether it is not there or may not be known of."""
    dataset = datasets_visible_to(actor).select_related("database", "table").filter(slug=slug).first()
    if dataset is None:
        raise NotFound(what=f"bộ dữ liệu {slug}", what_en=f"Dataset {slug}")
    return dataset


def may_own(actor: Actor, database: Database) -> bool:
    """Whether the actor works on this database's record for its owner or managing unit."""
    if actor.is_system:
        return True
    if database.is_secret and not actor.has(Role.SECRETS_KEEPER):
        return False
    return actor.has(*OWNING) and (acts_for(actor, database.owner) or acts_for(actor, database.managing_unit))


def databases_owned_by(actor: Actor) -> QuerySet[Database]:
    """The databases on whose records the actor works: the rule of `may_own`, for a whole list in one question."""
    if actor.is_system:
        return Database.objects.all()
    own = Agency.objects.filter(pk=actor.unit_id or 0).first()
    if own is None or not actor.has(*OWNING):
        return Database.objects.none()
    units = Agency.objects.filter(pk=own.pk)
    if actor.roles & REACHING_DOWN:
        units = Agency.objects.filter(path__startswith=own.path)
    pks = units.order_by().values("pk")
    found = Database.objects.filter(Q(owner__in=pks) | Q(managing_unit__in=pks))
    return found if actor.has(Role.SECRETS_KEEPER) else found.filter(is_secret=False)


def may_register(actor: Actor) -> bool:
    """Whether the actor's roles let databases be registered for the own unit or units below."""
    return actor.is_system or (bool(actor.unit_id) and actor.has(*OWNING))


def may_keep_master_data(actor: Actor) -> bool:
    """Records the published list of national master data: an IT unit, or the coordinating ministry."""
    return actor.is_system or actor.has(Role.IT_UNIT, Role.COORDINATING_MINISTRY)


def may_keep_code_list(actor: Actor, owner: Agency) -> bool:
    """Whether the actor keeps the shared code lists of this agency."""
    return actor.is_system or (actor.has(*OWNING) and acts_for(actor, owner))


def require_owner(actor: Actor, database: Database, act: str, act_en: str) -> None:
    """Refuse unless the actor works on this database for its owner or managing unit."""
    if not may_own(actor, database):
        raise NotAllowed(act=act, act_en=act_en)


def may_keep_secrets_of(actor: Actor, database: Database) -> bool:
    """Whether the actor is a keeper of secrets in the owner's or the managing unit."""
    ours = {str(database.owner_id), str(database.managing_unit_id)}
    return actor.is_system or (actor.has(Role.SECRETS_KEEPER) and actor.unit_id in ours)


def may_issue(actor: Actor, agency: Agency) -> bool:
    """Whether the actor may issue the catalogue of this agency: its head alone (CAT-02)."""
    return actor.is_system or (actor.has(Role.HEAD) and actor.unit_id == str(agency.pk))


def may_prepare_catalogue(actor: Actor, agency: Agency) -> bool:
    """Whether the actor sees the draft of an agency's catalogue."""
    return actor.is_system or (actor.has(*READING) and acts_for(actor, agency))


def may_run_review(actor: Actor, agency: Agency) -> bool:
    """Whether the actor opens and runs the review of this agency's catalogue: its IT unit, or that above it (CAT-03)."""
    return actor.is_system or (actor.has(Role.IT_UNIT) and acts_for(actor, agency))


def may_declare_for(actor: Actor, declaration: UnitDeclaration) -> bool:
    """Whether the actor declares the databases of a unit: who works on them, for the unit or above it."""
    return actor.is_system or (actor.has(*OWNING) and acts_for(actor, declaration.unit))


@carries("CAT-03")
def reviews_visible_to(actor: Actor) -> QuerySet[CatalogueReview]:
    """The reviews of the actor's agency: those in which the own unit declares, and those of units below."""
    if actor.is_system:
        return CatalogueReview.objects.all()
    own = Agency.objects.filter(pk=actor.unit_id or 0).first()
    if own is None or not actor.has(*READING):
        return CatalogueReview.objects.none()
    visible = Q(agency_id__in=_line(own))
    if actor.roles & REACHING_DOWN:
        visible |= Q(agency__path__startswith=own.path)
    return CatalogueReview.objects.filter(visible)


def review_for(actor: Actor, number: str) -> CatalogueReview:
    """The review of this number, or one refusal whether it is not there or may not be known of."""
    found = (
        reviews_visible_to(actor).select_related("agency", "catalogue__agency").filter(number=number).first()
    )
    if found is None:
        raise NotFound(what=f"đợt rà soát danh mục {number}", what_en=f"Catalogue review {number}")
    return found


def declarations_visible_to(actor: Actor, review: CatalogueReview) -> QuerySet[UnitDeclaration]:
    """The declarations of a review: all for those of its agency, else those of the own unit and of units below."""
    found = UnitDeclaration.objects.filter(review=review).select_related("unit", "review__agency")
    if actor.is_system or actor.unit_id == str(review.agency_id):
        return found
    own = Agency.objects.filter(pk=actor.unit_id or 0).first()
    if own is None:
        return found.none()
    if actor.roles & REACHING_DOWN:
        if review.agency.path.startswith(own.path):
            return found
        return found.filter(unit__path__startswith=own.path)
    return found.filter(unit_id__in=_line(own)).exclude(unit=review.agency)


def declaration_for(actor: Actor, review: CatalogueReview, code: str) -> UnitDeclaration:
    """The declaration of a unit in a review, or one refusal."""
    found = declarations_visible_to(actor, review).filter(unit__code=code).first()
    if found is None:
        raise NotFound(what=f"đơn vị {code} trong đợt rà soát", what_en=f"Unit {code} in this review")
    return found


def _line(unit: Agency) -> list[int]:
    return [int(one) for one in unit.path.strip("/").split("/")]


# Who prepares a national dossier, and who signs it.
PREPARING_DOSSIERS = OWNING | {Role.FOCAL_OFFICER}


def may_coordinate(actor: Actor) -> bool:
    """Receives dossiers and consolidates the list of national databases: the coordinating ministry (NDB-05)."""
    return actor.is_system or actor.has(Role.COORDINATING_MINISTRY)


def may_return_dossier(actor: Actor, dossier: NationalDossier) -> bool:
    """Returns a dossier to be completed: the coordinating ministry; one of a secret database it does not know of."""
    return actor.is_system or (may_coordinate(actor) and not dossier.database.is_secret)


def may_prepare_dossier(actor: Actor, database: Database) -> bool:
    """Prepares a national dossier: focal officer, IT unit, database owner or head, for the owner or its unit."""
    if actor.is_system:
        return True
    if database.is_secret:
        return False
    return actor.has(*PREPARING_DOSSIERS) and (
        acts_for(actor, database.owner) or acts_for(actor, database.managing_unit)
    )


def may_sign_dossier(actor: Actor, database: Database) -> bool:
    """Signs and sends it: the head of the owner, or of the agency above it."""
    if actor.is_system:
        return True
    return not database.is_secret and actor.has(Role.HEAD) and acts_for(actor, database.owner)


@carries("NDB-05", "SEC-01")
def dossiers_visible_to(actor: Actor) -> QuerySet[NationalDossier]:
    """The dossiers whose status the actor may know: those of databases whose file the own unit may open, and for
    the coordinating ministry those that were sent to it. Of a secret database only its keepers know.
    """
    if actor.is_system:
        return NationalDossier.objects.all()
    own_roles = frozenset(actor.roles - {Role.COORDINATING_MINISTRY})
    as_owner = Actor(actor.user_id, actor.unit_id, own_roles, actor.locale, actor.origin)
    seen = Q(database__in=databases_visible_to(as_owner))
    if actor.has(Role.COORDINATING_MINISTRY):
        seen |= Q(sent_at__isnull=False, database__is_secret=False)
    return NationalDossier.objects.filter(seen)


def dossier_for(actor: Actor, number: str) -> NationalDossier:
    """The dossier of this number, or one refusal whether it is not there or may not be known of."""
    found = (
        dossiers_visible_to(actor)
        .select_related("database__owner", "database__managing_unit", "draft")
        .filter(number=number)
        .first()
    )
    if found is None:
        raise NotFound(what=f"hồ sơ {number}", what_en=f"Dossier {number}")
    return found


def list_draft_for(actor: Actor, number: str) -> NationalListDraft:
    """The draft list of this number, for the coordinating ministry alone."""
    found = NationalListDraft.objects.select_related("agency").filter(number=number).first()
    if found is None or not may_coordinate(actor):
        raise NotFound(what=f"dự thảo {number}", what_en=f"Draft {number}")
    return found


def may_note_needs(actor: Actor, unit: Agency) -> bool:
    """Notes what a unit needs from others: who works on its databases, its focal officer (PRT-01)."""
    return actor.is_system or (actor.has(*READING) and acts_for(actor, unit))


def needs_visible_to(actor: Actor) -> QuerySet[DataNeed]:
    """The needs of the own unit and of units below for roles that reach down; for the coordinating ministry all."""
    if actor.is_system or actor.has(Role.COORDINATING_MINISTRY):
        return DataNeed.objects.all()
    own = Agency.objects.filter(pk=actor.unit_id or 0).first()
    if own is None or not actor.has(*READING):
        return DataNeed.objects.none()
    if actor.roles & REACHING_DOWN:
        return DataNeed.objects.filter(unit__path__startswith=own.path)
    return DataNeed.objects.filter(unit=own)
