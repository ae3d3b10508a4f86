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

__all__ = [
    "CodeList",
    "DataField",
    "DataTable",
    "Database",
    "DatabaseState",
    "Dataset",
    "DatasetVersion",
    "EntryState",
    "IssuedCatalogue",
    "LocalBase",
    "PersonalDataClass",
    "SharingClass",
    "Tier",
]
