"""The desk's pages of agencies: the tree, the file of one agency, and each act of the administrator."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from lienthong.agencies import commands, forms, queries
from lienthong.agencies.access import files_open_to, may_administer, may_see_file, require_administrator
from lienthong.agencies.delegating import DELEGABLE
from lienthong.agencies.models import Agency, Post
from lienthong.agencies.queries import agency_by_code, is_id
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import NotAllowed

from .acts import Act, act_page, history_lines


@signed_in
def agency_list(request: Request) -> HttpResponse:
    """The tree of agencies, with what each still lacks."""
    actor, here = request.actor, reverse("agencies-desk")
    text, after = request.GET.get("q", "").strip()[:200], request.GET.get("sau", "")
    if text:
        listed = queries.found_agencies(text, actor=actor, offset=int(after) if is_id(after) else 0)
    else:
        listed = queries.agency_tree(after=after)
    query = {"q": text} if text else {}
    shown = [agency for branch in listed.rows for agency in (branch.agency, *branch.units)]
    context = {
        "listed": listed,
        "openable": files_open_to(actor, shown),
        "text": text,
        "here": here,
        "administers": may_administer(actor),
        "vacant": queries.vacant_agencies().count(),
        "next_url": f"{here}?{urlencode({**query, 'sau': listed.next_after})}" if listed.next_after else "",
        "previous_url": (f"{here}?{urlencode(query)}" if query else here) if after else "",
    }
    return render(request, "agencies/desk_list.html", context)


@signed_in
def agency_file(request: Request, code: str) -> HttpResponse:
    """The file of one agency: names and codes, units, posts, the focal officer, what happened."""
    page = queries.agency_page(code)
    if page.moved:
        return redirect("agencies-file", page.agency.code)
    agency = visible_agency(request, code)
    today = timezone.localdate()
    posts = list(queries.posts_of_agency(agency))
    context = {
        "page": page,
        "openable": {above.code for above in page.above if may_see_file(request.actor, above)},
        "agency": agency,
        "held": [post for post in posts if post.valid_to is None or post.valid_to >= today],
        "ended": [post for post in posts if post.valid_to is not None and post.valid_to < today],
        "administers": may_administer(request.actor) and agency.is_open,
        "focal_role": Role.FOCAL_OFFICER,
        "delegable": DELEGABLE,
        "history": history_lines(agency),
    }
    return render(request, "agencies/file.html", context)


@signed_in
def found(request: Request) -> HttpResponse:
    """Enter an agency, or a unit below another."""
    actor = request.actor
    require_administrator(actor, "ghi nhận cơ quan, đơn vị", "enter an agency or unit")

    def perform(entered: dict[str, Any]) -> str:
        agency = commands.found_agency(actor=actor, **entered)
        return _("%(name)s was entered under code %(code)s.") % {"name": agency.name, "code": agency.code}

    above = agency_by_code(request.GET["tren"]) if request.GET.get("tren") else None
    act = Act(
        heading=_("Enter an agency or unit"),
        submit=_("Enter the agency"),
        back=reverse("agencies-file", args=[above.code]) if above else reverse("agencies-desk"),
        crumbs=_crumbs(above),
    )
    initial = {"parent": above.code if above else ""}
    return act_page(request, act, forms.FoundAgencyForm, perform, initial=initial)


@signed_in
def rename(request: Request, code: str) -> HttpResponse:
    """Give an agency a new name."""
    agency, actor = _administered(request, code)

    def perform(entered: dict[str, Any]) -> str:
        former = agency.name
        commands.rename_agency(actor=actor, agency=agency, **entered)
        return _("The name is now “%(name)s”; “%(former)s” was kept as a former name.") % {
            "name": entered["name"],
            "former": former,
        }

    act = _act(agency, _("Rename %(name)s"), _("Change the name"))
    return act_page(request, act, forms.RenameForm, perform)


@signed_in
def contact(request: Request, code: str) -> HttpResponse:
    """Put right how an agency is reached."""
    agency, actor = _administered(request, code)

    def perform(entered: dict[str, Any]) -> str:
        commands.correct_agency_contact(actor=actor, agency=agency, **entered)
        return _("The contact details were saved.")

    act = _act(agency, _("Contact details of %(name)s"), _("Save the contact details"))
    initial = {name: getattr(agency, name) for name in ("address", "phone", "email", "website")}
    return act_page(request, act, forms.ContactForm, perform, initial=initial)


@signed_in
def add_code(request: Request, code: str) -> HttpResponse:
    """Add a code by which an agency is or was known."""
    agency, actor = _administered(request, code)

    def perform(entered: dict[str, Any]) -> str:
        added = commands.add_identifier_code(actor=actor, agency=agency, **entered)
        return _("Code %(code)s was added.") % {"code": added.code}

    act = _act(agency, _("Add an identifier code to %(name)s"), _("Add the code"))
    return act_page(request, act, forms.CodeForm, perform)


@signed_in
def close(request: Request, code: str) -> HttpResponse:
    """Close an agency or unit."""
    agency, actor = _administered(request, code)

    def perform(entered: dict[str, Any]) -> str:
        commands.close_agency(actor=actor, agency=agency, **entered)
        return _("%(name)s was closed; its record stays.") % {"name": agency.shown_name}

    posts = agency.posts.filter(valid_to__isnull=True).count()
    effect = _(
        "%(posts)s posts, all codes and the focal officer's term end with this day. The record stays."
    ) % {"posts": posts}
    act = _act(agency, _("Close %(name)s"), _("Close the agency"), effect=effect, danger=True)
    return act_page(request, act, forms.CloseForm, perform, initial={"closed_on": timezone.localdate()})


@signed_in
def merge(request: Request, code: str) -> HttpResponse:
    """Merge an agency or unit into another."""
    agency, actor = _administered(request, code)

    def perform(entered: dict[str, Any]) -> str:
        merged = commands.merge_agency(actor=actor, agency=agency, **entered)
        return _("%(name)s was merged into %(into)s; its units and databases go with it.") % {
            "name": agency.shown_name,
            "into": merged.successor.shown_name if merged.successor else "",
        }

    effect = _(
        "%(units)s units, the databases and the work that is due go to the receiving agency; %(posts)s posts, all codes and the focal officer's term end with this day."
    ) % {
        "units": agency.units.filter(valid_to__isnull=True).count(),
        "posts": agency.posts.filter(valid_to__isnull=True).count(),
    }
    act = _act(agency, _("Merge %(name)s into another"), _("Merge the agency"), effect=effect, danger=True)
    return act_page(request, act, forms.MergeForm, perform, initial={"merged_on": timezone.localdate()})


@signed_in
def assign_post(request: Request, code: str) -> HttpResponse:
    """Give a person a role in the agency."""
    agency, actor = _administered(request, code)

    def perform(entered: dict[str, Any]) -> str:
        post = commands.assign_post(actor=actor, agency=agency, **entered)
        return _("%(person)s now holds the role “%(role)s”.") % {
            "person": post.person.full_name,
            "role": post.get_role_display(),
        }

    act = _act(agency, _("Assign a post in %(name)s"), _("Assign the post"))
    return act_page(request, act, forms.AssignPostForm, perform, initial={"valid_from": timezone.localdate()})


@signed_in
def end_post(request: Request, code: str, post_id: int) -> HttpResponse:
    """End a post."""
    agency, actor = _administered(request, code)
    post = get_object_or_404(Post.objects.select_related("person"), pk=post_id, agency=agency)

    def perform(entered: dict[str, Any]) -> str:
        commands.end_post(actor=actor, post=post, **entered)
        return _("The role “%(role)s” of %(person)s ended.") % facts

    facts = {"person": post.person.full_name, "role": post.get_role_display()}
    act = Act(
        heading=_("End the role “%(role)s” of %(person)s") % facts,
        submit=_("End the post"),
        back=reverse("agencies-file", args=[agency.code]),
        crumbs=_crumbs(agency),
        effect=_("The last day still counts. What the person has done stays on record."),
        danger=True,
    )
    return act_page(request, act, forms.EndForm, perform)


def visible_agency(request: Request, code: str) -> Agency:
    """The agency of an address of the desk, if the actor may open its file."""
    agency = agency_by_code(code)
    if not may_see_file(request.actor, agency):
        raise NotAllowed(act=f"mở hồ sơ của {agency.name}", act_en=f"open the file of {agency.name}")
    return agency


def _administered(request: Request, code: str) -> tuple[Agency, Any]:
    actor = request.actor
    require_administrator(actor, "quản lý cơ quan, vai trò", "manage agencies and posts")
    return agency_by_code(code), actor


def _crumbs(agency: Agency | None = None) -> list[tuple[str, str]]:
    crumbs = [(reverse("agencies-desk"), _("Agencies, focal officers"))]
    if agency is not None:
        crumbs.append((reverse("agencies-file", args=[agency.code]), agency.shown_name))
    return crumbs


def _act(agency: Agency, heading: str, submit: str, **more: Any) -> Act:
    return Act(
        heading=heading % {"name": agency.shown_name},
        submit=submit,
        back=reverse("agencies-file", args=[agency.code]),
        crumbs=_crumbs(agency),
        **more,
    )
