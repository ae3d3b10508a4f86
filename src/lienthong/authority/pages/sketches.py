"""The sketch files of one database: made to leave, handed in, and when each is destroyed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.authority import commands
from lienthong.authority.forms import HandInForm, MakeSketchForm
from lienthong.authority.models import LEVELS, Direction, SketchPassage
from lienthong.authority.queries import searchable_source
from lienthong.authority.sketching import keys_held, periods, policy_of
from lienthong.catalogue.access import database_for, may_own, require_owner
from lienthong.catalogue.addresses import file_address, here
from lienthong.engine.errors import EngineError
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.files.commands import path_of
from lienthong.foundation.jobs.queries import jobs_of
from lienthong.foundation.jobs.showing import progress_of

JOBS = ("authority.make_sketch", "authority.compare_sketch")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def of_database(request: Request, code: str) -> HttpResponse:
    """What left of a database as a sketch and what was handed in; a POST makes one or hands one in."""
    actor = request.actor
    database = database_for(actor, code)
    require_owner(actor, database, "xem tệp phác thảo", "see the sketch files")
    act = request.POST.get("viec", "") if request.method == "POST" else ""
    make = MakeSketchForm(request.POST if act == "lap" else None, periods=periods())
    hand_in = HandInForm(request.POST if act == "nop" else None, request.FILES if act == "nop" else None)
    form = make if act == "lap" else hand_in
    if act in ("lap", "nop") and form.is_valid():
        try:
            if act == "lap":
                entered = make.cleaned_data
                commands.make_sketch(
                    actor=actor,
                    database=database,
                    level=int(entered["level"]),
                    period=entered.get("period", ""),
                )
                messages.info(request, _("The sketch file is being made; it will be listed here."))
            else:
                commands.hand_in_sketch(actor=actor, database=database, upload=hand_in.cleaned_data["upload"])
                messages.info(request, _("The sketch file was taken; it is compared with the others."))
            return redirect("authority-sketches", code)
        except (DomainError, EngineError) as error:
            if isinstance(error, DomainError) and error.status in (403, 404):
                raise
            form.refuse(error)
    policy, days = policy_of(timezone.localdate())
    job = jobs_of(database).filter(name__in=JOBS).order_by("-pk").first()
    passages = SketchPassage.objects.filter(database=database)[:100]
    context: dict[str, Any] = {
        "database": database,
        "file_url": here(file_address(code)),
        "rows": [(one, LEVELS.get(one.level, "")) for one in passages],
        "make": make,
        "hand_in": hand_in,
        "may_work": may_own(actor, database) and not database.is_secret,
        "has_source": searchable_source(database) is not None,
        "holds_keys": bool(keys_held()),
        "key_folder": "keys/matching",
        "policy": policy,
        "days": days,
        "job": progress_of(job, actor)
        if job is not None and (job.is_live or job.state == "failed")
        else None,
    }
    return render(
        request, "authority/sketches.html", context, status=422 if make.errors or hand_in.errors else 200
    )


@signed_in
@require_safe
def sketch_file(request: Request, code: str, passage_id: int) -> HttpResponseBase:
    """A sketch file that was made here, to be taken to where it is compared."""
    database = database_for(request.actor, code)
    require_owner(request.actor, database, "tải tệp phác thảo", "take a sketch file")
    passage = (
        SketchPassage.objects.filter(pk=passage_id, database=database, direction=Direction.OUT)
        .select_related("file")
        .first()
    )
    if passage is None or passage.file is None:
        raise NotFound(what="tệp phác thảo này", what_en="This sketch file")
    answer = FileResponse(
        path_of(passage.file.sha256).open("rb"), as_attachment=True, filename=passage.file.name
    )
    answer["Cache-Control"] = "no-store"
    return answer
