"""Which addresses may be asked, and which never."""

from __future__ import annotations

import pytest

from lienthong.foundation.outbound.asking import ask, may_ask
from lienthong.foundation.outbound.errors import OutboundAddressInvalid, OutboundRefused


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("8.8.8.8", True),
        ("2606:4700:4700::1111", True),
        ("127.0.0.1", False),
        ("10.0.0.5", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("fe80::1%eth0", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
    ],
)
def test_only_public_addresses_may_be_asked(settings, address, allowed):
    settings.OUTBOUND_ALLOWED = []
    assert may_ask("may-chu.example", address) is allowed


def test_what_was_opened_by_name_or_range_may_be_asked(settings):
    settings.OUTBOUND_ALLOWED = ["trucs.example", "10.20.0.0/16"]
    assert may_ask("TRUCS.example", "192.168.1.1")
    assert may_ask("khac.example", "10.20.3.4")
    assert not may_ask("khac.example", "10.21.3.4")


@pytest.mark.parametrize(
    "url", ["http://8.8.8.8/", "https://", "https://a:b@8.8.8.8/", "ftp://x/", "https://x:abc/", ""]
)
def test_an_address_of_another_form_is_refused(url):
    with pytest.raises(OutboundAddressInvalid):
        ask(url)


def test_a_private_address_is_refused_before_anything_is_sent(settings):
    settings.OUTBOUND_ALLOWED = []
    with pytest.raises(OutboundRefused) as refusal:
        ask("https://127.0.0.1:1/")
    assert "127.0.0.1" in refusal.value.text("vi")
