"""What the demo's officers write: descriptions of the columns of the national list and of the provincial copy."""

from __future__ import annotations

from typing import Any

# Table -> (title, description).
TABLES = {
    "tinh": ("Đơn vị hành chính cấp tỉnh", "34 tỉnh, thành phố từ ngày 01/07/2025."),
    "xa": ("Đơn vị hành chính cấp xã", "3.321 xã, phường, đặc khu từ ngày 01/07/2025."),
    "xa_cu": ("Đơn vị hành chính cấp xã trước sắp xếp", "10.040 xã, phường, thị trấn trước ngày 01/07/2025."),
    "anh_xa_xa": ("Đối chiếu đơn vị cấp xã cũ, mới", "Mỗi dòng nối một đơn vị cũ với một đơn vị mới."),
    "DM_DVHC": ("Danh mục đơn vị hành chính của tỉnh", "Bản dùng trong phần mềm một cửa của tỉnh."),
}

# Column -> (title, description, unit).
COLUMNS = {
    "ma_tinh": ("Mã tỉnh", "Mã 2 chữ số, giữ chữ số 0 ở đầu.", ""),
    "ten_tinh": ("Tên tỉnh", "Tên đầy đủ của tỉnh, thành phố.", ""),
    "ma_xa": ("Mã xã", "Mã 5 chữ số, giữ chữ số 0 ở đầu; là khóa.", ""),
    "ten_xa": ("Tên xã", "Tên đầy đủ của xã, phường, đặc khu.", ""),
    "loai": ("Loại đơn vị", "Xã, phường hoặc đặc khu.", ""),
    "dien_tich_km2": ("Diện tích", "Diện tích tự nhiên.", "km²"),
    "vi_do": ("Vĩ độ", "Vĩ độ điểm đại diện, hệ WGS 84.", "độ"),
    "kinh_do": ("Kinh độ", "Kinh độ điểm đại diện, hệ WGS 84.", "độ"),
    "hieu_luc_tu": ("Hiệu lực từ", "Ngày mã bắt đầu có hiệu lực.", ""),
    "so_thu_tu": ("Số thứ tự", "Số thứ tự dòng.", ""),
    "ma_xa_cu": ("Mã xã cũ", "Mã 5 chữ số trước ngày 01/07/2025.", ""),
    "ten_xa_cu": ("Tên xã cũ", "Tên trước ngày 01/07/2025.", ""),
    "ma_huyen_cu": ("Mã huyện cũ", "Mã 3 chữ số; cấp huyện không còn từ ngày 01/07/2025.", ""),
    "ten_huyen_cu": ("Tên huyện cũ", "Tên huyện trước ngày 01/07/2025.", ""),
    "ma_tinh_cu": ("Mã tỉnh cũ", "Mã 2 chữ số trước ngày 01/07/2025.", ""),
    "ten_tinh_cu": ("Tên tỉnh cũ", "Tên tỉnh trước ngày 01/07/2025.", ""),
    "kieu": ("Kiểu chuyển", "Nguyên xã hoặc chia tách.", ""),
    "mac_dinh": ("Mặc định", "Bằng 1 nếu là đơn vị mới mặc định khi xã cũ bị chia.", ""),
}

CLAUSES: dict[str, Any] = {
    "use_term": "12 tháng kể từ ngày cấp tài khoản kết nối; được gia hạn khi còn nhu cầu.",
    "log_retention_months": 24,
    "authentication": "required",
    "account_issuing": "Chủ quản cơ sở dữ liệu cấp cho từng hệ thống khai thác; thu hồi khi hết thời hạn hoặc vi phạm.",
    "conditions": "Khai thác đúng mục đích đã nêu trong yêu cầu; không chuyển cho bên thứ ba khi chưa được đồng ý.",
}

PROCESS = (
    "Cơ quan khai thác gửi yêu cầu trên hệ thống, nêu đủ bảy nội dung.",
    "Chủ quản cơ sở dữ liệu xem xét, trả lời trong thời hạn quy định.",
    "Chủ quản cơ sở dữ liệu cấp tài khoản; hai bên kiểm tra kết nối.",
    "Khi phát hiện sai lệch, cơ quan khai thác báo; chủ quản đính chính và thông báo lại.",
)

ASSESSMENT = {
    "quality": "Khóa duy nhất, không có khóa trống; toàn bộ mã tỉnh có trong danh mục tỉnh.",
    "standards": "Mã theo danh mục đơn vị hành chính hiện hành.",
    "upkeep": "Cập nhật khi có nghị quyết sắp xếp đơn vị hành chính.",
    "conclusion": "Đủ điều kiện dùng chung và mở.",
}

# Code suffix, name, name in English, tier, owner, unit, local base, purpose, secret.
OTHERS = (
    (
        "H99.02.DB01", "CSDL văn bản chỉ đạo, điều hành của tỉnh", "Steering documents of the province", "local",
        "H99", "H99.02", "built_for_egovernment", "Theo dõi nhiệm vụ do UBND tỉnh giao.", False,
    ),
    (
        "H99.11.DB01", "CSDL cơ sở khám bệnh, chữa bệnh của tỉnh", "Health facilities of the province", "local",
        "H99", "H99.11", "assigned_by_law", "Quản lý giấy phép hoạt động khám bệnh, chữa bệnh.", False,
    ),
    (
        "H99.02.DB90", "CSDL phương án bảo vệ trọng điểm", "Protection plans", "internal",
        "H99", "H99.02", "", "Phục vụ công tác bảo vệ.", True,
    ),
)  # fmt: skip

