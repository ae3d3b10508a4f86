"""The ten roles in which people and systems meet the product."""

from __future__ import annotations

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    CITIZEN = "citizen", _("Citizen")
    FOCAL_OFFICER = "focal_officer", _("Focal officer")
    DATABASE_OWNER = "database_owner", _("Database owner")
    IT_UNIT = "it_unit", _("IT unit")
    HEAD = "head", _("Head of agency")
    CONSUMER_OFFICER = "consumer_officer", _("Officer of a consumer agency")
    CONSUMER_SYSTEM = "consumer_system", _("System of a consumer agency")
    COORDINATING_MINISTRY = "coordinating_ministry", _("Coordinating ministry")
    SECRETS_KEEPER = "secrets_keeper", _("Keeper of secrets")
    ADMINISTRATOR = "administrator", _("Administrator")


# Roles that reach over every unit below their own: who runs campaigns, issues and directs.
REACHING_DOWN = frozenset({Role.HEAD, Role.IT_UNIT})


# Roles that a person is given by a post. A citizen needs none, a system has a connection account, and the
# focal officer's post follows from the decision that appoints.
ASSIGNABLE = tuple(
    role for role in Role if role not in {Role.CITIZEN, Role.CONSUMER_SYSTEM, Role.FOCAL_OFFICER}
)


def role_words(role: str) -> dict[str, str]:
    """The role's name in both languages, as facts of a refusal or an event."""
    words = {}
    for key, language in (("role_vi", "vi"), ("role_en", "en")):
        with translation.override(language):
            words[key] = str(Role(role).label)
    return words
