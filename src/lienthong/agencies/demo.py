"""Agencies, people and posts to try things on: factories for tests, and the make-believe world of the demo.

The demo's world. An Lộc is no province; the two ministries say in their names that they are a demonstration.

| code | agency | part it plays |
|---|---|---|
| H99 | UBND tỉnh An Lộc | owner (chủ quản) of the province's databases |
| H99.01 | Sở Nội vụ | manages the provincial list of communes |
| H99.02 | Văn phòng UBND tỉnh | keeps papers and secrets |
| H99.05 | Sở Khoa học và Công nghệ | IT unit of the province |
| H99.11 | Sở Y tế | consumes data of others |
| H99.61 to H99.65 | five communes | all but one have a contact for data |
| G99, G99.10 | Bộ Nội vụ (trình diễn), its IT centre | owner of the national list of administrative units |
| G98, G98.01 | Bộ Công an (trình diễn), its national data centre | coordinating ministry |

Who holds which role. A post that reaches down (head, IT unit) stands at the agency over which it reaches, so
the officer of the department that is the province's IT unit holds it at H99 first, and there as well.

| user name | role | unit |
|---|---|---|
| dau-moi | focal officer | H99 |
| chu-quan | database owner | H99.01 |
| cntt | IT unit | H99, H99.05 |
| nguoi-dung-dau | head | H99 |
| khai-thac | officer of a consumer agency | H99.11 |
| giu-mat | keeper of secrets | H99 |
| quan-tri | administrator, without right to data | H99 |
| chu-quan-bo | database owner | G99 |
| nguoi-dung-dau-bo | head | G99 |
| dieu-phoi | coordinating ministry | G98.01 |

The other two of the ten roles have no account here: a citizen needs none, and a consumer system is given a
connection account by `sharing` when its request is granted.
"""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.accounts.models import User

from . import commands
from .acting import actor_for
from .commands.posts import place_in_post
from .indexing import search_rows
from .models import Agency, AgencyKind, FocalAppointment, FocalState, GovernanceCase, Post
from .queries import posts_on
from .roles import Role

WORDS = (
    "sen",
    "lua",
    "gio",
    "nui",
    "song",
    "bien",
    "tre",
    "may",
    "sao",
    "trang",
    "nang",
    "mua",
    "cau",
    "chim",
    "hoa",
)
FOUNDED = date(2025, 7, 1)
DECIDED = date(2025, 7, 15)


def make_agency(
    code: str = "H99",
    name: str = "UBND tỉnh An Lộc",
    *,
    kind: str = AgencyKind.PROVINCE,
    parent: Agency | None = None,
    actor: Actor = SYSTEM,
    **more: Any,
) -> Agency:
    """The agency with this code, entered if it is not there yet."""
    found = Agency.objects.filter(code=code).first()
    if found is not None:
        return found
    return commands.found_agency(actor=actor, code=code, name=name, kind=kind, parent=parent, **more)


def make_person(
    username: str, full_name: str = "", *, email: str = "", phone: str = "", printed_password: bool = False
) -> User:
    """The account with this user name, made if needed; it can sign in only with a printed password."""
    found = User.objects.filter(username=username).first()
    if found is not None:
        return found
    person = User(
        username=username,
        full_name=full_name or username,
        email=email or f"{username}@anloc.example",
        phone=phone,
    )
    if printed_password:
        person.demo_password = demo_password()
        person.set_password(person.demo_password)
    else:
        person.set_unusable_password()
    person.save()
    return person


def make_post(
    person: User,
    agency: Agency,
    role: str,
    *,
    title: str = "",
    valid_from: date | None = FOUNDED,
    actor: Actor = SYSTEM,
) -> Post:
    """That a person holds a role in an agency today, from a date in the past on."""
    found = posts_on(person.pk, date.today()).filter(agency=agency, role=role).first()
    if found is not None:
        return found
    return place_in_post(
        actor=actor, person=person, agency=agency, role=role, title=title, valid_from=valid_from
    )


def make_actor(agency: Agency, role: str, *, username: str = "", **more: Any) -> Actor:
    """Somebody who acts for an agency in a role."""
    person = make_person(username or f"{role.replace('_', '-')}-{agency.code.lower()}")
    return actor_for(make_post(person, agency, role), **more)


