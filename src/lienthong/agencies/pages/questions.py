"""Questions to a focal officer: the public form, the page on which the asker reads the answer, the desk's page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.agencies import commands, queries
from lienthong.agencies.access import may_answer
from lienthong.agencies.forms import AnswerForm, AskForm
from lienthong.agencies.models import Question
from lienthong.foundation.accounts.doors import Request, open_to_all, signed_in
from lienthong.foundation.accounts.visitors import limit_visits
from lienthong.foundation.errors import DomainError, NotAllowed

from .acts import Act, act_page

# From one address; more than a person asks, fewer than a program sends.
MOST_AN_HOUR = 10


@open_to_all
def ask(request: Request, code: str) -> HttpResponse:
    """Put a question to the focal officer of an agency."""
    agency = queries.agency_by_code(code)
    officer = queries.published_focal_officer_of(agency)
    user = request.user
    initial = (
        {"asker_name": user.get_full_name(), "asker_contact": user.email} if user.is_authenticated else {}
    )
    form = AskForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        limit_visits(request, "agencies-questions", MOST_AN_HOUR)
        try:
            question = commands.ask_focal_officer(
                actor=request.actor,
                agency=agency,
                **form.cleaned_data,
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Question %(number)s was received.") % {"number": question.number})
            return redirect("agencies-question-asked", question.token)
    context = {"form": form, "agency": agency, "officer": officer}
    return render(request, "agencies/ask.html", context, status=422 if form.errors else 200)


@open_to_all
def asked(request: Request, token: str) -> HttpResponse:
    """What was asked, and the answer; the address is known to the asker alone."""
    question = get_object_or_404(Question.objects.select_related("agency"), token=token)
    response = render(
        request, "agencies/question_asked.html", {"question": question, "act": queries.act_reported(question)}
    )
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    return response


@signed_in
def question(request: Request, number: str) -> HttpResponse:
    """One question, and the form that answers it."""
    found = get_object_or_404(
        Question.objects.select_related("agency", "asker_unit", "answered_by"), number=number
    )
    actor = request.actor
    if not may_answer(actor, found.agency):
        raise NotAllowed(act="trả lời câu hỏi", act_en="answer the question")

    def perform(entered: dict[str, Any]) -> str:
        commands.answer_question(actor=actor, question=found, **entered)
        return _("Question %(number)s was answered.") % {"number": found.number}

    act = Act(
        heading=f"{found.number}: {_('answer the question')}",
        submit=_("Send the answer"),
        back=reverse("agencies-question", args=[found.number]),
        crumbs=[(reverse("agencies-inbox"), _("My work"))],
    )
    return act_page(
        request,
        act,
        AnswerForm,
        perform,
        template="agencies/question.html",
        question=found,
        reported=queries.act_reported(found),
    )
