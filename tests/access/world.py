"""The world in which commands are tried: five units, and one record of whatever kind a command asks for."""

from __future__ import annotations

import inspect
import sys
import types
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, Union, get_args, get_origin

from django.apps import apps
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.utils import timezone

from lienthong.agencies.models import Agency, AgencyKind, Post
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import VISITOR as VISITING
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.models import User
from lienthong.law.models import Parameter

from .table import ABOVE, BELOW, ELSEWHERE, IN_PERSON, NO_ROLE, OWN, PLACES, SIDE, VISITOR, Command

# Records that tell the two sides of a matter apart, name a person, or whose empty link would tell nothing.
LINKS: dict[str, dict[str, str]] = {
    "agencies.Cooperation": {"asked": "side"},
    "agencies.FocalAppointment": {"person": "record"},
    "agencies.GovernanceRole": {"person": "record"},
    "authority.CorrectionCase": {"reporter": "side"},
    "authority.OverlapCase": {"higher": "database of the side"},
    "authority.OverlapPair": {"case": "record"},
    "authority.SyncFlow": {"source_database": "database of the side"},
    "inventory.DataAudit": {"auditor": "side"},
    "inventory.UpgradeItem": {"database": "record"},
    "jobs.Job": {"user_id": "id of the person", "unit_id": "id of the own unit"},
    "sharing.ConnectionAccount": {"consumer": "side"},
    "sharing.SharingRequest": {"requester": "side"},
    "sharing.StoredCopy": {"consumer": "side"},
}
# What a plain argument must be for the command to come to its question of access at all.
VALUES: dict[str, Callable[[World], dict[str, Any]]] = {
    "agencies.choose_post": lambda world: {"session": {}, "post_id": world.record(Post).pk},
    "agencies.make_administrator": lambda world: {
        "username": world.person.username,
        "agency_code": world.units[OWN].code,
    },
    "law.change_parameter": lambda world: _parameter(left=False),
    "law.change_parameter+left_to_the_agency": lambda world: _parameter(left=True),
    "law.weigh_change": lambda world: {"row": _row(left=False)},
    "law.weigh_change+left_to_the_agency": lambda world: {"row": _row(left=True)},
}


def _row(*, left: bool) -> Parameter:
    """A parameter of the law whose number is the agency's own to set, or one that a text sets."""
    return next(row for row in Parameter.objects.order_by("pk") if row.left_to_the_agency is left)


def _parameter(*, left: bool) -> dict[str, Any]:
    row = _row(left=left)
    return {
        "key": row.key,
        "rule_set": row.rule_set.code,
        "database_code": row.database_code,
        "valid_from": row.valid_from,
    }