def make_focal_officer(
    agency: Agency,
    full_name: str = "Nguyễn Thị Thu Hà",
    *,
    person: User | None = None,
    position: str = "Chuyên viên chính",
    phone: str = "0200 3800 100",
    email: str = "dau-moi@anloc.example",
    decision_number: str = "15/QĐ-UBND",
    decision_date: date = DECIDED,
    published: bool = True,
    actor: Actor = SYSTEM,
) -> FocalAppointment:
    """The focal officer of an agency: nominated, appointed and, unless told otherwise, published."""
    found = agency.focal_appointments.filter(state__in=[FocalState.APPOINTED, FocalState.PUBLISHED]).first()
    if found is None:
        nominated = commands.nominate_focal_officer(
            actor=actor,
            agency=agency,
            full_name=full_name,
            position=position,
            function="Đầu mối quản lý, kết nối và chia sẻ dữ liệu của cơ quan",
            phone=phone,
            email=email,
            person=person,
            professional_field="Công nghệ thông tin, quản trị dữ liệu",
            capability="Tham mưu cho người đứng đầu về quản lý, kết nối, chia sẻ và mở dữ liệu.",
        )
        found = commands.appoint_focal_officer(
            actor=actor,
            appointment=nominated,
            decision_number=decision_number,
            decision_date=decision_date,
            duties=(
                "Tổng hợp danh mục cơ sở dữ liệu; theo dõi việc kết nối, chia sẻ; "
                "tiếp nhận và trả lời vướng mắc từ trong và ngoài cơ quan."
            ),
            powers=(
                "Yêu cầu các đơn vị cung cấp thông tin về dữ liệu; làm việc trực tiếp với đầu mối "
                "của cơ quan khác; báo cáo người đứng đầu khi có vướng mắc."
            ),
        )
    if published and found.state == FocalState.APPOINTED:
        found = commands.publish_focal_officer(actor=actor, appointment=found)
    return found


def demo_password() -> str:
    """A password that can be read off a page and typed: three words and four digits."""
    return "-".join([*(secrets.choice(WORDS) for _ in range(3)), f"{secrets.randbelow(9000) + 1000}"])


AGENCIES: tuple[tuple[str, str, str, AgencyKind, str], ...] = (
    ("H99", "UBND tỉnh An Lộc", "An Loc Provincial People's Committee", AgencyKind.PROVINCE, ""),
    ("H99.01", "Sở Nội vụ tỉnh An Lộc", "An Loc Department of Home Affairs", AgencyKind.DEPARTMENT, "H99"),
    (
        "H99.02",
        "Văn phòng UBND tỉnh An Lộc",
        "Office of the An Loc People's Committee",
        AgencyKind.DEPARTMENT,
        "H99",
    ),
    (
        "H99.05",
        "Sở Khoa học và Công nghệ tỉnh An Lộc",
        "An Loc Department of Science and Technology",
        AgencyKind.DEPARTMENT,
        "H99",
    ),
    ("H99.11", "Sở Y tế tỉnh An Lộc", "An Loc Department of Health", AgencyKind.DEPARTMENT, "H99"),
    ("G99", "Bộ Nội vụ (trình diễn)", "Ministry of Home Affairs (demonstration)", AgencyKind.MINISTRY, ""),
    (
        "G99.10",
        "Trung tâm Công nghệ thông tin, Bộ Nội vụ (trình diễn)",
        "IT Centre, Ministry of Home Affairs (demonstration)",
        AgencyKind.UNIT,
        "G99",
    ),
    (
        "G98",
        "Bộ Công an (trình diễn)",
        "Ministry of Public Security (demonstration)",
        AgencyKind.MINISTRY,
        "",
    ),
    (
        "G98.01",
        "Trung tâm Dữ liệu quốc gia (trình diễn)",
        "National Data Centre (demonstration)",
        AgencyKind.UNIT,
        "G98",
    ),
)

# User name, full name, and the posts: unit, role, position.
PEOPLE: tuple[tuple[str, str, tuple[tuple[str, Role, str], ...]], ...] = (
    ("dau-moi", "Nguyễn Thị Thu Hà", ()),
    (
        "chu-quan",
        "Trần Văn Bình",
        (("H99.01", Role.DATABASE_OWNER, "Trưởng phòng Xây dựng chính quyền"),),
    ),
    (
        "cntt",
        "Lê Hoàng Nam",
        (
            ("H99", Role.IT_UNIT, "Phó Giám đốc Sở Khoa học và Công nghệ"),
            ("H99.05", Role.IT_UNIT, "Phó Giám đốc Sở"),
        ),
    ),
    ("nguoi-dung-dau", "Phạm Quốc Tuấn", (("H99", Role.HEAD, "Chủ tịch UBND tỉnh"),)),
    ("khai-thac", "Đỗ Thị Mai Anh", (("H99.11", Role.CONSUMER_OFFICER, "Chuyên viên phòng Nghiệp vụ"),)),
    ("giu-mat", "Hoàng Thị Lan", (("H99", Role.SECRETS_KEEPER, "Phó Chánh Văn phòng UBND tỉnh"),)),
    ("quan-tri", "Bùi Thanh Sơn", (("H99", Role.ADMINISTRATOR, "Quản trị hệ thống"),)),
    (
        "chu-quan-bo",
        "Ngô Thị Bích Ngọc",
        (("G99", Role.DATABASE_OWNER, "Vụ trưởng Vụ Chính quyền địa phương"),),
    ),
    ("nguoi-dung-dau-bo", "Đặng Văn Hùng", (("G99", Role.HEAD, "Bộ trưởng (trình diễn)"),)),
    (
        "dieu-phoi",
        "Vũ Minh Đức",
        (("G98.01", Role.COORDINATING_MINISTRY, "Trưởng phòng Điều phối dữ liệu"),),
    ),
)

