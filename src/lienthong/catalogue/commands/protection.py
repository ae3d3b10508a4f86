"""Papers on the protection of data: the yearly risk assessment, signed and kept; the procedure of storage."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import InputRefused
from lienthong.foundation.events.commands import publish
from lienthong.foundation.files.commands import Upload, store_file
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries

from ..access import require_owner
from ..errors import EntryFieldMissing
from ..events import RiskAssessed
from ..governing_errors import CatalogueDayRefused, ProcedureFileRefused, RiskPaperUsed
from ..models import Database, RiskAssessment

STORAGE_PROCEDURE = "catalogue.storage_procedure"
PROCEDURE_ENDINGS = (".pdf", ".docx", ".doc", ".odt")
_SAID = {
    "result": ("kết quả đánh giá rủi ro", "The result of the assessment"),
    "signed_by": ("người ký", "Who signed it"),
    "paper": ("số văn bản", "The number of the paper"),
}


@carries("D165-07")
def record_risk_assessment(
    *, actor: Actor, database: Database, assessed_on: date, result: str, signed_by: str, paper: str
) -> RiskAssessment:
    """Record the signed assessment of the risks to a database; it is kept as it was signed.

    Publishes `RiskAssessed`; raises `EntryFieldMissing`, `CatalogueDayRefused`, `RiskPaperUsed`.
    """
    require_owner(actor, database, "ghi nhận đánh giá rủi ro", "record a risk assessment of this database")
    said = {"result": nfc(result).strip(), "signed_by": nfc(signed_by).strip(), "paper": nfc(paper).strip()}
    for name, text in said.items():
        vi, en = _SAID[name]
        if not text:
            raise EntryFieldMissing(at=name, name=vi, name_en=en)
        limit = RiskAssessment._meta.get_field(name).max_length  # type: ignore[union-attr]
        if limit and len(text) > limit:
            raise InputRefused(
                name=vi, name_en=en, why=f"dài quá {limit} ký tự", why_en=f"over {limit} characters"
            )
    if assessed_on > timezone.localdate():
        raise CatalogueDayRefused(at="assessed_on", given=f"{assessed_on:%d/%m/%Y}")
    with transaction.atomic():
        Database.objects.select_for_update().get(pk=database.pk)
        if database.risk_assessments.filter(paper=said["paper"]).exists():
            raise RiskPaperUsed(paper=said["paper"])
        made = RiskAssessment.objects.create(
            database=database,
            assessed_on=assessed_on,
            recorded_by_id=int(actor.user_id) if actor.user_id else None,
            **said,
        )
        publish(
            actor=actor,
            fact=RiskAssessed(
                database_id=database.pk, risk_id=made.pk, assessed_on=assessed_on, paper=made.paper
            ),
        )
    return made


@carries("D165-01")
def keep_storage_procedure(*, actor: Actor, database: Database, upload: Upload) -> StoredFile:
    """Keep the paper of the technical storage procedure of a database; `amend_database` then names it.

    Raises `ProcedureFileRefused`, `FileTooLarge`.
    """
    require_owner(actor, database, "lưu quy trình lưu trữ", "keep the storage procedure of this database")
    name = upload.name or ""
    if not name.lower().endswith(PROCEDURE_ENDINGS):
        raise ProcedureFileRefused(name=name[:120])
    return store_file(
        actor=actor,
        name=name,
        chunks=upload.chunks(),
        media_type=upload.content_type or "application/octet-stream",
        subject=database,
        label=STORAGE_PROCEDURE,
    )