class World:
    """A department, the province above it, a division below it, the department beside it, and another province.

    Every record asked for is made once and belongs to the department (`own`); where a matter has two sides, the other
    one is the department beside it. Records are made straight from the tables, with nothing but what their columns
    require: what is tried is who may act, never what comes of it.
    """

    def __init__(self, commands: Iterable[Command] = ()) -> None:
        province = self._unit("H99", "UBND tỉnh An Lộc", AgencyKind.PROVINCE, None)
        own = self._unit("H99.01", "Sở Nội vụ", AgencyKind.DEPARTMENT, province)
        self.units = {
            OWN: own,
            ABOVE: province,
            BELOW: self._unit("H99.01.1", "Chi cục Văn thư", AgencyKind.UNIT, own),
            SIDE: self._unit("H99.02", "Sở Y tế", AgencyKind.DEPARTMENT, province),
            ELSEWHERE: self._unit("H98", "UBND tỉnh Bình Yên", AgencyKind.PROVINCE, None),
        }
        self._made: dict[str, Any] = {}
        self.person = self._person("chinh-chu")
        self._made[User._meta.label] = self.person.pk
        self._made[Agency._meta.label] = own.pk
        other = self._person("nguoi-khac")
        self.actors = {
            **{
                (str(role), place): Actor(
                    str(other.pk), str(self.units[place].pk), frozenset({role}), origin="web"
                )
                for role in Role
                for place in PLACES
            },
            (IN_PERSON, ""): Actor(str(self.person.pk), str(own.pk), origin="web"),
            (NO_ROLE, ""): Actor(str(other.pk), str(own.pk), origin="web"),
            (VISITOR, ""): VISITING,
        }
        for command in commands:
            self.arguments(command)

    @staticmethod
    def _unit(code: str, name: str, kind: str, parent: Agency | None) -> Agency:
        from lienthong.agencies.demo import make_agency

        return make_agency(code, name, kind=kind, parent=parent)

    @staticmethod
    def _person(username: str) -> User:
        return User.objects.create(
            username=username, full_name=username, password=f"{UNUSABLE_PASSWORD_PREFIX}x"
        )

    def record(self, model: type[models.Model]) -> Any:
        """The one record of this kind, read anew: nobody finds what the one before left in memory."""
        label = model._meta.label
        if label not in self._made:
            self._made[label] = self._make(model, {}).pk
        return model._base_manager.get(pk=self._made[label])

    def _make(self, model: type[models.Model], given: Mapping[str, Any]) -> models.Model:
        values = dict(given)
        links = LINKS.get(model._meta.label, {})
        for field in model._meta.concrete_fields:
            if field.name in values or field.primary_key:
                continue
            if links.get(field.name, "").startswith("id of"):
                unit = links[field.name] == "id of the own unit"
                values[field.name] = str(self.units[OWN].pk if unit else self.person.pk)
            elif isinstance(field, models.ForeignKey):
                if field.name in links or not field.null:
                    values[field.name] = self._linked(field, links.get(field.name, "record"))
            elif not (field.has_default() or field.null or getattr(field, "auto_now_add", False)):
                values[field.name] = self._column(field)
        return model._base_manager.create(**values)

    def _linked(self, field: models.ForeignKey[Any, Any], kind: str) -> Any:
        related = field.related_model
        assert isinstance(related, type)
        if kind == "side":
            return self.units[SIDE]
        if kind == "database of the side":
            side = self.units[SIDE]
            code = "H99.02.CSDL.1"
            made = related._base_manager.filter(code=code).first()
            return made or self._make(related, {"owner": side, "managing_unit": side, "code": code})
        return self.record(related)

    def _column(self, field: models.Field[Any, Any]) -> Any:
        if field.choices:
            return next(iter(field.flatchoices))[0]
        if isinstance(field, models.DateTimeField):
            return timezone.now()
        if isinstance(field, models.DateField):
            return timezone.localdate()
        if isinstance(field, models.TimeField):
            return time(17)
        if isinstance(field, models.JSONField):
            return {}
        if isinstance(field, (models.IntegerField, models.DecimalField, models.FloatField)):
            return 1
        if isinstance(field, models.BooleanField):
            return False
        return f"{field.model.__name__}-{field.name}"[: field.max_length or 30]

    def arguments(self, command: Command) -> dict[str, Any]:
        """What the command is given beside the actor: this world's records, and plain values for the rest.

        Optional arguments are left out, but for those that the variant names.
        """
        hints = argument_types(command.give)
        meant = VALUES.get(f"{command.app}.{command.row}")
        given = meant(self) if meant else {}
        values = {}
        for name, parameter in inspect.signature(command.give).parameters.items():
            if name == "actor" or parameter.kind is inspect.Parameter.VAR_KEYWORD:
                continue
            if name in given:
                values[name] = given[name]
            elif parameter.default is inspect.Parameter.empty or name in command.variant:
                values[name] = self._value(name, hints[name])
        return values | {name: value for name, value in given.items() if name not in values}

    def _value(self, name: str, kind: Any) -> Any:
        if get_origin(kind) in {types.UnionType, Union}:
            kind = next(one for one in get_args(kind) if one is not type(None))
        if isinstance(kind, type) and issubclass(kind, models.Model):
            return self._unit_meant(name) if kind is Agency else self.record(kind)
        origin = get_origin(kind) or kind
        plain: dict[Any, Any] = {
            str: "x",
            int: 1,
            bool: False,
            date: timezone.localdate(),
            datetime: timezone.now(),
            time: time(17),
            bytes: b"x",
        }
        if origin in plain:
            return plain[origin]
        if getattr(origin, "__name__", "") == "Upload":
            return SimpleUploadedFile("ds.csv", b"x")
        if inspect.isclass(origin) and issubclass(origin, Mapping):
            return {}
        return []

    def _unit_meant(self, name: str) -> Agency:
        """The unit for which one acts is the own; the unit with which one deals is the other side."""
        return self.units[SIDE] if name in {"asked", "into", "unit"} else self.units[OWN]


def argument_types(function: Any) -> dict[str, Any]:
    """The types of the arguments, also of names that are imported for the type checker alone."""
    known: dict[str, Any] = {model.__name__: model for model in apps.get_models()}
    known |= vars(sys.modules["typing"]) | vars(sys.modules["collections.abc"])
    known |= {"datetime": datetime, "date": date, "time": time, "Upload": type("Upload", (), {})}
    known |= vars(sys.modules[function.__module__])
    return {
        name: eval(text, known) if isinstance(text, str) else text
        for name, text in inspect.get_annotations(function).items()
        if name not in {"return", "actor"}
    }
