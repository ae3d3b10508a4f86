"""A regulation before it is issued: drafted, amended, checked against the others, reviewed by lawyers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from lienthong.agencies.commands import finish_work, open_work
from lienthong.agencies.models import Agency
from lienthong.agencies.queries import people_in_role
from lienthong.agencies.roles import Role
from lienthong.catalogue.access import OWNING, databases_visible_to
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import InputRefused
from lienthong.foundation.events.commands import publish
from lienthong.foundation.files.commands import Upload, store_file
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.text import nfc, slug
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import refused, take_step

from .. import rules
from ..access import may_draft_for, may_edit, require
from ..addresses import desk_address
from ..errors import (
    DatabaseOutsideAgency,
    DatesReversed,
    OpinionMissing,
    ScopeIncomplete,
    TitleMissing,
    TopicMissing,
    VersionAlreadyDrafted,
)
from ..events import ConsistencyChecked, DraftAmended, LegalReviewRecorded, RegulationDrafted
from ..models import Authentication, Regulation, RegulationState, Scope
from ..queries import as_covering, rivals_of, version_under_way

# What a draft may be changed in.
TEXTS = (
    "title",
    "topic",
    "use_term",
    "account_issuing",
    "conditions",
    "breach_handling",
    "body",
)
AMENDABLE = (
    *TEXTS,
    "scope",
    "authentication",
    "log_retention_months",
    "effective_from",
    "effective_to",
    "document",
)
# What a new version takes over from the one before.
CARRIED_OVER = (*TEXTS, "scope", "authentication", "log_retention_months")

# Each mandatory clause in both languages, as a refusal names it.
CLAUSE_NAMES = {
    "use_term": ("thời hạn sử dụng dữ liệu", "term of data use"),
    "log_retention_months": ("thời gian lưu nhật ký chia sẻ", "how long the sharing log is kept"),
    "authentication": ("xác thực cơ quan khai thác", "authentication of consumers"),
    "account_issuing": ("cấp tài khoản kết nối", "issuing of connection accounts"),
    "conditions": ("điều kiện khai thác, sử dụng", "conditions of use"),
}


def keep_document(*, actor: Actor, upload: Upload) -> StoredFile:
    """Keep the file of a regulation that is being drafted. Raises FileTooLarge."""
    require(actor.is_system or actor.has(*OWNING), "soạn quy chế", "draft a regulation")
    return store_file(
        actor=actor,
        name=upload.name or "",
        chunks=upload.chunks(),
        media_type=upload.content_type or "application/octet-stream",
        label="regulation",
    )


@carries("REG-01")
def draft_regulation(
    *,
    actor: Actor,
    title: str,
    issuer: Agency,
    scope: str,
    databases: Iterable[Database] = (),
    drafting_unit: Agency | None = None,
    **texts: Any,
) -> Regulation:
    """Draft a regulation of use: for all databases of the issuing agency, for a group of topics, or for named
    databases.

    `texts`: any of `AMENDABLE`; clauses may stay open until it is issued. Publishes `RegulationDrafted`;
    raises `TitleMissing`, `TopicMissing`, `ScopeIncomplete`, `DatabaseOutsideAgency`, `DatesReversed`.
    """
    require(may_draft_for(actor, issuer), "soạn quy chế của cơ quan này", "draft a regulation of this agency")
    unit = drafting_unit or Agency.objects.filter(pk=actor.unit_id or 0).first() or issuer
    chosen = list(databases)
    values = _values({"title": title, "scope": scope, **texts})
    with transaction.atomic():
        regulation = Regulation(issuer=issuer, drafting_unit=unit, slug=_free_slug(values["title"]), **values)
        _require_sound(actor, regulation, chosen)
        regulation.save()
        regulation.databases.set(chosen)
        _ask_for_completion(regulation)
        publish(
            actor=actor,
            fact=RegulationDrafted(
                regulation_id=regulation.pk, title=regulation.title, version=regulation.version
            ),
        )
    return regulation


@carries("REG-01", "REG-03")
def draft_new_version(*, actor: Actor, regulation: Regulation) -> Regulation:
    """Open the next version of a published regulation, with its text to start from; the published one stays
    in force.

    Publishes `RegulationDrafted`; raises `VersionAlreadyDrafted`.
    """
    require(may_edit(actor, regulation), "soạn phiên bản mới", "draft a new version")
    with transaction.atomic():
        locked = Regulation.objects.select_for_update().get(pk=regulation.pk)
        if (under_way := version_under_way(locked)) is not None:
            raise VersionAlreadyDrafted(version=under_way.version)
        if locked.state not in {RegulationState.PUBLISHED, RegulationState.EXPIRED}:
            raise refused(locked, "give_way")
        draft = Regulation.objects.create(
            slug=locked.slug,
            version=locked.version + 1,
            replaces=locked,
            issuer=locked.issuer,
            drafting_unit=locked.drafting_unit,
            **{name: getattr(locked, name) for name in CARRIED_OVER},
        )
        draft.databases.set(locked.databases.all())
        _ask_for_completion(draft)
        publish(
            actor=actor,
            fact=RegulationDrafted(regulation_id=draft.pk, title=draft.title, version=draft.version),
        )
    return draft


@carries("REG-01")
def amend_draft(
    *,
    actor: Actor,
    regulation: Regulation,
    databases: Iterable[Database] | None = None,
    **changes: Any,
) -> Regulation:
    """Change a draft; what was checked or reviewed before must be done again. Nothing changed, nothing
    happens.

    Publishes `DraftAmended`; raises the refusals of `draft_regulation`.
    """
    require(may_edit(actor, regulation), "sửa dự thảo quy chế", "change this draft")
    values = _values(changes)
    with transaction.atomic():
        locked = Regulation.objects.select_for_update().get(pk=regulation.pk)
        if not locked.is_drafting:
            raise refused(locked, "return_to_draft")
        before = set(locked.databases.values_list("pk", flat=True))
        chosen = list(locked.databases.all() if databases is None else databases)
        changed = [name for name, value in values.items() if getattr(locked, name) != value]
        if {database.pk for database in chosen} != before:
            changed.append("databases")
        for name, value in values.items():
            setattr(locked, name, value)
        _require_sound(actor, locked, chosen)
        if changed:
            if locked.state != RegulationState.DRAFT:
                locked.return_to_draft()
            locked.findings = []
            locked.save()
            locked.databases.set(chosen)
            _ask_for_completion(locked)
            publish(actor=actor, fact=DraftAmended(regulation_id=locked.pk, changed=tuple(sorted(changed))))
    regulation.refresh_from_db()
    return regulation


@carries("REG-02")
def check_consistency(*, actor: Actor, regulation: Regulation) -> tuple[rules.Conflict, ...]:
    """Compare a draft with every regulation of the same agency in force or issued; returns the conflicts
    found.

    Without a conflict the draft goes on; with one it stays a draft, and what was found is kept. Publishes
    `ConsistencyChecked`.
    """
    require(may_edit(actor, regulation), "kiểm tra tính thống nhất", "check the consistency")
    with transaction.atomic():
        rivals = list(rivals_of(regulation))
        found = rules.conflicts_with(as_covering(regulation), [as_covering(rival) for rival in rivals])
        fact = ConsistencyChecked(regulation_id=regulation.pk, compared=len(rivals), conflicts=len(found))
        if not found:
            take_step(actor=actor, record=regulation, step="pass_consistency", fact=fact)
            return ()
        locked = Regulation.objects.select_for_update().get(pk=regulation.pk)
        if locked.state != RegulationState.DRAFT:
            raise refused(locked, "pass_consistency")
        locked.findings = [
            {"regulation": one.other, "databases": sorted(one.databases), "clauses": list(one.clauses)}
            for one in found
        ]
        locked.save()
        publish(actor=actor, fact=fact)
    regulation.refresh_from_db()
    return found


@carries("REG-01")
def record_legal_review(
    *, actor: Actor, regulation: Regulation, reviewer: str, opinion: str = "", document: str = ""
) -> Regulation:
    """Record who reviewed the draft for its lawfulness and what was said. Publishes `LegalReviewRecorded`."""
    require(may_edit(actor, regulation), "ghi nhận ý kiến pháp chế", "record the legal opinion")
    named = nfc(reviewer).strip()
    if not named:
        raise OpinionMissing()
    with transaction.atomic():
        take_step(
            actor=actor,
            record=regulation,
            step="pass_legal_review",
            fact=LegalReviewRecorded(regulation_id=regulation.pk, reviewer=named[:200]),
            reviewer=named[:200],
            opinion=nfc(opinion).strip(),
            document=nfc(document).strip()[:60],
        )
        finish_work(actor=actor, subject=regulation)
        open_work(
            subject=regulation,
            act="issue",
            title_vi="ban hành quy chế",
            title_en="issue the regulation",
            about=regulation.title,
            url=desk_address(regulation.slug, regulation.version),
            unit=regulation.issuer,
            role=_issuing_role(regulation),
        )
    return regulation


def _issuing_role(regulation: Regulation) -> str:
    """Who issues: the head where the issuing unit has one, else its database owner (C7)."""
    headed = people_in_role(regulation.issuer, Role.HEAD)
    return Role.HEAD if headed else Role.DATABASE_OWNER


def _ask_for_completion(regulation: Regulation) -> None:
    open_work(
        subject=regulation,
        act="draft",
        title_vi="hoàn thiện dự thảo quy chế",
        title_en="complete the draft regulation",
        about=regulation.title,
        url=desk_address(regulation.slug, regulation.version),
        unit=regulation.drafting_unit,
    )


def _values(given: dict[str, Any]) -> dict[str, Any]:
    unknown = set(given) - set(AMENDABLE)
    if unknown:
        raise InputRefused(
            name=sorted(unknown)[0], why="không sửa được nội dung này", why_en="it cannot be changed"
        )
    values = {name: nfc(value).strip() if name in TEXTS else value for name, value in given.items()}
    for name, choices in (("scope", Scope), ("authentication", Authentication)):
        if values.get(name) and values[name] not in choices.values:
            raise InputRefused(
                name=str(Regulation._meta.get_field(name).verbose_name),  # type: ignore[union-attr]
                why="không có lựa chọn này",
                why_en="no such choice",
            )
    document = values.get("document")
    if document is not None and not isinstance(document, StoredFile):
        raise InputRefused(name="Tệp văn bản", name_en="Document", why="không đọc được", why_en="unreadable")
    return values


def _require_sound(actor: Actor, regulation: Regulation, databases: list[Database]) -> None:
    if not regulation.title:
        raise TitleMissing()
    if regulation.scope == Scope.TOPIC and not regulation.topic:
        raise TopicMissing()
    if regulation.scope != Scope.GENERAL and not databases:
        raise ScopeIncomplete(scope=regulation.get_scope_display())
    start, end = regulation.effective_from, regulation.effective_to
    if start and end and end < start:
        raise DatesReversed(effective_from=f"{start:%d/%m/%Y}", effective_to=f"{end:%d/%m/%Y}")
    path = regulation.issuer.path
    known = set(
        databases_visible_to(actor).filter(pk__in=[d.pk for d in databases]).values_list("pk", flat=True)
    )
    for database in databases:
        inside = database.owner.path.startswith(path) or database.managing_unit.path.startswith(path)
        if not inside or database.pk not in known:
            # One refusal for what is elsewhere and for what may not be known of.
            raise DatabaseOutsideAgency(database=database.name, issuer=regulation.issuer.name)


def _free_slug(title: str) -> str:
    wanted = slug(title, 80) or "quy-che"
    taken = set(Regulation.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    if wanted not in taken:
        return wanted
    return next(f"{wanted}-{n}" for n in range(2, len(taken) + 3) if f"{wanted}-{n}" not in taken)
