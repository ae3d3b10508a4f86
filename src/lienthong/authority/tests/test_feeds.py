"""A copy that follows the changes feed of another node, served here over HTTPS under an own certificate."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lienthong.authority import commands
from lienthong.authority.demo import make_flow, reconcile_now, run_now
from lienthong.authority.feeds import NodeFeed
from lienthong.engine.errors import SourceUnreachable, WrongPassword
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.outbound.errors import OutboundRefused
from lienthong.foundation.tracing import carries

from .flow_world import MAPPING, Pair

KEY = "khoa-cua-nut"


def _certificate(folder: Path) -> tuple[Path, Path]:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    certificate, key = folder / "nut.crt", folder / "nut.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, key


class Node:
    """A node with a feed: changes in order, told two at a time behind a mark."""

    def __init__(self, folder: Path) -> None:
        self.changes: list[dict[str, Any]] = []
        self.columns: list[Any] = []
        certificate, key = _certificate(folder)
        self.certificate = certificate
        node = self

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                allowed = self.headers.get("Authorization") == f"Bearer {KEY}"
                body = json.dumps(node.page(self.path) if allowed else {}).encode()
                self.send_response(200 if allowed else 401)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.address = f"https://127.0.0.1:{self.server.server_address[1]}/chia-se/v1/xa/$thay-doi"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def page(self, path: str) -> dict[str, Any]:
        after = int(parse_qs(urlsplit(path).query).get("after", ["0"])[0])
        told = self.changes[after : after + 2]
        reached = after + len(told)
        return {
            "columns": self.columns,
            "changes": told,
            "next": str(reached),
            "more": reached < len(self.changes),
        }

    def says(self, change: str, code: str, name: str = "") -> None:
        row = {"ma_xa": code} if change == "delete" else {"ma_xa": code, "ten_xa": name, "ma_tinh": "01"}
        self.changes.append({"change": change, "row": row})


@pytest.fixture
def node(tmp_path) -> Iterator[Node]:
    found = Node(tmp_path)
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def following(world, node, settings, tmp_path, monkeypatch):
    """A flow that follows the node, and the table of the copy."""
    settings.DATA_DIR = tmp_path / "data"
    settings.OUTBOUND_ALLOWED, settings.OUTBOUND_CA = ["127.0.0.1"], str(node.certificate)
    monkeypatch.setenv("LIENTHONG_FEED_XA", KEY)
    pair = Pair(tmp_path)
    commands.bind_target(actor=SYSTEM, database=world.local, address=f"sqlite:///{pair.copy}")
    flow = make_flow(
        world.local, world.national, source_kind="feed", source_database=None, source_table="",
        feed_url=node.address, feed_secret_ref="env:LIENTHONG_FEED_XA", feed_owner="Nút của Bộ",
    )  # fmt: skip
    commands.map_columns(actor=SYSTEM, flow=flow, target_table="dm_xa", key=["ma"], columns=MAPPING)
    commands.activate_flow(actor=SYSTEM, flow=flow)
    return flow, pair


@carries("CON-01", "D278-12")
def test_a_copy_follows_the_feed_and_is_proved_equal_to_what_it_told(following, node):
    flow, pair = following
    for number in range(1, 13):
        node.says("insert", f"{number:05d}", f"Phường {number}")
    assert run_now(flow).inserted == 12
    node.says("update", "00002", "Phường mới")
    node.says("delete", "00003")
    run = run_now(flow)
    assert (run.rung, run.updated, run.deleted) == ("feed", 1, 1)
    assert (pair.held["00002"], "00003" in pair.held) == ("Phường mới", False)
    assert reconcile_now(flow).is_equal
    pair.in_copy("UPDATE dm_xa SET ten = 'sửa tay' WHERE ma = '00001'")
    assert reconcile_now(flow).changed == 1


@carries("CON-01")
def test_a_node_that_has_told_of_nothing_yet_has_an_empty_copy(following, node):
    # given a part of the node's rows that has none
    flow, pair = following
    pair.in_copy("DELETE FROM dm_xa")
    names = ["ma_xa", "ten_xa", "ma_tinh"]
    for columns in ([], names, [{"name": name, "type": "text"} for name in names]):
        node.columns = columns
        # when the copy follows it and is compared with it
        # then there is nothing to do, and nothing differs
        assert run_now(flow).read == 0
        assert reconcile_now(flow).is_equal
    node.says("insert", "00001", "Phường 1")
    assert run_now(flow).inserted == 1
    assert pair.held == {"00001": "Phường 1"}


@carries("SEC-01")
def test_what_goes_wrong_is_one_clear_refusal_without_the_key(following, node, settings, monkeypatch):
    flow, _pair = following
    monkeypatch.setenv("LIENTHONG_FEED_XA", "khoa-sai-1234")
    with pytest.raises(WrongPassword) as refusal:
        run_now(flow)
    assert "khoa-sai" not in str(refusal.value)
    settings.OUTBOUND_ALLOWED = []
    with pytest.raises(OutboundRefused):
        run_now(flow)


def test_a_node_that_does_not_answer_may_answer_later(node, settings):
    settings.OUTBOUND_ALLOWED, settings.OUTBOUND_CA = ["127.0.0.1"], str(node.certificate)
    node.server.shutdown()
    node.server.server_close()
    with pytest.raises(SourceUnreachable) as refusal:
        NodeFeed(node.address, lambda: KEY).page(None)
    assert refusal.value.transient


def test_a_condition_in_the_address_goes_along_with_every_mark(node, settings, monkeypatch):
    settings.OUTBOUND_ALLOWED, settings.OUTBOUND_CA = ["127.0.0.1"], str(node.certificate)
    for number in range(3):
        node.says("insert", f"{number:05d}", "Phường")
    asked: list[dict[str, list[str]]] = []
    told = node.page
    monkeypatch.setattr(
        node, "page", lambda path: (asked.append(parse_qs(urlsplit(path).query)), told(path))[1]
    )
    feed = NodeFeed(f"{node.address}?ma_tinh=01", lambda: KEY)
    first = feed.page(None)
    assert len(feed.page(str(first["next"]))["changes"]) == 1
    assert [(one["ma_tinh"], one.get("after")) for one in asked] == [(["01"], None), (["01"], ["2"])]
