"""Layouts of papers: an own one is tried, refused with its place, taken into use, given up, and kept."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lienthong.agencies import commands
from lienthong.agencies.models import Agency
from lienthong.agencies.queries import layout_for
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.models import User
from lienthong.foundation.events.models import Event
from lienthong.foundation.papers.kinds import paper_kinds
from lienthong.foundation.papers.queries import layouts_of
from lienthong.foundation.papers.word import default_template, to_docx

pytestmark = pytest.mark.django_db
PAGE = "/lam-viec/mau-giay-to/"
WHOLE = ("MẪU RIÊNG", "{{ so }}", "{{ ngay }}", "{{p noi_dung }}")


@pytest.fixture(autouse=True)
def data_directory(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def word_file(*lines: str) -> bytes:
    document, out = docx.Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


def upload(*lines: str, act: str = "dung") -> dict[str, Any]:
    return {"upload": SimpleUploadedFile("mau.docx", word_file(*lines)), "viec": act}


def lines_of(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


def browse(actor: Actor) -> Client:
    client = Client()
    client.force_login(
        User.objects.get(pk=actor.user_id), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def test_every_kind_of_paper_is_listed_tried_and_written_in_the_products_layout(
    province: Agency, acting: Callable[..., Actor]
) -> None:
    it = browse(acting(province, Role.IT_UNIT))
    listed = it.get(PAGE).content.decode()
    assert len(paper_kinds()) >= 5
    for kind in paper_kinds():
        assert kind.vi in listed
        assert kind.en in it.get(f"/en{PAGE}").content.decode()
        page = it.get(f"{PAGE}{kind.slug}/").content.decode()
        assert all(f"du_lieu.{word}" in page for word in kind.facts)
        assert set(kind.sample().data) == set(kind.facts)
        assert len(lines_of(to_docx(kind.sample()))) > 5
    assert it.get(f"{PAGE}khong-co/").status_code == 404


def test_a_faulty_one_is_refused_with_its_place_and_a_good_one_used(
    province: Agency, department: Agency, acting: Callable[..., Actor]
) -> None:
    kind = paper_kinds()[0]
    page, it = f"{PAGE}{kind.slug}/", browse(acting(province, Role.IT_UNIT))
    assert it.get(f"{page}dang-dung/").content == default_template()

    refused = it.post(page, upload(*WHOLE[1:], "Kính gửi {{ ai"))
    assert refused.status_code == 422
    assert "phần nội dung, đoạn 4" in refused.content.decode()
    assert layout_for(province, kind.code) is None

    preview = it.post(page, upload(*WHOLE, act="xem-thu"))
    assert lines_of(preview.content)[0] == "MẪU RIÊNG"
    assert kind.sample().number in lines_of(preview.content)
    assert layout_for(province, kind.code) is None

    assert it.post(page, upload(*WHOLE)).status_code == 302
    assert layout_for(department, kind.code) == layout_for(province, kind.code) is not None
    assert lines_of(it.get(f"{page}xem-thu/").content)[0] == "MẪU RIÊNG"
    assert "mau.docx" in it.get(page).content.decode()

    it.post(page, upload("MẪU HAI", *WHOLE[1:]))
    it.post(page, {"viec": "mau-co-san"})
    assert layout_for(province, kind.code) is None
    names = list(Event.objects.filter(subject_kind="agencies.agency").values_list("name", flat=True))
    assert [name.rsplit(".", 1)[-1] for name in names if "Layout" in name] == [
        "LayoutPlaced", "LayoutPlaced", "LayoutWithdrawn",
    ]  # fmt: skip
    history = it.get(page).content.decode()
    assert history.count("mau.docx") == 2
    numbers = [part.split("/")[0] for part in history.split(page)[1:] if part.split("/")[0].isdigit()]
    assert [lines_of(it.get(f"{page}{number}/").content)[0] for number in numbers] == ["MẪU HAI", "MẪU RIÊNG"]


def test_only_the_it_unit_and_the_head_reach_them_and_only_their_own(
    province: Agency, neighbour: Agency, acting: Callable[..., Actor]
) -> None:
    kind = paper_kinds()[0]
    commands.place_layout(
        actor=acting(province, Role.HEAD),
        agency=province,
        kind=kind,
        name="mau.docx",
        content=word_file(*WHOLE),
    )
    for role in (Role.DATABASE_OWNER, Role.FOCAL_OFFICER, Role.ADMINISTRATOR, Role.SECRETS_KEEPER):
        client = browse(acting(province, role))
        assert client.get(PAGE).status_code == 403
        assert client.post(f"{PAGE}{kind.slug}/", upload(*WHOLE)).status_code == 403
    number = layouts_of(province, kind.code).get().pk
    strangers = browse(acting(neighbour, Role.IT_UNIT))
    for which in (number, "x", "-1", 10**30):
        assert strangers.get(f"{PAGE}{kind.slug}/{which}/").status_code == 404
    assert layout_for(neighbour, kind.code) is None
