"""Accounts from the command line."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from lienthong.agencies.models import Post
from lienthong.cli.user import user
from lienthong.foundation.accounts.models import User
from lienthong.foundation.events.models import Event

pytestmark = pytest.mark.django_db

GOOD = "con-ngua-o-dong-noi"


@pytest.fixture
def run(tmp_path, monkeypatch):
    (tmp_path / "control.db").touch()
    monkeypatch.setenv("LIENTHONG_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MAT_KHAU", GOOD)
    return lambda *words, **options: CliRunner().invoke(user, [*words, "--data", str(tmp_path)], **options)


def test_an_account_from_the_beginning_to_the_end(run):
    added = run("add", "hoa", "--name", "Nguyễn Thị Hoa", "--password-env", "MAT_KHAU")
    assert added.exit_code == 0, added.output
    assert User.objects.get().check_password(GOOD)
    assert GOOD not in added.output
    assert "Nguyễn Thị Hoa" in run("list").output
    changed = run("password", "hoa", input="mat-khau-moi-cua-hoa\nmat-khau-moi-cua-hoa\n")
    assert changed.exit_code == 0
    assert "mat-khau-moi" not in changed.output
    assert User.objects.get().check_password("mat-khau-moi-cua-hoa")
    assert run("disable", "hoa").exit_code == 0
    assert "disabled" in run("list").output
    assert [
        event.name for event in Event.objects.filter(subject_kind="accounts.user").order_by("occurred_at")
    ] == [
        "people.AccountOpened",
        "people.PasswordGiven",
        "people.AccountDisabled",
    ]
    assert GOOD not in str(list(Event.objects.values()))


def test_a_refusal_is_one_line_and_code_2(run, tmp_path):
    for refused in (
        run("add", "hoa", "--name", "Hoa", input="123\n123\n"),
        run("add", "hoa", "--name", "Hoa", "--password-env", "KHONG_CO"),
        run("disable", "khong-co"),
        CliRunner().invoke(user, ["list", "--data", str(tmp_path / "absent")]),
    ):
        assert refused.exit_code == 2
        assert refused.stderr.count("\n") == 1
        assert " / " in refused.stderr
    assert not (tmp_path / "absent").exists()


def test_no_command_takes_a_password_as_a_word(run):
    assert run("add", "hoa", "--name", "Hoa", "--password", GOOD).exit_code == 2
    assert run("password", "hoa", GOOD).exit_code == 2
    assert not User.objects.exists()


def test_the_first_administrator_comes_from_the_command_line(run):
    run("add", "hoa", "--name", "Nguyễn Thị Hoa", "--password-env", "MAT_KHAU")
    assert run("administrator", "hoa", "--agency-code", "H41").exit_code == 2
    assert run("administrator", "ai-do", "--agency-code", "H41", "--agency-name", "UBND tỉnh").exit_code == 2
    for _ in range(2):
        made = run(
            "administrator", "hoa", "--agency-code", "000.00.00.H41", "--agency-name", "UBND tỉnh Nghệ An"
        )
        assert made.exit_code == 0, made.output
    post = Post.objects.get()
    assert (post.person.username, post.agency.code, post.role) == ("hoa", "H41", "administrator")
