"""Reads of national dossiers and of the list of national databases: what is asked on a day, and how far each is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from lienthong.agencies.models import Agency, Post
from lienthong.agencies.queries import people_in_role, unit_holding
from lienthong.agencies.roles import Role
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.queries import files_of
from lienthong.foundation.text import words
from lienthong.foundation.tracing import carries
from lienthong.law.answers import ChecklistItem, Cited, ParameterValue, StaleCitation
from lienthong.law.models import AuthorityRole
from lienthong.law.queries import (
    authority_role,
    checklist,
    cited,
    find_parameter,
    parameter,
    rule_set_on,
    stale_citations,
)

from . import rules
from .differences import Difference, differences
from .models import (
    Database,
    DossierBasis,
    DossierCriterion,
    DossierKind,
    DossierState,
    ListDraftState,
    NationalDossier,
    NationalList,
    NationalListDraft,
)
from .queries import responsible_for

PARTS, CRITERIA, AFTERWARDS = "national_parts", "national_criteria", "national_after_listing"
PARTS_KEY, APPROVER_KEY = "ndb.dossier.parts", "ndb.list.approver"
DISPATCH, DECREE = "ndb.dossier.deadline.dispatch", "ndb.dossier.deadline.decree"
CONNECTED_BY = "mandatory.connect.all"
APPROVAL, CONSOLIDATION = "national_list_approval", "national_list_consolidation"
# What the database already says of a part, as a first text.
FIRST_TEXTS = {
    "name": "name",
    "purpose": "purpose",
    "scope": "scope",
    "scope_and_master_data": "scope",
    "sources": "collection",
}


@carries("NDB-02", "LTE-02")
def criteria_on(day: date) -> list[ChecklistItem]:
    """The criteria of a national database that hold on a day."""
    return checklist(CRITERIA, on=day)


@carries("NDB-03", "LTE-03")
def parts_on(day: date) -> list[ChecklistItem]:
    """The parts that a dossier has on a day: which, the parameter says; what each is called, the checklist."""
    asked = str(parameter(PARTS_KEY, on=day).value or "").split(",")
    known = {item.looks_at: item for item in checklist(PARTS, on=day)}
    return [known[key] for key in (name.strip() for name in asked) if key in known]


def parts_parameter(day: date) -> ParameterValue:
    """Where it is written which parts a dossier has on a day."""
    return parameter(PARTS_KEY, on=day)


def asked_after_listing(day: date) -> list[ChecklistItem]:
    """What follows on a day once a database stands in the list; nothing under the first rule set."""
    return checklist(AFTERWARDS, on=day)


def is_governed(day: date) -> bool:
    """Whether the product holds rules of that day."""
    try:
        rule_set_on(day)
    except DomainError:
        return False
    return True


@dataclass(frozen=True)
class Approver:
    """Who approves the list on a day, and where it is written."""

    role: str
    vi: str
    en: str
    cites: str
    citation: Cited | None
    mark: str


@carries("NDB-06", "LTE-03")
def approver_on(day: date) -> Approver:
    """Who approves the list of national databases on a day; a parameter that an administrator changed wins."""
    row = authority_role(APPROVAL, on=day)
    chosen, words_of = row.role, row
    setting = find_parameter(APPROVER_KEY, on=day)
    if setting is not None and setting.edited and setting.value and setting.value != row.role:
        chosen = str(setting.value)
        words_of = AuthorityRole.objects.filter(role=chosen).first() or row
    return Approver(
        role=chosen,
        vi=words_of.role_vi if words_of.role == chosen else chosen,
        en=words_of.role_en if words_of.role == chosen else chosen,
        cites=row.provision.ref if row.provision else "",
        citation=cited(row.provision) if row.provision else None,
        mark=row.mark,
    )


def consolidator_on(day: date) -> AuthorityRole:
    """Who consolidates the list on a day, as the law names the role."""
    return authority_role(CONSOLIDATION, on=day)


def coordinating_unit() -> Agency | None:
    """The unit whose people receive dossiers; none where nobody holds that role today."""
    today = timezone.localdate()
    post = (
        Post.objects.filter(role=Role.COORDINATING_MINISTRY, valid_from__lte=today)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
        .select_related("agency")
        .order_by("pk")
        .first()
    )
    return post.agency if post else None


def preparing_unit(database: Database) -> tuple[Agency, str]:
    """Who is to work on a dossier: the owner's focal officer or IT unit, else who answers for the database."""
    for role in (Role.FOCAL_OFFICER, Role.IT_UNIT):
        if people_in_role(database.owner, role):
            return database.owner, role
    return responsible_for(database)


