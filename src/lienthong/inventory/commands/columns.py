"""Columns: judged by a person after the machine's proposal; sealed values opened with an audit entry."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from lienthong.catalogue.access import may_keep_secrets_of, require_owner
from lienthong.catalogue.addresses import file_address
from lienthong.catalogue.commands import classify_field, mark_secret
from lienthong.catalogue.models import DataField
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.commands import publish
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries

from ..access import require_reveal
from ..errors import MeaningUnknown, RevealReasonMissing, SurveyMissing
from ..events import ColumnJudged, ColumnSecrecyDecided, SecretSuspected, ValuesRevealed
from ..models import ColumnJudgement, SealedValues, Secrecy
from ..queries import last_survey, secrecy_waits
from ..vault import unsealed
from ..wording import MEANINGS
from . import work


@carries("SEC-01", "SEC-02", "INV-02")
def judge_column(
    *,
    actor: Actor,
    field: DataField,
    personal_data: str,
    meaning: str = "",
    is_secret: bool = False,
    note: str = "",
) -> ColumnJudgement:
    """Decide what a column means, which class of personal data it holds and whether it is a state secret.

    A keeper of secrets who says that it is one places the whole database within the scope of state secrets; anybody
    else passes it on to the keeper, and no version is made until the keeper has decided. Publishes `ColumnJudged`,
    `SecretSuspected`; raises `MeaningUnknown`.
    """
    database = field.table.database
    require_owner(actor, database, "kết luận về cột dữ liệu", "decide on this column")
    if meaning and meaning not in MEANINGS:
        raise MeaningUnknown(given=meaning[:40])
    keeps = may_keep_secrets_of(actor, database)
    proposed = _proposed(field)
    with transaction.atomic():
        classify_field(actor=actor, field=field, personal_data=personal_data)
        before = ColumnJudgement.objects.select_for_update().filter(field=field).first()
        secrecy = _secrecy(is_secret, keeps, before)
        judgement, _ = ColumnJudgement.objects.update_or_create(
            field=field,
            defaults={
                "meaning": meaning,
                "secrecy": secrecy,
                "proposed": proposed,
                "note": nfc(note).strip()[:300],
                "judged_at": timezone.now(),
                "judged_by_id": int(actor.user_id) if actor.user_id else None,
            },
        )
        publish(
            actor=actor,
            fact=ColumnJudged(
                database_id=database.pk,
                field_id=field.pk,
                personal_data=personal_data,
                as_proposed=meaning == (proposed["meaning"] or "")
                and personal_data == proposed["personal_data"]
                and is_secret == proposed["state_secret"],
            ),
        )
        if secrecy == Secrecy.REFERRED and (before is None or before.secrecy != Secrecy.REFERRED):
            publish(actor=actor, fact=SecretSuspected(database_id=database.pk, field_id=field.pk))
            work.secrecy_due(database, f"{file_address(database.code)}cot/{field.pk}/du-lieu/")
        if keeps:
            decide_secrecy(actor=actor, field=field, is_secret=is_secret)
            judgement.refresh_from_db()
    return judgement


def _proposed(field: DataField) -> dict[str, Any]:
    seen = field.seen.get("semantic_type") or {}
    return {
        "meaning": seen.get("name"),
        "pass_rate": seen.get("pass_rate", 0),
        "personal_data": field.seen.get("sensitivity") or field.personal_data,
        "state_secret": bool(field.seen.get("state_secret")),
    }


def _secrecy(is_secret: bool, keeps: bool, before: ColumnJudgement | None) -> str:
    if is_secret:
        return Secrecy.SECRET if keeps else Secrecy.REFERRED
    if before is not None and before.secrecy == Secrecy.REFERRED and not keeps:
        # What was passed on to the keeper is taken back by the keeper alone.
        return Secrecy.REFERRED
    return Secrecy.NOT_SECRET


@carries("SEC-01")
def decide_secrecy(*, actor: Actor, field: DataField, is_secret: bool) -> ColumnJudgement:
    """Decide, as keeper of secrets, whether a column that was passed on holds a state secret.

    A secret places the whole database within the scope of state secrets. Publishes `ColumnSecrecyDecided`.
    """
    database = field.table.database
    if not may_keep_secrets_of(actor, database):
        raise NotAllowed(act="kết luận dấu hiệu bí mật nhà nước", act_en="decide what is a state secret")
    with transaction.atomic():
        judgement, _ = ColumnJudgement.objects.update_or_create(
            field=field,
            defaults={"secrecy": Secrecy.SECRET if is_secret else Secrecy.NOT_SECRET},
            create_defaults={
                "secrecy": Secrecy.SECRET if is_secret else Secrecy.NOT_SECRET,
                "proposed": _proposed(field),
                "judged_by_id": int(actor.user_id) if actor.user_id else None,
            },
        )
        publish(actor=actor, fact=ColumnSecrecyDecided(database_id=database.pk, field_id=field.pk))
        if not secrecy_waits(database):
            work.secrecy_done(actor, database)
        if is_secret and not database.is_secret:
            mark_secret(
                actor=actor,
                database=database,
                reason=f"Cột {field.table.name}.{field.name} thuộc phạm vi bí mật nhà nước",
            )
    return judgement


@carries("SEC-02")
def reveal_values(*, actor: Actor, field: DataField, reason: str) -> dict[str, Any]:
    """Open the sealed values that the newest look saw in a personal column; who did and why is kept.

    Publishes `ValuesRevealed`; raises `RevealReasonMissing`, `SurveyMissing`.
    """
    database = field.table.database
    require_reveal(actor, database)
    said = nfc(reason).strip()
    if len(said) < 5:
        raise RevealReasonMissing()
    survey = last_survey(database)
    if survey is None:
        raise SurveyMissing()
    sealed = SealedValues.objects.filter(
        surveyed__survey=survey, surveyed__name=field.table.name, column=field.name
    ).first()
    with transaction.atomic():
        publish(
            actor=actor,
            fact=ValuesRevealed(database_id=database.pk, field_id=field.pk, survey_id=survey.pk),
            reason=said[:300],
        )
    return unsealed(bytes(sealed.ciphertext)) if sealed else {}
