"""Refusals of the command line."""

from __future__ import annotations

from lienthong.foundation.errors import DomainError


class DemoNeedsItsBanner(DomainError):
    """Accounts with printed passwords must never stand without the words that say so."""

    code = "cli.demo_needs_its_banner"
    status = 409
    vi = "Thư mục dữ liệu này chứa bản trình diễn (mật khẩu in sẵn) nên không dùng --no-demo được."
    en = "This data directory holds the demo (accounts with printed passwords), so --no-demo cannot be used."
    hint_vi = "Chọn một thư mục dữ liệu mới bằng --data."
    hint_en = "Choose a new data directory with --data."