def signing_unit(database: Database) -> Agency:
    """Whose head signs: the owner's, or the nearest above that has one."""
    return unit_holding(database.owner, Role.HEAD)


@dataclass(frozen=True)
class CriterionLine:
    """One criterion with what the dossier says to it."""

    item: ChecklistItem
    is_met: bool
    evidence: str
    files: list[StoredFile]

    @property
    def is_shown(self) -> bool:
        return bool(self.evidence.strip() or self.files)

    @property
    def state(self) -> str:
        if self.is_met and self.is_shown:
            return "met"
        return "failed" if self.evidence else "unknown"

    @property
    def label(self) -> rules.Label:
        return (self.item.vi, self.item.en)


@dataclass(frozen=True)
class PartLine:
    """One part with its text."""

    item: ChecklistItem
    text: str

    @property
    def label(self) -> rules.Label:
        return (self.item.vi, self.item.en)


@dataclass(frozen=True)
class BasisLine:
    """One legal text with its status on the day of the dossier."""

    basis: DossierBasis
    stale: list[StaleCitation]


def criteria_of(dossier: NationalDossier) -> list[CriterionLine]:
    """The criteria of a dossier's day, each with its evidence."""
    given = {one.key: one for one in dossier.criteria.all()}
    lines = []
    for item in criteria_on(dossier.proposed_on):
        one = given.get(item.looks_at)
        lines.append(
            CriterionLine(
                item=item,
                is_met=bool(one and one.is_met),
                evidence=one.evidence if one else "",
                files=list(files_of(one)) if one else [],
            )
        )
    return lines


def parts_of(dossier: NationalDossier) -> list[PartLine]:
    """The parts of a dossier's day, each with its text."""
    texts = dict(dossier.parts.values_list("key", "text"))
    return [PartLine(item, texts.get(item.looks_at, "")) for item in parts_on(dossier.proposed_on)]


@carries("NDB-01")
def bases_of(dossier: NationalDossier) -> list[BasisLine]:
    """The legal texts of a dossier, each with what does not hold of it on the day of the proposal."""
    return [BasisLine(one, stale_citations(one.text, on=dossier.proposed_on)) for one in dossier.bases.all()]


def criterion_row(dossier: NationalDossier, key: str) -> DossierCriterion | None:
    """What a dossier says to one criterion, if anything."""
    return dossier.criteria.filter(key=key).first()


# --- the list


def national_lists() -> QuerySet[NationalList]:
    """The versions of the list of national databases, the newest first."""
    return NationalList.objects.order_by("-version")


def national_list(version: int) -> NationalList:
    """One version. Raises `NotFound`."""
    found = NationalList.objects.filter(version=version).first()
    if found is None:
        raise NotFound(what=f"danh mục phiên bản {version}", what_en=f"Version {version} of the list")
    return found


def list_in_force(day: date | None = None) -> NationalList | None:
    """The version that binds on a day; today where none is given."""
    return NationalList.objects.filter(effective_on__lte=day or timezone.localdate()).first()


def stands_in_list(database: Database) -> bool:
    """Whether the newest version of the list holds a database."""
    newest = NationalList.objects.first()
    return newest is not None and newest.databases.filter(pk=database.pk).exists()


@carries("SEC-01")
def national_entries_shown(one: NationalList) -> list[dict[str, Any]]:
    """The entries that may be shown: what became a secret leaves no trace in any version."""
    secret = set(one.databases.filter(is_secret=True).values_list("code", flat=True))
    return [entry for entry in one.entries if entry["code"] not in secret]


