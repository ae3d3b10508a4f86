"""How far a job is: a page, the part of it that is fetched over and over, or JSON; and the order to stop."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lienthong.foundation.accounts.actor import VISITOR
from lienthong.foundation.accounts.doors import Request, open_to_all, signed_in

from .commands import cancel_job
from .models import Job
from .queries import job_visible_to
from .showing import progress_of


@signed_in
@require_safe
@never_cache
def progress(request: Request, job_id: int) -> HttpResponse:
    """How far one job is, for its starter and the starter's unit."""
    return _shown(request, job_visible_to(request.actor, job_id))


@open_to_all
@require_safe
@never_cache
def open_progress(request: Request, job_id: int) -> HttpResponse:
    """How far one job is that everybody may watch: the demo being filled in."""
    return _shown(request, job_visible_to(VISITOR, job_id))


def _shown(request: Request, job: Job) -> HttpResponse:
    shown = progress_of(job, request.actor)
    if request.headers.get("HX-Request"):
        return render(request, "jobs/progress.html", {"job": shown})
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse(shown.as_json())
    return render(request, "jobs/job.html", {"job": shown})


@signed_in
@require_POST
def stop(request: Request, job_id: int) -> HttpResponse:
    """Stop one job, and go back to where the order came from."""
    cancel_job(actor=request.actor, job=job_visible_to(request.actor, job_id))
    back = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return redirect("job", job_id)
    return redirect(back)
