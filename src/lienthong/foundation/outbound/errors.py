"""What is refused, or fails, when another machine is asked."""

from __future__ import annotations

from lienthong.foundation.errors import DomainError


class OutboundRefused(DomainError):
    """The address leads to a place that this server may not ask."""

    code = "outbound.refused"
    status = 422
    vi = "Máy chủ này không được kết nối tới {host}: địa chỉ nội bộ chưa được mở."
    en = "This server may not connect to {host}: a private address that was not opened."
    hint_vi = "Người vận hành thêm tên máy chủ hoặc dải địa chỉ vào LIENTHONG_OUTBOUND_ALLOWED."
    hint_en = "Whoever runs the server adds the host or its range to LIENTHONG_OUTBOUND_ALLOWED."


class OutboundAddressInvalid(DomainError):
    code = "outbound.address_invalid"
    status = 422
    vi = "Địa chỉ không dùng được: phải là https://, không kèm tài khoản."
    en = "The address cannot be used: it must be https://, without a user."
    hint_vi = "Kiểm tra lại địa chỉ."
    hint_en = "Check the address."
