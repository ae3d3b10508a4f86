"""Assessments: drafted from a fresh look, concluded by a person."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from lienthong.catalogue.access import require_owner
from lienthong.catalogue.models import Database, DataField, SharingClass
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import take_step

from .. import rules, yearly
from ..errors import SurveyMissing
from ..events import AssessmentConcluded, AssessmentRecorded
from ..models import VERDICTS, Assessment, Survey
from ..queries import draft_assessment, forms_of, personal_in
from . import work
from .surveys import survey_by_job

PROFILE = "inventory.profile"


@carries("INV-02")
def start_assessment(*, actor: Actor, database: Database) -> Survey:
    """Count anew what is in a database, as the ground of this year's assessment; done by a job."""
    return survey_by_job(
        actor=actor,
        database=database,
        name=PROFILE,
        title_vi="Đánh giá dữ liệu",
        title_en="Assess the data",
    )


@carries("INV-02")
def record_assessment(*, actor: Actor, survey: Survey) -> Assessment:
    """Draft the assessment of this year from a completed look; a draft that was not concluded is brought up to date.

    Recording the same look twice changes nothing. Publishes `AssessmentRecorded`; raises `SurveyMissing`.
    """
    database = survey.database
    require_owner(actor, database, "lập đánh giá", "draft the assessment")
    if survey.finished_at is None:
        raise SurveyMissing()
    with transaction.atomic():
        Database.objects.select_for_update().get(pk=database.pk)
        existing = Assessment.objects.filter(survey=survey).first()
        if existing is not None:
            return existing
        forms = forms_of(survey)
        draft = draft_assessment(database) or Assessment(database=database)
        draft.survey = survey
        draft.year = timezone.localdate().year
        draft.profile = rules.profile_of(forms, personal_in(database, forms))
        draft.completeness = rules.completeness_of(forms)
        draft.findings = rules.defects_of(forms)
        draft.scores = survey.scores
        draft.made_at = timezone.now()
        draft.save()
        publish(
            actor=actor,
            fact=AssessmentRecorded(
                database_id=database.pk,
                assessment_id=draft.pk,
                year=draft.year,
                completeness=draft.score,
                findings=len(draft.findings),
            ),
        )
    return draft


@carries("INV-02", "INV-03", "INV-04", "INV-06", "UPG-01")
def conclude_assessment(
    *,
    actor: Actor,
    assessment: Assessment,
    quality: str,
    conclusion: str,
    shareable: bool | None,
    reason: str = "",
    proposed_actions: str = "",
    standards: str = "",
    upkeep: str = "",
) -> Assessment:
    """Conclude the assessment of a database: how good, fit to be shared or not, what is proposed.

    What each data item is fit for is written down with it. Publishes `AssessmentConcluded`; raises
    `ConclusionMissing`, `ProposedActionMissing`, and `StepNotAllowed` when it was concluded before.
    """
    database = assessment.database
    require_owner(actor, database, "kết luận đánh giá", "conclude the assessment")
    rules.require_conclusion(
        quality=quality,
        conclusion=conclusion,
        shareable=shareable,
        reason=reason,
        proposed_actions=proposed_actions,
    )
    vi, en = VERDICTS[bool(shareable)]
    written = {
        "quality": quality,
        "conclusion": conclusion,
        "reason": reason,
        "proposed_actions": proposed_actions,
        "standards": standards,
        "upkeep": upkeep,
    }
    with transaction.atomic():
        take_step(
            actor=actor,
            record=assessment,
            step="conclude",
            fact=AssessmentConcluded(
                database_id=database.pk,
                assessment_id=assessment.pk,
                year=assessment.year,
                shareable=bool(shareable),
                verdict_vi=vi,
                verdict_en=en,
            ),
            written={
                "shareable": bool(shareable),
                "items": _items(assessment, fit=bool(shareable)),
                "concluded_by_id": int(actor.user_id) if actor.user_id else None,
                **{name: nfc(text).strip() for name, text in written.items()},
            },
        )
        work.assessment_done(actor, database)
    assessment.refresh_from_db()
    return assessment


def _items(assessment: Assessment, *, fit: bool) -> list[dict[str, Any]]:
    """Each data item with whether others can be given it and can use it, and if not, why (INV-03)."""
    graves = {
        yearly.place_of(finding) for finding in assessment.findings if finding.get("severity") == "error"
    }
    fields = DataField.objects.filter(table__database=assessment.database, gone_since__isnull=True)
    items = []
    for field in fields.select_related("table").order_by("table__name", "ordinal"):
        because = yearly.unfit_because(
            fit=fit,
            private_use=field.sharing_class == SharingClass.PRIVATE_USE,
            grave=(field.table.name, field.name) in graves,
        )
        items.append(
            {
                "table": field.table.name,
                "column": field.name,
                "sharing_class": field.sharing_class,
                "shareable": not because,
                "because": because,
            }
        )
    return items
