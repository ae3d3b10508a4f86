"""What the rule set of the day calls a form of sharing."""

from __future__ import annotations

from collections.abc import Iterable

from lienthong.foundation.errors import DomainError
from lienthong.law.queries import label

from ..models import Form, SharingService

LABELS = {Form.SHARED: "DEFAULT_SHARING", Form.ON_REQUEST: "SPECIFIC_SHARING"}


def form_words(form: str) -> str:
    """The form in the words of the law in force, else in our own."""
    code = LABELS.get(Form(form))
    if code is not None:
        try:
            return label(code).text
        except DomainError:
            pass
    return str(Form(form).label)


def with_form_words(services: Iterable[SharingService]) -> list[tuple[SharingService, str]]:
    """Each service with the words for its form; the law is asked once for each form."""
    listed = list(services)
    words = {form: form_words(form) for form in {one.form for one in listed}}
    return [(one, words[one.form]) for one in listed]
