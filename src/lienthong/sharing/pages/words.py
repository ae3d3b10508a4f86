"""What the rule set of the day calls a form of sharing."""

from __future__ import annotations

from lienthong.foundation.errors import DomainError
from lienthong.law.queries import label

from ..models import Form

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
