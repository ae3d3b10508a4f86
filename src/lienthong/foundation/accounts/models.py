"""People who can sign in."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.text import nfc, sort_key


class User(AbstractUser):
    """A person with an account. What the person may do follows from posts, never from this row."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("Full name"), max_length=150)
    sort_key = models.CharField(max_length=320, editable=False, db_index=True)
    phone = models.CharField(_("Phone"), max_length=30, blank=True)
    language = models.CharField(_("Language"), max_length=5, default="vi")
    demo_password = models.CharField(max_length=50, blank=True, editable=False)
    """Printed on the sign-in page while the demo runs; empty for every real account."""

    REQUIRED_FIELDS = ["email", "full_name"]

    class Meta:
        ordering = ["sort_key"]

    def save(self, *args: object, **kwargs: object) -> None:
        self.full_name = nfc(self.full_name)
        self.sort_key = sort_key(self.full_name)[:320]
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    def __str__(self) -> str:
        return self.full_name or self.username
