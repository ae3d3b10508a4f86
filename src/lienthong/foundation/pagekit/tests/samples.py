"""One use of every component, as a builder of pages would write it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone


class SampleForm(forms.Form):
    purpose = forms.CharField(label="Mục đích", help_text="Nêu nhiệm vụ.", widget=forms.Textarea)
    rows = forms.IntegerField(label="Số lượt")
    way = forms.ChoiceField(
        label="Phương thức", choices=[("a", "API"), ("b", "Tệp")], widget=forms.RadioSelect
    )
    sure = forms.BooleanField(label="Đã kiểm tra")
    number = forms.CharField(widget=forms.HiddenInput)


def context() -> dict[str, Any]:
    now = timezone.now()
    return {
        "clock": {"due_at": now + timedelta(days=9), "remaining": 3, "unit": "working_day", "mark": "agency"},
        "late": {"due_at": now - timedelta(days=9), "remaining": -3, "unit": "working_day"},
        "now": now,
        "form": SampleForm({"rows": "ba"}),
        "clean": SampleForm(),
        "stops": [
            {"name": "Đăng ký", "state": "done", "href": "/1/"},
            {"name": "Chồng lấn", "state": "blocked", "detail": "1 việc", "href": "/2/"},
            {"name": "Khai thác", "state": "todo"},
        ],
        "events": [{"at": datetime(2026, 11, 18, 9, 12, tzinfo=now.tzinfo), "actor": "Sở Y tế", "text": "gửi <b>"}],
        "files": [{"name": "CSV (cho Excel)", "href": "/a.csv", "bytes": 2_400_000, "format": "CSV"}],
        "parts": [{"label": "Đạt", "value": 96, "kind": "ok"}, {"label": "Quá hạn", "value": 4, "kind": "late"}],
        "job": {"title": "Khảo sát", "state": "running", "percent": 41, "message": "Bảng 3/12", "poll_url": "/j/", "stop_url": "/s/"},
        "finished": {"title": "Khảo sát", "state": "done", "percent": 100, "message": "12 bảng", "result_url": "/r/"},
        "options": [{"label": "Bộ Nội vụ", "count": 1214, "href": "?a=1", "active": True}],
        "links": [{"label": "hộ tịch", "href": "/?q=1", "note": "2 MB"}],
    }  # fmt: skip


# component: (source, what its rendering must hold in Vietnamese)
SAMPLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "icon": ('<c-icon name="check" /><c-icon name="lock" size="20" label="Khóa" />', ("icons.svg#check", 'aria-label="Khóa"')),
    "badge": ('<c-badge kind="ok" icon="open">Dữ liệu mở</c-badge>', ("is-ok", "Dữ liệu mở")),
    "tier": ('<c-tier level="4">Địa phương</c-tier>', ("tier-4", "Địa phương")),
    "state": ('<c-state kind="met" /><c-state kind="due">Sắp hết</c-state>', ("Đạt", "is-due", "Sắp hết")),
    "clock": ('<c-clock :clock="clock" />', ("Còn 3 ngày làm việc", "hết hạn", "(cơ quan đặt)", "is-ok")),
    "masked": ('<c-masked value="079...12" />', ("079...12", "Đã che: dữ liệu cá nhân")),
    "number": ('<c-number :value="1284" label="bộ dữ liệu" href="/x/" />', ("1.284", "bộ dữ liệu", 'href="/x/"')),
    "copy": ('<c-copy value="lt_1" label="Khóa" />', ('value="lt_1"', "Sao chép", "readonly")),
    "crumb": ('<c-crumb href="/x/">Việc</c-crumb>', ('href="/x/"', "Việc")),
    "button": ('<c-button href="/x/" icon="key">Cấp tài khoản</c-button><c-button form="f" name="a" value="1">Gửi</c-button>', ('<a class="btn btn-primary" href="/x/"', 'form="f"', 'name="a"', 'type="submit"')),
    "menu": ('<c-menu label="Tải xuống" :items="links" />', ("<summary", "hộ tịch", "2 MB")),
    "panel": ('<c-panel title="Nội dung" id="p" level="3"><c-slot name="actions"><a href="/">Xem</a></c-slot>Thân</c-panel>', ("<h3>Nội dung</h3>", 'id="p"', "panel-actions", "Thân")),
    "split": ('<c-split aside_first>Chính<c-slot name="aside">Phụ</c-slot></c-split>', ("split-aside-first", "Chính", "Phụ")),
    "pair": ("<c-pair><div>a</div><div>b</div></c-pair>", ("<div>a</div>",)),
    "notice": ('<c-notice kind="secret" title="Bí mật"><p>Không chia sẻ</p></c-notice>', ("is-secret", "Bí mật", "#lock")),
    "proposal": ('<c-proposal title="Đồng bộ" reason="98,7% đúng" />', ("Đề xuất: Đồng bộ", "98,7% đúng")),
    "empty": ('<c-empty kind="filtered" text="Không có kết quả" clear_url="/x/" />', ("Không có kết quả", "Bỏ điều kiện lọc", 'href="/x/"')),
    "summary_list": ('<c-summary-list><c-summary-row label="A">B</c-summary-row></c-summary-list>', ("<dl", "<dt>A</dt>", "B")),
    "summary_row": ('<dl><c-summary-row label="Mục đích" href="/x/">B</c-summary-row></dl>', ("Sửa", '<span class="visually-hidden"> Mục đích</span>')),
    "check_answers": ('<c-check-answers title="Kiểm tra" href="/x/"><c-summary-row label="A">B</c-summary-row></c-check-answers>', ("Kiểm tra", "<dt>A</dt>")),
    "table": ('<c-table caption="Bảng xã"><tbody><tr><td class="num">{{ 1234.5|number }}</td></tr></tbody></c-table>', ("<caption>Bảng xã</caption>", "1.234,5", 'tabindex="0"')),
    "timeline": ('<c-timeline :events="events" />', ("Sở Y tế:", "gửi &lt;b&gt;", "<time datetime=")),
    "event": ('<ol><c-event :at="now" actor="Hệ thống" href="/x/">nhắc</c-event></ol>', ("Hệ thống:", "nhắc", 'href="/x/"')),
    "file_list": ('<c-file-list :files="files" />', ("CSV (cho Excel)", "CSV, 2,4 MB")),
    "tabs": ('<c-tabs><c-tab href="/x/" current :count="1200">Bảng</c-tab></c-tabs>', ("<nav", 'aria-current="page"', "1.200")),
    "tab": ('<ul><c-tab href="/x/">API</c-tab></ul>', ('href="/x/"', "API")),
    "pager": ('<c-pager next_url="?sau=9">1-100 trong 214 dòng</c-pager>', ("1-100 trong 214 dòng", 'rel="next"', "Trước", "Sau")),
    "list": ('<c-list title="Quá hạn" :count="1"><li>x</li></c-list>', ("Quá hạn (1)", "data-keys")),
    "list_row": ('<ul><c-list-row href="/x/" title="Danh mục"><c-slot name="meta">CSV</c-slot>Dòng</c-list-row></ul>', ("Danh mục", "CSV", "Dòng")),
    "inbox_row": ('<ul><c-inbox-row href="/x/" number="YC-2026-0141" act="trả lời" party="Sở Y tế" thing="CSDL" :clock="late" /></ul>', ("row-late", "YC-2026-0141:", "Sở Y tế | CSDL", "Quá hạn 3 ngày làm việc")),
    "facets": ('<c-facets :active="2" clear_url="/x/"><c-facet title="Cơ quan" :options="options" /></c-facets>', ("Lọc (2)", "Bỏ điều kiện lọc", "Xem kết quả")),
    "facet": ('<c-facet title="Cơ quan" :options="options" />', ("Bộ Nội vụ", "1.214", 'aria-current="true"')),
    "search": ('<c-search action="/tim-kiem/" value="hộ tịch" size="hero" :examples="links" />', ('value="hộ tịch"', "Ví dụ:", 'role="search"')),
    "hero": ("<c-hero>Tìm</c-hero>", ("hero", "Tìm")),
    "error_summary": ('<c-error-summary :form="form" />', ("Có 5 nội dung cần sửa", 'href="#id_rows"', "Số lượt: Nhập số nguyên", 'tabindex="-1"')),
    "form": ('<c-form :form="form" id="f" submit="Gửi" cancel_url="/x/"><c-field :field="form.rows" /></c-form>', ("csrfmiddlewaretoken", "errors-box", ">Gửi<", "Hủy bỏ", 'id="f"')),
    "field": ('{% for field in form %}<c-field :field="field" />{% endfor %}', ("<label", "Nêu nhiệm vụ.", 'aria-invalid="true"', 'aria-describedby="id_purpose_helptext id_purpose_error"', "<legend>Phương thức</legend>")),
    "fieldset": ('<c-fieldset legend="Liên hệ" hint="Giờ hành chính">x</c-fieldset>', ("<legend>Liên hệ</legend>", "Giờ hành chính")),
    "lifeline": ('<c-lifeline :stops="stops"><p>tiếp</p></c-lifeline>', ("Bước 2/3: Chồng lấn", "stop-done", "stop-blocked", "stop-todo", "đang vướng", 'aria-current="step"', "tiếp")),
    "next_act": ('<c-next-act text="ký"><c-button>Ký</c-button></c-next-act>', ("Việc tiếp theo:", "ký")),
    "gate": ('<c-gate><c-gate-item state="failed" title="Quy chế" basis="REG-04" found="Đã xem 14" href="/x/" action="Soạn" /></c-gate>', ("Chưa đạt", "(REG-04)", "Đã xem 14", "Soạn")),
    "gate_item": ('<ul><c-gate-item state="met" title="Cấu trúc" found="42/42" /></ul>', ("Đạt", "gate-met", "42/42")),
    "bar": ('<c-bar :value="3.4" label="Ô trống" kind="due" />', ('width="3.4"', "3,4%", "Ô trống: 3,4%")),
    "interval": ('<c-interval :value="97.7" :low="95" :high="99" label="Chung" />', ('width="97.7"', "97,7%", "95–99%", "trong khoảng 95 đến 99%")),
    "stack_bar": ('<c-stack-bar :parts="parts" label="Đạt 96/100" />', ('x="96.00"', 'width="4.00"', "Đạt 96/100", "<b>96</b>")),
    "overlap": ('<c-overlap label="Hai bên"><c-overlap-side name="A" column="x.y" :value="3.1" :low="2.4" :high="4.0"><c-slot name="tier"><c-tier level="2">Ngành</c-tier></c-slot></c-overlap-side></c-overlap>', ("Hai bên", "x.y", "3,1%", "tier-2", "2,4–4%")),
    "overlap_side": ('<c-overlap-side name="A" :value="50" />', ("50%", "A")),
    "job_progress": ('<c-job-progress :job="job" /><c-job-progress :job="finished" id="j2" />', ('value="41"', "Bảng 3/12: 41%", 'hx-get="/j/"', "every 2s", "Dừng", "Xem kết quả", "csrfmiddlewaretoken")),
}  # fmt: skip
