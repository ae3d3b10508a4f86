"""The records of the catalogue, one module per noun."""

from __future__ import annotations

from .databases import (
    CodeList,
    Database,
    DatabaseState,
    DataField,
    Dataset,
    DatasetVersion,
    DataTable,
    EntryState,
    IssuedCatalogue,
    LocalBase,
    PersonalDataClass,
    SharingClass,
    Tier,
)
from .dossiers import (
    SETTLED,
    WRITABLE,
    DossierBasis,
    DossierCriterion,
    DossierKind,
    DossierPart,
    DossierState,
    ListDraftState,
    NationalDossier,
    NationalList,
    NationalListDraft,
)

__all__ = [
    "SETTLED",
    "WRITABLE",
    "CodeList",
    "DataField",
    "DataTable",
    "Database",
    "DatabaseState",
    "Dataset",
    "DatasetVersion",
    "DossierBasis",
    "DossierCriterion",
    "DossierKind",
    "DossierPart",
    "DossierState",
    "EntryState",
    "IssuedCatalogue",
    "ListDraftState",
    "LocalBase",
    "NationalDossier",
    "NationalList",
    "NationalListDraft",
    "PersonalDataClass",
    "SharingClass",
    "Tier",
]
