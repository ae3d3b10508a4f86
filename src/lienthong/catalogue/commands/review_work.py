"""Which act of a catalogue review is due from whom, and until when."""

from __future__ import annotations

from lienthong.agencies.commands import finish_work, open_work
from lienthong.agencies.models import Agency
from lienthong.agencies.queries import people_in_role, unit_holding
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import Actor
from lienthong.law.models import Clock

from ..addresses import declaration_address, review_address
from ..models import CatalogueReview, UnitDeclaration

TITLES = {
    "declare_unit": ("Khai báo danh mục cơ sở dữ liệu", "Declare the databases of the unit"),
    "declare_unit_again": ("Bổ sung khai báo bị trả lại", "Complete the declaration that was sent back"),
    "accept_declaration": ("Xem, chấp nhận khai báo", "Read and accept the declaration"),
    "draw_up_catalogue": ("Lập dự thảo danh mục cơ sở dữ liệu", "Draw up the draft catalogue"),
    "submit_catalogue": ("Trình ban hành danh mục cơ sở dữ liệu", "Submit the catalogue for issue"),
    "issue_reviewed_catalogue": ("Ban hành danh mục cơ sở dữ liệu", "Issue the catalogue of databases"),
}


def declaration_due(
    actor: Actor, declaration: UnitDeclaration, clock: Clock | None, *, again: bool = False
) -> None:
    """A unit is to declare within the term, or to complete what came back."""
    unit, role = responsible_in(declaration.unit)
    finish_work(actor=actor, subject=declaration)
    _open_part(declaration, "declare_unit_again" if again else "declare_unit", unit, role, clock)


def acceptance_due(actor: Actor, declaration: UnitDeclaration) -> None:
    """A declaration came in: the IT unit is to read it."""
    finish_work(actor=actor, subject=declaration)
    agency = declaration.review.agency
    _open_part(declaration, "accept_declaration", unit_holding(agency, Role.IT_UNIT), Role.IT_UNIT, None)


def declaration_settled(actor: Actor, declaration: UnitDeclaration) -> None:
    """Nothing is due on a declaration any more."""
    finish_work(actor=actor, subject=declaration)


def review_due(actor: Actor, review: CatalogueReview, act: str, role: str) -> None:
    """The one act that is due on the review itself, in place of what was due before."""
    finish_work(actor=actor, subject=review)
    vi, en = TITLES[act]
    open_work(
        subject=review,
        act=act,
        title_vi=vi,
        title_en=en,
        about=review.agency.name,
        url=review_address(review.number),
        unit=unit_holding(review.agency, role),
        role=role,
        number=review.number,
    )


def review_settled(actor: Actor, review: CatalogueReview) -> None:
    """Nothing is due on the review any more."""
    finish_work(actor=actor, subject=review)


def responsible_in(unit: Agency) -> tuple[Agency, str]:
    """The unit's own owners of databases, else its head, else the nearest IT unit above."""
    for role in (Role.DATABASE_OWNER, Role.HEAD):
        if people_in_role(unit, role):
            return unit, role
    above = unit_holding(unit, Role.IT_UNIT)
    return (above, Role.IT_UNIT) if people_in_role(above, Role.IT_UNIT) else (unit, Role.DATABASE_OWNER)


def people_of(declaration: UnitDeclaration) -> list[int]:
    """Who is told and urged: those from whom the declaration is due, and the head of the unit."""
    unit, role = responsible_in(declaration.unit)
    return [*people_in_role(unit, role), *people_in_role(declaration.unit, Role.HEAD)]


def _open_part(declaration: UnitDeclaration, act: str, unit: Agency, role: str, clock: Clock | None) -> None:
    vi, en = TITLES[act]
    open_work(
        subject=declaration,
        act=act,
        title_vi=vi,
        title_en=en,
        about=declaration.unit.name,
        url=declaration_address(declaration.review.number, declaration.unit.code),
        unit=unit,
        role=role,
        number=declaration.review.number,
        clock=clock,
    )
