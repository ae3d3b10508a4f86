from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms.models import model_to_dict

from lienthong.catalogue.commands import mark_secret
from lienthong.engine.errors import SourceAddressInvalid, SourceKindUnknown, SourceNotFound
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.models import Event
from lienthong.foundation.tracing import carries
from lienthong.inventory import commands, errors, queries
from lienthong.inventory.models import Source, SourceState, StoredSecret
from lienthong.inventory.vault import password_of

from .conftest import write_csv, write_sqlite

PASSWORD = "bí mật/@:%#? 7"


def everything_stored():
    """All rows of this app and all events, as text."""
    rows = [model_to_dict(row) for model in (Source, StoredSecret) for row in model.objects.all()]
    return str(rows) + str(list(Event.objects.values()))


class TestBind:
    @carries("INV-01", "SEC-01")
    def test_a_password_is_split_off_and_kept_encrypted(self, world, data_directory):
        source = commands.bind_source(
            actor=world.owner,
            database=world.database,
            address="postgresql://doc:b%C3%AD%20m%E1%BA%ADt%2F%40%3A%25%23%3F%207@10.0.0.5:5433/ho%20tich?sslmode=require",
        )

        assert source.address == "postgresql://doc@10.0.0.5:5433/ho%20tich?sslmode=require"
        assert password_of(source).reveal() == PASSWORD
        assert "bí" not in everything_stored()
        assert "%C3%AD" not in everything_stored()
        key = data_directory / "keys" / "secrets.key"
        assert key.stat().st_mode & 0o777 == 0o600
        assert Event.objects.get(name="inventory.SourceBound").subject_id == str(world.database.pk)

    def test_a_password_beside_the_address_wins(self, world):
        source = commands.bind_source(
            actor=world.owner, database=world.database, address="mysql://doc:cu@h/d", password="moi"
        )
        assert password_of(source).reveal() == "moi"
        assert source.address == "mysql://doc@h:3306/d"

    def test_a_new_source_takes_the_place_and_the_old_password_is_destroyed(self, world, sources):
        first = commands.bind_source(
            actor=world.owner, database=world.database, address="postgresql://doc:x@h/d"
        )
        second = commands.bind_source(
            actor=world.owner, database=world.database, address=str(write_sqlite(sources / "a.sqlite"))
        )
        first.refresh_from_db()
        assert (first.state, first.secret) == (SourceState.RELEASED, None)
        assert not StoredSecret.objects.exists()
        assert queries.bound_source(world.database) == second
        assert second.kind == "sqlite"

    def test_a_file_that_is_handed_in_is_kept(self, world, tmp_path):
        content = write_csv(tmp_path / "x.csv").read_bytes()
        upload = SimpleUploadedFile("Đơn vị hành chính.csv", content, "text/csv")
        source = commands.bind_source(actor=world.owner, database=world.database, upload=upload)
        assert source.shown == "Đơn vị hành chính.csv"
        with queries.opened(source) as found:
            (table,) = found.tables()
            assert table.name == "don_vi_hanh_chinh"

    def test_the_product_itself_reads_any_path(self, world, tmp_path):
        path = write_sqlite(tmp_path / "ngoai.sqlite")
        with pytest.raises(errors.FolderNotAllowed):
            commands.bind_source(actor=world.owner, database=world.database, address=str(path))
        assert commands.bind_source(actor=SYSTEM, database=world.database, address=f"sqlite:///{path}")

    @pytest.mark.parametrize(
        ("given", "refusal"),
        [
            ({}, errors.SourceMissing),
            ({"address": "  "}, errors.SourceMissing),
            ({"address": "/x", "upload": SimpleUploadedFile("a.csv", b"x")}, errors.SourceGivenTwice),
            ({"upload": SimpleUploadedFile("a.exe", b"x")}, errors.FileKindRefused),
            ({"address": "mongodb://h/d"}, SourceKindUnknown),
            ({"address": "postgresql://h"}, SourceAddressInvalid),
            ({"address": "postgresql://h/d?sslkey=/k"}, errors.OptionNotAllowed),
            ({"address": "/etc/passwd"}, errors.FolderNotAllowed),
            ({"address": "sqlite:////etc/passwd"}, errors.FolderNotAllowed),
            ({"address": "a.csv"}, errors.FolderNotAllowed),
            ({"address": "postgresql://h/d", "secret_ref": "env:HOME"}, errors.SecretReferenceRefused),
            (
                {"address": "postgresql://h/d", "password": "x", "secret_ref": "env:LIENTHONG_SOURCE_X"},
                errors.SecretReferenceRefused,
            ),
        ],
    )
    def test_what_is_no_source_is_refused_and_nothing_is_kept(self, world, given, refusal):
        with pytest.raises(refusal):
            commands.bind_source(actor=world.owner, database=world.database, **given)
        assert not Source.objects.exists()
        assert not StoredSecret.objects.exists()

    def test_a_path_that_is_not_there_is_refused(self, world, sources):
        with pytest.raises(SourceNotFound):
            commands.bind_source(
                actor=world.owner, database=world.database, address=str(sources / "khong-co.csv")
            )

    def test_a_password_kept_elsewhere_is_fetched_when_needed(self, world, monkeypatch, data_directory):
        bind = {"actor": world.owner, "database": world.database, "address": "postgresql://doc@h/d"}
        source = commands.bind_source(**bind, secret_ref="env:LIENTHONG_SOURCE_HOTICH")
        with pytest.raises(errors.SecretUnreadable):
            password_of(source)
        monkeypatch.setenv("LIENTHONG_SOURCE_HOTICH", PASSWORD)
        assert password_of(source).reveal() == PASSWORD
        keys = data_directory / "keys" / "sources"
        keys.mkdir(parents=True)
        (keys / "hotich").write_text(PASSWORD + "\n", encoding="utf-8")
        source = commands.bind_source(**bind, secret_ref=f"file:{keys / 'hotich'}")
        assert password_of(source).reveal() == PASSWORD
        assert PASSWORD not in everything_stored()

    def test_a_key_that_was_lost_is_said(self, world, data_directory):
        source = commands.bind_source(
            actor=world.owner, database=world.database, address="postgresql://doc:x@h/d"
        )
        (data_directory / "keys" / "secrets.key").unlink()
        with pytest.raises(errors.SecretUnreadable):
            password_of(source)

    def test_a_source_is_released_with_its_password(self, world):
        commands.bind_source(actor=world.owner, database=world.database, address="postgresql://doc:x@h/d")
        commands.release_source(actor=world.owner, database=world.database)
        assert queries.bound_source(world.database) is None
        assert not StoredSecret.objects.exists()
        with pytest.raises(errors.SourceNotBound):
            commands.release_source(actor=world.owner, database=world.database)


@carries("SEC-01")
def test_the_source_of_a_secret_is_its_keepers_alone(world):
    mark_secret(actor=world.keeper, database=world.database, reason="r")
    world.database.refresh_from_db()
    with pytest.raises(NotAllowed):
        commands.bind_source(actor=world.owner, database=world.database, address="postgresql://h/d")
    assert commands.bind_source(actor=world.keeper, database=world.database, address="postgresql://h/d")
