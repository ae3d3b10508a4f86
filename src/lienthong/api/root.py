"""The API root: one OpenAPI document over the routers of all apps, refusals in one form."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import NinjaAPI
from ninja.errors import ValidationError

from lienthong.engine.errors import EngineError
from lienthong.foundation.accounts.doors import open_to_all
from lienthong.foundation.errors import DomainError

ROUTERS = {
    "law": "Văn bản, tham số / Law and parameters",
    "agencies": "Cơ quan, cán bộ đầu mối / Agencies and focal officers",
    "catalogue": "Danh mục / Catalogue",
    "inventory": "Khảo sát, đánh giá / Inventory",
    "authority": "Chồng lấn / Overlap",
    "regulations": "Quy chế / Use regulations",
    "sharing": "Chia sẻ / Sharing",
    "opendata": "Dữ liệu mở / Open data",
}

api = NinjaAPI(
    title="Liên Thông",
    version="1",
    description=(
        "Quản lý, kết nối, chia sẻ và mở dữ liệu số của cơ quan nhà nước. "
        "Managing, connecting, sharing and opening the digital data of state agencies."
    ),
    docs_url=None,
    docs_decorator=open_to_all,
    openapi_url="/openapi.json",
    urls_namespace="api-1",
)

for app, tag in ROUTERS.items():
    name = f"lienthong.{app}.api"
    if find_spec(name) is not None:
        api.add_router("", import_module(name).router, tags=[tag])


@api.exception_handler(DomainError)
@api.exception_handler(EngineError)
def refuse(request: HttpRequest, error: DomainError | EngineError) -> HttpResponse:
    """A refusal as JSON: code, message and hint in the caller's language, and both languages in full."""
    locale = translation.get_language_from_request(request)
    body: dict[str, Any] = {
        "code": error.code,
        "message": error.text(locale),
        "hint": error.hint(locale),
        "message_vi": error.text("vi"),
        "message_en": error.text("en"),
    }
    return api.create_response(request, {"error": body}, status=error.status)


@api.exception_handler(ValidationError)
def refuse_input(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Input of the wrong shape: which parts, and why."""
    places = [
        {"where": ".".join(str(part) for part in found["loc"]), "why": found["msg"]} for found in error.errors
    ]
    body = {
        "code": "api.input_refused",
        "message": "Dữ liệu gửi lên không đúng cấu trúc.",
        "hint": "Xem tài liệu tại /api/docs.",
        "message_vi": "Dữ liệu gửi lên không đúng cấu trúc.",
        "message_en": "The input does not have the documented shape.",
        "places": places,
    }
    return api.create_response(request, {"error": body}, status=422)