# Agency, focal officer, account if there is one, position, decision number.
FOCAL_OFFICERS: tuple[tuple[str, str, str, str, str], ...] = (
    ("H99", "Nguyễn Thị Thu Hà", "dau-moi", "Chuyên viên chính, Văn phòng UBND tỉnh", "1215/QĐ-UBND"),
    ("H99.01", "Phan Đình Khôi", "", "Chuyên viên phòng Xây dựng chính quyền", "84/QĐ-SNV"),
    ("H99.02", "Lý Thị Kim Oanh", "", "Chuyên viên Trung tâm Phục vụ hành chính công", "31/QĐ-VP"),
    ("H99.05", "Đinh Công Thành", "", "Phó Trưởng phòng Chuyển đổi số", "127/QĐ-SKHCN"),
    ("H99.11", "Trương Ngọc Ẩn", "", "Chuyên viên phòng Kế hoạch, Tài chính", "208/QĐ-SYT"),
    ("G99", "Trịnh Thị Hồng Vân", "", "Phó Giám đốc Trung tâm Công nghệ thông tin", "655/QĐ-BNV"),
    ("G98", "Dương Văn Lượng", "", "Trưởng phòng Trung tâm Dữ liệu quốc gia", "4410/QĐ-BCA"),
)


def fill_agencies(actor: Actor = SYSTEM) -> dict[str, dict[str, Any]]:
    """Enter the demo's agencies, people, posts and focal officers; doing it again changes nothing.

    Returns `agencies` by code, `people` by user name, `actors` by user name (each in the first post; for
    `cntt` the one that reaches over the province).
    """
    agencies: dict[str, Agency] = {}
    for place, (code, name, name_en, kind, parent) in enumerate(AGENCIES, start=1):
        agencies[code] = make_agency(
            code,
            name,
            kind=kind,
            parent=agencies.get(parent),
            actor=actor,
            name_en=name_en,
            address="Số 1 đường Trung Tâm, An Lộc" if code.startswith("H") else "Số 9 phố Trình Diễn",
            phone=f"0200 3800 0{place:02d}",
            email=f"{code.lower()}@{_domain(code)}",
            valid_from=FOUNDED,
        )
    people: dict[str, User] = {}
    for username, full_name, posts in PEOPLE:
        domain = _domain(posts[0][0] if posts else "H99")
        people[username] = make_person(
            username, full_name, email=f"{username}@{domain}", printed_password=True
        )
        for code, role, title in posts:
            make_post(people[username], agencies[code], role, title=title, actor=actor)
    for place, (code, full_name, username, position, decision) in enumerate(FOCAL_OFFICERS, start=1):
        make_focal_officer(
            agencies[code],
            full_name,
            person=people.get(username),
            position=position,
            phone=f"0200 3800 1{place:02d}",
            email=f"dau-moi.{code.lower()}@{_domain(code)}",
            decision_number=decision,
            actor=actor,
        )
    search_rows()
    return {"agencies": agencies, "people": people, "actors": actors_of(people)}


# Body, unit that does its work, its leader; two are still to be given, so that the way is seen half gone.
BODIES: tuple[tuple[str, str, str, str], ...] = (
    ("governance", "H99.05", "Lê Hoàng Nam", "Phó Giám đốc Sở Khoa học và Công nghệ"),
    ("engineering", "H99.05", "Đinh Công Thành", "Phó Trưởng phòng Chuyển đổi số"),
    ("creation", "H99.01", "Trần Văn Bình", "Trưởng phòng Xây dựng chính quyền"),
)


