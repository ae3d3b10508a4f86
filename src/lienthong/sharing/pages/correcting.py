"""A consumer reports that data which a service gave it are wrong (QUA-01)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from lienthong.agencies.queries import unit_of
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotAllowed
from lienthong.law.queries import citations_for

from .. import commands
from ..access import may_ask_for
from ..correcting_forms import WrongDataForm
from ..forms import say
from ..queries import service_on_offer


@signed_in
def report_wrong(request: Request, code: str) -> HttpResponse:
    """Report for one's own agency which items of a service are wrong, in which rows, and how."""
    actor: Actor = request.actor
    found = service_on_offer(code)
    reporter = unit_of(actor)
    if reporter is None or not may_ask_for(actor, reporter):
        raise NotAllowed(act="báo dữ liệu sai lệch", act_en="report wrong data")
    form = WrongDataForm(request.POST or None, service=found)
    if request.method == "POST" and form.is_valid():
        try:
            case = commands.report_wrong_data(
                actor=actor, service=found, reporter=reporter, **form.cleaned_data
            )
        except DomainError as error:
            say(form, error)
        else:
            messages.success(
                request, _("Report %(number)s was sent to the provider.") % {"number": case.number}
            )
            return redirect("authority-correction", case.number)
    context = {
        "service": found,
        "reporter": reporter,
        "form": form,
        "key": found.dataset.key,
        "citations": citations_for("QUA-01"),
    }
    return render(request, "sharing/report_wrong.html", context, status=422 if form.errors else 200)
