"""The record of one database: registered, amended, secret or not, in operation or not."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from lienthong.agencies.access import acts_for
from lienthong.agencies.models import Agency
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import InputRefused, NotAllowed
from lienthong.foundation.events.commands import publish
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import take_step

from .. import governing, rules
from ..access import OWNING, may_keep_secrets_of, require_owner
from ..errors import CodeTaken, NothingAmended, ReasonMissing, SecretMarkUnchanged, UnitOutsideOwner
from ..events import (
    DatabaseAmended,
    DatabaseHandedOver,
    DatabaseLostCompliance,
    DatabaseMarkedSecret,
    DatabaseRegistered,
    DatabaseUnmarkedSecret,
    DatabaseWentLive,
)
from ..indexing import index_database, index_dossiers_of, index_national_list
from ..models import Database, PersonalDataClass
from ..queries import free_code
from . import work


@carries("CAT-01", "CAT-03", "CAT-04", "CAT-06", "LDL-03")
def register_database(
    *,
    actor: Actor,
    code: str,
    name: str,
    tier: str,
    owner: Agency,
    legal_basis: str,
    purpose: str,
    scope: str,
    collection: str,
    managing_unit: Agency | None = None,
    local_base: str = "",
    name_en: str = "",
    specialised_rules: str = "",
    sector_reuse: str = "",
    personal_data: str = PersonalDataClass.NONE,
) -> Database:
    """Register a database with its class, owner, managing unit and legal basis.

    Who works for the owner or the managing unit registers. Publishes `DatabaseRegistered`. Raises
    `CodeRefused`, `CodeTaken`, `ClassMissing`, `LocalBaseMissing`, `LegalBasisMissing`, `EntryFieldMissing`,
    `UnitOutsideOwner`.
    """
    unit = managing_unit or owner
    if not (actor.is_system or (actor.has(*OWNING) and (acts_for(actor, owner) or acts_for(actor, unit)))):
        raise NotAllowed(
            act="đăng ký cơ sở dữ liệu của đơn vị này", act_en="register a database of this unit"
        )
    written = {
        "name": name,
        "legal_basis": legal_basis,
        "purpose": purpose,
        "scope": scope,
        "collection": collection,
        "name_en": name_en,
        "specialised_rules": specialised_rules,
        "sector_reuse": sector_reuse,
    }
    rules.require_class(tier)
    rules.require_entry_fields(written)
    rules.require_legal_basis(legal_basis)
    base = rules.require_local_base(tier, local_base)
    _require_known_personal_data(personal_data)
    _require_unit_of(owner, unit)
    kept_code = rules.normal_code(code)
    with transaction.atomic():
        if Database.objects.filter(code=kept_code).exists():
            raise CodeTaken(given=kept_code, free=free_code(unit))
        try:
            with transaction.atomic():
                database = Database.objects.create(
                    code=kept_code,
                    tier=tier,
                    owner=owner,
                    managing_unit=unit,
                    local_base=base,
                    personal_data=personal_data,
                    **{field: _trimmed(field, text) for field, text in written.items()},
                )
        except IntegrityError:
            raise CodeTaken(given=kept_code, free=free_code(unit)) from None
        index_database(database)
        work.survey_due(database)
        publish(
            actor=actor,
            fact=DatabaseRegistered(
                database_id=database.pk, tier=tier, owner_id=owner.pk, managing_unit_id=unit.pk
            ),
        )
    return database


@carries("CAT-05", "CAT-06", "LDL-05", "LDL-07", "D165-01", "D278-10", "GOVF-01", "GOVF-02", "GOVF-03")
def amend_database(*, actor: Actor, database: Database, reason: str = "", **changes: Any) -> Database:
    """Amend what was registered; the code and the owner stay.

    `changes`: any of `rules.AMENDABLE`. What was issued stays as issued until it is declared again. Publishes
    `DatabaseAmended`; raises `NothingAmended`, the refusals of `register_database` and those of `governing`.
    """
    require_owner(actor, database, "sửa thông tin cơ sở dữ liệu", "amend this database")
    unknown = set(changes) - set(rules.AMENDABLE)
    if unknown:
        raise InputRefused(
            name=sorted(unknown)[0], why="không sửa được nội dung này", why_en="it cannot be amended"
        )
    with transaction.atomic():
        locked = Database.objects.select_for_update().get(pk=database.pk)
        given = {
            field: _trimmed(field, value) if isinstance(value, str) else value
            for field, value in changes.items()
        }
        given = governing.require_known(given)
        changed = [field for field, value in given.items() if getattr(locked, field) != value]
        if not changed:
            raise NothingAmended()
        for field in changed:
            setattr(locked, field, given[field])
        _require_sound(locked)
        locked.save()
        index_database(locked)
        labels = [rules.AMENDABLE[field] for field in changed]
        publish(
            actor=actor,
            reason=reason,
            fact=DatabaseAmended(
                database_id=locked.pk,
                changed=tuple(changed),
                labels_vi=", ".join(vi for vi, _ in labels),
                labels_en=", ".join(en for _, en in labels),
            ),
        )
    database.refresh_from_db()
    return database


@carries("SEC-01")
def hand_over_databases(*, actor: Actor, former_id: int, successor_id: int) -> int:
    """Hand the databases of a merged agency over to the one that received it; returns how many.

    Done by the product itself when the merger is recorded; doing it again changes nothing. Publishes
    `DatabaseHandedOver` for each.
    """
    if not actor.is_system:
        raise NotAllowed(act="chuyển giao cơ sở dữ liệu", act_en="hand databases over")
    former, successor = (Agency.objects.get(pk=pk) for pk in (former_id, successor_id))
    with transaction.atomic():
        concerned = Database.objects.select_for_update(of=("self",)).filter(
            Q(owner=former) | Q(managing_unit=former)
        )
        handed = list(concerned.select_related("owner", "managing_unit"))
        for database in handed:
            if database.owner_id == former.pk:
                database.owner = successor
            if database.managing_unit_id == former.pk:
                database.managing_unit = successor
            database.save()
            index_database(database)
            publish(
                actor=actor,
                fact=DatabaseHandedOver(
                    database_id=database.pk,
                    former_id=former.pk,
                    former_name=former.name,
                    successor_id=successor.pk,
                    successor_name=successor.name,
                ),
            )
    return len(handed)


def mark_secret(*, actor: Actor, database: Database, reason: str) -> Database:
    """Place a database within the scope of state secrets: from now on only its keepers know of it."""
    return _set_secret(actor, database, reason, secret=True)


@carries("SEC-01")
def unmark_secret(*, actor: Actor, database: Database, reason: str) -> Database:
    """Take a database out of the scope of state secrets: it returns to the ordinary work."""
    return _set_secret(actor, database, reason, secret=False)


def _set_secret(actor: Actor, database: Database, reason: str, *, secret: bool) -> Database:
    if not may_keep_secrets_of(actor, database):
        raise NotAllowed(act="đánh dấu bí mật nhà nước", act_en="mark what is a state secret")
    if not reason.strip():
        raise ReasonMissing()
    with transaction.atomic():
        locked = Database.objects.select_for_update().get(pk=database.pk)
        if locked.is_secret == secret:
            raise SecretMarkUnchanged()
        locked.is_secret = secret
        locked.save()
        index_database(locked)
        if secret:
            # What is due names the database, in lists of people who may no longer know of it.
            work.forgotten(locked)
            work.dossiers_forgotten(locked)
        else:
            work.dossiers_taken_up(locked)
        index_dossiers_of(locked)
        index_national_list()
        fact = DatabaseMarkedSecret if secret else DatabaseUnmarkedSecret
        publish(actor=actor, fact=fact(database_id=locked.pk), reason=reason.strip())
    database.refresh_from_db()
    return database


@carries("REG-04")
def put_into_operation(*, actor: Actor, database: Database) -> Database:
    """Put a database into operation; the floor that keeps the gate calls this when all of it is met."""
    require_owner(actor, database, "đưa cơ sở dữ liệu vào khai thác", "put this database into operation")
    take_step(actor=actor, record=database, step="go_live", fact=DatabaseWentLive(database_id=database.pk))
    return database


@carries("REG-04")
def mark_non_compliant(*, actor: Actor, database: Database, because: str) -> Database:
    """Mark a database in operation as no longer compliant; nothing happens when it is marked already."""
    require_owner(actor, database, "đánh dấu không còn tuân thủ", "mark this database as no longer compliant")
    if database.non_compliant_since is not None:
        return database
    take_step(
        actor=actor,
        record=database,
        step="lose_compliance",
        because=because,
        fact=DatabaseLostCompliance(database_id=database.pk, because=because[:300]),
    )
    return database


def _require_sound(database: Database) -> None:
    rules.require_class(database.tier)
    rules.require_entry_fields({field: getattr(database, field) for field in rules.ENTRY_FIELDS})
    rules.require_legal_basis(database.legal_basis)
    database.local_base = rules.require_local_base(database.tier, database.local_base)
    _require_known_personal_data(database.personal_data)
    _require_unit_of(database.owner, database.managing_unit)
    governing.require_governed(database, timezone.localdate())


def _require_unit_of(owner: Agency, unit: Agency) -> None:
    if not unit.path.startswith(owner.path):
        raise UnitOutsideOwner(unit=unit.name, owner=owner.name)


def _require_known_personal_data(given: str) -> None:
    if given not in PersonalDataClass.values:
        raise InputRefused(
            name="Dữ liệu cá nhân", name_en="Personal data", why="không có nhóm này", why_en="no such class"
        )


def _trimmed(field: str, text: str) -> str:
    limit = Database._meta.get_field(field).max_length  # type: ignore[union-attr]
    kept = nfc(text).strip()
    if limit and len(kept) > limit:
        vi, en = rules.AMENDABLE[field]
        raise InputRefused(
            name=vi, name_en=en, why=f"dài quá {limit} ký tự", why_en=f"over {limit} characters"
        )
    return kept