@carries("NDB-07")
def compare_lists(older: NationalList, newer: NationalList) -> list[Difference]:
    """What separates two versions of the national list, of what may be shown; a part that is new was empty before."""
    before, after = ([_flat(entry) for entry in national_entries_shown(one)] for one in (older, newer))
    empty = dict.fromkeys((name for entry in after for name in entry), "")
    return differences([empty | entry for entry in before], after)


def _flat(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry part by part, so that a change of one part is named."""
    return {
        "code": entry["code"],
        "name": entry["name"],
        "owner": entry["owner"],
        **{f"part:{part['key']}": part["text"] for part in entry.get("parts", [])},
    }


def list_changes(older: NationalList, newer: NationalList, locale: str) -> list[dict[str, Any]]:
    """The changes with the names of what changed, for reading."""
    place = "vi" if locale.startswith("vi") else "en"
    labels = {"name": ("tên", "name"), "owner": ("chủ quản", "owner")}
    titles = {
        f"part:{part['key']}": part[place]
        for one in (older, newer)
        for entry in one.entries
        for part in entry.get("parts", [])
    }
    spoken = {name: pair[0 if place == "vi" else 1] for name, pair in labels.items()} | titles
    return [
        {
            "code": change.code,
            "name": change.name,
            "kind": change.kind,
            "fields": [
                (spoken.get(one.field, one.field), "\n".join(one.before), "\n".join(one.after))
                for one in change.fields
            ],
        }
        for change in compare_lists(older, newer)
    ]


def list_entry(dossier: NationalDossier, since: int) -> dict[str, Any]:
    """The entry of the list that a dossier asks for, with the contents of its day."""
    database = dossier.database
    parts = [
        {"key": line.item.looks_at, "vi": line.item.vi, "en": line.item.en, "text": line.text}
        for line in parts_of(dossier)
    ]
    named = next((part["text"] for part in parts if part["key"] == "name"), "") or database.name
    return {
        "code": database.code,
        "name": " ".join(named.split())[:250],
        "owner": database.owner.name,
        "parts": parts,
        "official_value": any(
            line.item.looks_at == "legal_value" and line.is_met for line in criteria_of(dossier)
        ),
        "rule_set": dossier.rule_set,
        "since": since,
    }


def same_name(name: str) -> Database | None:
    """The database of exactly this name that is no secret, for lists recorded from paper."""
    folded = " ".join(words(name))
    found = Database.objects.filter(is_secret=False, folded__startswith=f" {folded} "[:200])[:20]
    return next((one for one in found if " ".join(words(one.name)) == folded), None)


# --- what stands where


def dossiers_received() -> QuerySet[NationalDossier]:
    """Dossiers that wait at the coordinating ministry, the oldest first; with those that a draft went on without."""
    over = (ListDraftState.APPROVED, ListDraftState.NOT_APPROVED)
    left_behind = Q(state=DossierState.CONSOLIDATED) & ~Q(draft__state=ListDraftState.DRAFTING)
    left_behind |= Q(state=DossierState.WITH_APPROVER, draft__state__in=over)
    return (
        NationalDossier.objects.filter(Q(state=DossierState.SUBMITTED) | left_behind)
        .filter(database__is_secret=False)
        .select_related("database__owner", "database__managing_unit", "draft")
        .order_by("sent_at", "pk")
    )


def dossiers_in(draft: NationalListDraft) -> QuerySet[NationalDossier]:
    """The dossiers of a draft list that may be shown."""
    return (
        draft.dossiers.filter(database__is_secret=False)
        .select_related("database__owner", "database__managing_unit")
        .order_by("pk")
    )


def open_dossier(database: Database) -> NationalDossier | None:
    """The dossier of a database that is under way."""
    return next((one for one in database.national_dossiers.all() if not one.is_settled), None)


def kinds_possible(database: Database) -> list[str]:
    """Which proposals may be begun about a database."""
    if stands_in_list(database):
        return [DossierKind.EDIT, DossierKind.WITHDRAW]
    return [DossierKind.ADD]