# Communes of the province, and who answers for data in each; one has nobody yet.
COMMUNES: tuple[tuple[str, str, str, str, str], ...] = (
    ("H99.61", "UBND phường An Hòa", "An Hoa Ward People's Committee", "Vũ Thị Ngát", "Công chức Văn phòng"),
    ("H99.62", "UBND phường Đông Lộc", "Dong Loc Ward People's Committee", "Lại Văn Thịnh", "Phó Chánh Văn phòng"),
    ("H99.63", "UBND xã Bình Ẩm", "Binh Am Commune People's Committee", "Đàm Thị Ửng", "Công chức Tư pháp"),
    ("H99.64", "UBND xã Phú Lễ", "Phu Le Commune People's Committee", "Quách Minh Ổn", "Công chức Văn hóa"),
    ("H99.65", "UBND xã Long Thạnh", "Long Thanh Commune People's Committee", "", ""),
)  # fmt: skip


def _fill_communes(province: Agency, decided: date, actor: Actor) -> None:
    for place, (code, name, name_en, contact, position) in enumerate(COMMUNES, start=1):
        mail = f"{code.lower()}@anloc.example"
        commune = make_agency(
            code,
            name,
            kind=AgencyKind.COMMUNE,
            parent=province,
            actor=actor,
            name_en=name_en,
            phone=f"0200 3800 4{place:02d}",
            email=mail,
            valid_from=FOUNDED,
        )
        if contact:
            commands.name_commune_contact(
                actor=actor,
                agency=province,
                unit=commune,
                full_name=contact,
                position=position,
                phone=f"0200 3800 5{place:02d}",
                email=f"du-lieu.{mail}",
                decision_number="1713/QĐ-UBND",
                decision_date=decided,
            )


def fill_governance(actor: Actor = SYSTEM) -> GovernanceCase:
    """The province's set-up of data governance, part of the way; doing it again changes nothing.

    The law must have been loaded: the terms come from there.
    """
    today = date.today()
    decided = min(date(2026, 10, 5), today)
    province = Agency.objects.get(code="H99")
    found = GovernanceCase.objects.filter(agency=province).first()
    if found is not None:
        return found
    case = commands.begin_governance_setup(actor=actor, agency=province)
    commands.set_up_steering_committee(
        actor=actor,
        agency=province,
        leader_name="Phạm Quốc Tuấn",
        leader_position="Chủ tịch UBND tỉnh",
        members="Giám đốc Sở Khoa học và Công nghệ (Phó Trưởng ban thường trực); Giám đốc các sở; Giám đốc Công an tỉnh.",
        decision_number="142/QĐ-UBND",
        decision_date=min(date(2026, 1, 28), today),
    )
    commands.record_status_review(
        actor=actor,
        case=case,
        findings=(
            "Đã có ban chỉ đạo và cán bộ đầu mối; chưa phân công đủ năm bộ phận; "
            "nền tảng dữ liệu của tỉnh vận hành, chưa lắp đặt Agent Node."
        ),
        reviewed_on=min(date(2026, 9, 25), today),
    )
    commands.appoint_data_officer(
        actor=actor,
        agency=province,
        full_name="Lê Hoàng Nam",
        position="Phó Giám đốc Sở Khoa học và Công nghệ",
        phone="0200 3800 205",
        email="le.hoang.nam@anloc.example",
        unit=Agency.objects.get(code="H99.05"),
        person=User.objects.filter(username="cntt").first(),
        decision_number="1710/QĐ-UBND",
        decision_date=decided,
    )
    for kind, code, leader, position in BODIES:
        commands.assign_governance_body(
            actor=actor,
            agency=province,
            kind=kind,
            unit=Agency.objects.get(code=code),
            lead_name=leader,
            lead_position=position,
            decision_number="1711/QĐ-UBND",
            decision_date=decided,
        )
    commands.name_steward(
        actor=actor,
        agency=province,
        unit=Agency.objects.get(code="H99.01"),
        scope="Nội vụ, địa giới hành chính",
        full_name="Trần Văn Bình",
        position="Trưởng phòng Xây dựng chính quyền",
        phone="0200 3800 201",
        email="tran.van.binh@anloc.example",
        decision_number="1712/QĐ-UBND",
        decision_date=decided,
    )
    commands.record_data_door(
        actor=actor,
        agency=province,
        platform="Nền tảng dữ liệu tỉnh An Lộc",
        operator=Agency.objects.get(code="H99.05"),
    )
    _fill_communes(province, decided, actor)
    return GovernanceCase.objects.get(pk=case.pk)


def actors_of(people: dict[str, User]) -> dict[str, Actor]:
    """Each person acting in his or her first post of today."""
    firsts = {name: posts_on(person.pk, date.today()).first() for name, person in people.items()}
    return {name: actor_for(post) for name, post in firsts.items() if post is not None}


def _domain(code: str) -> str:
    return {"H99": "anloc.example", "G99": "noivu.example", "G98": "congan.example"}[code.split(".")[0]]