PROGRAMME = {
    "scope": "Toàn bộ cơ sở dữ liệu, hệ thống thông tin phục vụ kết nối, chia sẻ dữ liệu của các sở, ngành.",
    "guidance": (
        "1. Kết nối nguồn của từng cơ sở dữ liệu, khảo sát và kết luận đánh giá trên hệ thống.\n"
        "2. Rà soát thông tin từng hệ thống thông tin.\n"
        "3. Lập biên bản, gửi Sở Khoa học và Công nghệ đúng hạn."
    ),
    "place": "An Lộc",
}

# Code, operator, whether it was gone through this year, what is on record of it.
SYSTEMS: tuple[tuple[str, str, bool, dict[str, Any]], ...] = (
    (
        "H99.05.HT01", "H99.05", True,
        {
            "name": "Nền tảng tích hợp, chia sẻ dữ liệu của tỉnh", "name_en": "Integration and sharing platform",
            "kind": "platform", "purpose": "Kết nối các hệ thống của tỉnh với nhau và với nền tảng quốc gia.",
            "connection": "national_platform", "connected_to": "Nền tảng tích hợp, chia sẻ dữ liệu quốc gia",
            "standard": "REST, OpenAPI 3.1", "safety_level": 3, "safety_decision": "21/QĐ-UBND", "in_use_since": 2022,
        },
    ),
    (
        "H99.01.HT01", "H99.01", True,
        {
            "name": "Hệ thống thông tin cán bộ, công chức", "name_en": "Personnel system",
            "kind": "specialised", "purpose": "Quản lý hồ sơ cán bộ, công chức, viên chức của tỉnh.",
            "connection": "service", "standard": "REST, OpenAPI 3.1", "safety_level": 3,
            "safety_decision": "22/QĐ-UBND", "in_use_since": 2021,
        },
    ),
    (
        "H99.11.HT01", "H99.11", True,
        {
            "name": "Phần mềm cấp phép hành nghề", "name_en": "Licensing of medical practice",
            "kind": "specialised", "purpose": "Cấp, thu hồi giấy phép hành nghề khám bệnh, chữa bệnh.",
            "connection": "files", "safety_level": 2, "safety_decision": "23/QĐ-SYT", "in_use_since": 2016,
        },
    ),
    (
        "H99.02.HT01", "H99.02", False,
        {
            "name": "Hệ thống quản lý văn bản và điều hành", "name_en": "Document management",
            "kind": "documents", "purpose": "Gửi, nhận, xử lý văn bản điện tử của các cơ quan trong tỉnh.",
            "connection": "local_platform", "standard": "QCVN 102:2016", "safety_level": 2,
            "safety_decision": "24/QĐ-UBND", "in_use_since": 2017,
        },
    ),
)  # fmt: skip

AUDIT = {
    "lead": "Lê Thị Hồng Vân",
    "kind": "self",
    "aim": "Đánh giá độc lập dữ liệu và việc quản lý, sử dụng dữ liệu của tỉnh theo ba bộ chỉ số: quản trị; chất lượng và "
    "tuân thủ; công nghệ.",
}
JUDGED = {
    "governance_bodies": (
        3,
        "Đã xem quyết định giao nhiệm vụ bộ phận quản trị dữ liệu; chưa giao bộ phận tuân thủ.",
    ),
    "governance_papers": (
        2,
        "Có ma trận phân quyền của nền tảng tích hợp; chưa ban hành chính sách lưu giữ.",
    ),
    "rules_kept": (4, "Đã xem quy chế khai thác và nhật ký chia sẻ quý này; không thấy vi phạm."),
    "access_logs": (4, "Đã xem nhật ký nền tảng tích hợp; lưu 24 tháng."),
}
AUDIT_FINDINGS: tuple[dict[str, Any], ...] = (
    {
        "text": "Bản danh mục đơn vị hành chính của tỉnh còn tên xã trước sắp xếp và thiếu xã mới.",
        "action": "Đồng bộ theo danh mục quốc gia, dừng cập nhật bản riêng.",
        "light": "red",
        "follow_up": "upgrade",
    },
    {
        "text": "Chưa giao bộ phận tuân thủ; chưa ban hành chính sách lưu giữ dữ liệu.",
        "action": "Ban hành văn bản giao nhiệm vụ, chính sách lưu giữ trong quý tới.",
        "light": "yellow",
        "follow_up": "statement",
    },
)
AUDIT_CONCLUSION = "Dữ liệu của tỉnh được quản lý có hồ sơ, có khảo sát nguồn; chất lượng bản danh mục địa phương chưa bảo đảm."

# What the province catalogued a year ago: code, unit, name, name in English, purpose, columns.
CATALOGUED = (
    (
        "H99.05.DB01",
        "H99.05",
        "CSDL văn bản, hồ sơ công việc của tỉnh An Lộc",
        "Documents and files of An Loc province",
        "Quản lý văn bản, hồ sơ công việc điện tử của các sở.",
        (
            ("Số văn bản", "text"),
            ("Trích yếu", "text"),
            ("Ngày ban hành", "date"),
            ("Đơn vị soạn thảo", "text"),
        ),
    ),
    (
        "H99.02.DB02",
        "H99.02",
        "CSDL phản ánh, kiến nghị của người dân tỉnh An Lộc",
        "Petitions of citizens of An Loc province",
        "Tiếp nhận, theo dõi xử lý phản ánh, kiến nghị.",
        (("Mã phiếu", "text"), ("Lĩnh vực", "text"), ("Ngày tiếp nhận", "date"), ("Kết quả xử lý", "text")),
    ),
)
REPLACED = "Đã chuyển sang hệ thống phản ánh, kiến nghị dùng chung; dữ liệu cũ lưu tại Văn phòng UBND tỉnh."
