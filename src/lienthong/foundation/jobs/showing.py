"""A job as a page shows it: what the page kit's `<c-job-progress>` reads."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from lienthong.foundation.accounts.actor import Actor

from .models import Job, JobState
from .performing import RUNS_IN_ALL
from .queries import may_stop

_STATES = {
    JobState.QUEUED: "queued",
    JobState.RUNNING: "running",
    JobState.FINISHED: "done",
    JobState.FAILED: "failed",
    JobState.CANCELLED: "interrupted",
}


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far a job is, in the reader's language. `element` is the id of its place on the page."""

    element: str
    title: str
    state: str
    percent: int | None
    message: str
    poll_url: str
    stop_url: str
    result_url: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def progress_of(job: Job, actor: Actor, result_url: str = "") -> JobProgress:
    """How far a job is, as the actor may see it; the address to stop it only for those who may."""
    locale = get_language() or "vi"
    return JobProgress(
        element=f"job-{job.pk}",
        title=job.title(locale),
        state=_STATES[JobState(job.state)],
        percent=job.percent,
        message=_message(job, locale),
        poll_url=reverse("open-job" if job.open_to_all else "job", args=[job.pk]),
        stop_url=reverse("job-stop", args=[job.pk]) if job.is_live and may_stop(actor, job) else "",
        result_url=result_url or str(job.result.get("result_url", "")),
    )


def _message(job: Job, locale: str) -> str:
    kept = str(job.result.get("kept_vi" if locale.startswith("vi") else "kept_en", ""))
    if job.state == JobState.FAILED:
        return f"{job.error(locale)} {kept} {job.hint(locale)}".replace("  ", " ").strip()
    if job.state == JobState.CANCELLED:
        return f"{gettext('Stopped at the request of a person.')} {kept}".strip()
    if job.state == JobState.QUEUED:
        if job.retries:
            fault = job.error(locale) or gettext("A fault that may pass.")
            again = gettext("It will be tried again at %(at)s (run %(run)s of %(runs)s).") % {
                "at": date_format(timezone.localtime(job.not_before), "H:i:s d/m/Y"),
                "run": job.retries + 1,
                "runs": RUNS_IN_ALL,
            }
            return " ".join(filter(None, (fault, kept, again)))
        if job.interruptions or job.crashes:
            return gettext("Broken off when the system stopped; it will go on from where it was.")
        return gettext("Waiting for its turn.")
    if job.state == JobState.RUNNING and job.cancel_requested:
        return gettext("Stopping at the next step.")
    return job.doing(locale)
