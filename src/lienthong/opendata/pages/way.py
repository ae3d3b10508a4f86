"""The way of a dataset to everybody as four stops, and the act that comes next."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.catalogue.models import Dataset

from ..models import Classification, OpenDataset, OpenState

# How many stops are behind a dataset in each state.
PASSED = {
    OpenState.CLASSIFIED: 1,
    OpenState.RISK_CHECKED: 2,
    OpenState.LISTED: 3,
    OpenState.PUBLISHED: 4,
    OpenState.WITHDRAWN: 1,
}


@dataclass(frozen=True)
class Stop:
    """One stop on the way."""

    name: str
    state: str
    detail: str = ""
    href: str = ""


@dataclass(frozen=True)
class Act:
    """The act that comes next: a page to open, or a form of the record to send."""

    label: str
    href: str = ""
    form: str = ""


def way_of(found: OpenDataset | None) -> list[Stop]:
    """Classify, check the risk, list, publish; none where the dataset is not to be opened."""
    if found is not None and found.classification != Classification.OPEN:
        return []
    names = [_("Classify"), _("Check the risk"), _("Open-data catalogue"), _("Publish")]
    passed = PASSED[OpenState(found.state)] if found else 0
    details = ["", "", found.decision_number if found else "", ""]
    return [
        Stop(
            name,
            "done" if number < passed else "current" if number == passed else "todo",
            details[number] if number < passed else "",
        )
        for number, name in enumerate(names)
    ]


def next_act(found: OpenDataset | None, dataset: Dataset) -> Act | None:
    """What the owner does next with this dataset."""
    slug = dataset.slug
    if found is None:
        return Act(_("Classify the dataset"), reverse("opendata-classify", args=[slug]))
    if found.classification != Classification.OPEN or found.state == OpenState.WITHDRAWN:
        return None
    risk = found.risk_checks.first()
    if found.state == OpenState.CLASSIFIED or risk is None or risk.columns != found.columns:
        return Act(_("Check the risk"), reverse("opendata-risk", args=[slug]))
    if found.state == OpenState.RISK_CHECKED:
        return Act(_("Put into the open-data catalogue"), reverse("opendata-decide", args=[slug]))
    latest = dataset.latest
    if latest is None:
        return Act(_("Capture a version"), reverse("inventory-datasets", args=[dataset.database.code]))
    if found.state == OpenState.LISTED:
        return Act(_("Publish the dataset"), reverse("opendata-publish", args=[slug]))
    publication = found.publications.first()
    if publication is None or publication.version_id != latest.pk or publication.columns != found.columns:
        return Act(_("Publish the new version"), reverse("opendata-publish", args=[slug]))
    return Act(_("Confirm no change"), form="khong-doi")
