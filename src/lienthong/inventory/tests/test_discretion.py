"""Planted values: what is personal in a source is found in no record, no page, no answer, no log, no notice, no search."""

from __future__ import annotations

import json
import logging

import pytest
from django.db import connection

from lienthong.catalogue.commands import choose_code_list, register_code_list
from lienthong.catalogue.demo import make_dataset
from lienthong.catalogue.models import DataField
from lienthong.foundation.accounts.models import User
from lienthong.foundation.events.delivery import deliver_waiting
from lienthong.foundation.jobs.working import run_waiting_jobs
from lienthong.foundation.search.queries import search
from lienthong.foundation.tracing import carries
from lienthong.inventory import commands, queries
from lienthong.inventory.demo import capture_now, make_source, survey_now
from lienthong.inventory.models import MeasureChoice, Source

PLANTED = ("Kỳ Bí Mẫn", "079198012345", "kybi@example.vn", "0912345670")


@pytest.fixture
def planted(world, sources):
    """A file of persons whose columns have names that tell nothing, looked at and assessed by jobs."""
    family = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi")
    lines = ["c1,c2,c3,c4,c5"]
    for place in range(300):
        name = f"{family[place % 8]} Thị {('Lan', 'Hoa', 'Mai', 'Cúc')[place % 4]}"
        number = f"{('001', '079', '048', '031')[place % 4]}{place % 2}{60 + place % 40}{place * 2741 % 1000000:06d}"
        lines.append(f"{place},{name},{number},b{place}@example.vn,09123{place:05d}")
    lines.append(f"300,{','.join(PLANTED)}")
    (sources / "nguoi.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    make_source(world.database, sources / "nguoi.csv")
    return world


def everything_stored() -> str:
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found.append(repr(cursor.fetchall()))
    return "\n".join(found)


@pytest.mark.django_db(transaction=True)
@carries("SEC-02")
def test_nothing_personal_is_left_behind(planted, client, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    commands.start_survey(actor=planted.owner, database=planted.database)
    run_waiting_jobs()
    commands.start_assessment(actor=planted.owner, database=planted.database)
    run_waiting_jobs()
    deliver_waiting()

    fields = {one.name: one for one in DataField.objects.all()}
    assert {name for name, one in fields.items() if one.personal_data != "none"} >= {"c2", "c3", "c4", "c5"}
    client.force_login(User.objects.get(pk=planted.owner.user_id))
    base = f"/lam-viec/csdl/{planted.database.code}/"
    table = fields["c2"].table_id
    addresses = [
        f"{base}nguon/", f"{base}bang/{table}/", f"{base}danh-gia/", f"{base}chat-luong/", f"{base}chat-luong/cot.csv",
        f"{base}chat-luong/dqv.ttl", f"{base}nguon/cach-doc/?bang=nguoi", f"{base}cot/", base, f"{base}lich-su/",
        f"/api/v1/databases/{planted.database.code}/surveys/latest/tables", "/lam-viec/",
        *(f"{base}cot/{one.pk}/du-lieu/" for one in fields.values()), *(f"{base}cot/{one.pk}/" for one in fields.values()),
    ]  # fmt: skip
    shown = []
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        shown.append(answer.content.decode())
    told = {
        "stored": everything_stored(),
        "pages": "".join(shown),
        "logs": caplog.text,
        "out": "".join(capsys.readouterr()),
    }
    for place, text in told.items():
        for value in PLANTED:
            assert value not in text, (place, value)
    for value in PLANTED:
        assert not search(value, actor=planted.owner, limit=5).hits


@carries("CAT-07")
def test_a_look_says_which_codes_are_not_in_the_issued_list(world, sources):
    (sources / "danh_muc.csv").write_text(
        "ma,ten\n" + "".join(f"K{i:02d},Khoa {i}\n" for i in range(20)), encoding="utf-8"
    )
    make_source(world.database, sources / "danh_muc.csv")
    survey_now(world.database)
    from lienthong.catalogue.commands import confirm_fields

    confirm_fields(actor=world.owner, database=world.database)
    listed = make_dataset(world.database, table="danh_muc", key=["ma"])
    capture_now(listed)
    code_list = register_code_list(
        actor=world.owner, code="khoa", name="Danh mục khoa", owner=world.justice, dataset=listed
    )
    (sources / "kham.csv").write_text(
        "so,khoa\n" + "".join(f"{i},K{i % 25:02d}\n" for i in range(100)), encoding="utf-8"
    )
    make_source(world.database, sources / "kham.csv")
    survey_now(world.database)
    field = DataField.objects.get(table__name="kham", name="khoa")
    choose_code_list(actor=world.owner, field=field, code_list=code_list)

    survey = survey_now(world.database)

    found = [one for _n, told in [queries.findings_of_look(world.database, survey, "vi", 50)] for one in told]
    unknown = next(one for one in found if one["code"] == "code_unknown")
    assert unknown["column"] == "khoa"
    assert unknown["evidence"]["count"] == 20
    assert "Danh mục khoa" in unknown["text"]


def test_a_database_may_count_by_itself(world, client, sources):
    client.force_login(User.objects.get(pk=world.owner.user_id))
    client.post(
        f"/lam-viec/csdl/{world.database.code}/nguon/",
        {"address": "postgresql://doc@10.0.0.5/hotich", "measure": "in_place"},
    )
    assert Source.objects.get().measure == MeasureChoice.IN_PLACE
    assert "Đo tại nguồn" in client.get(f"/lam-viec/csdl/{world.database.code}/nguon/").content.decode()


def test_remarks_on_the_reading_are_sentences_in_both_languages():
    finding = {
        "code": "rows_set_aside", "place": "bieu05", "severity": "info",
        "evidence": {"lines": 3, "reasons": {"total": 2, "group": 1}, "rows": [9, 10, 20]},
    }  # fmt: skip
    assert queries.read_with_care(finding, "vi")["text"] == (
        "để riêng 3 dòng nằm giữa dữ liệu (2 dòng tổng, 1 dòng nhóm): dòng 9-10, 20"
    )
    assert "3 row(s) among the data" in queries.read_with_care(finding, "en")["text"]
    assert queries.read_with_care({**finding, "code": "moi_la"}, "vi")["text"] == "moi_la"
    assert json.dumps(finding)
