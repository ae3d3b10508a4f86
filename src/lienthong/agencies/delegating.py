"""What can be delegated: the areas of a post's work, by the doors, facts and inbox lines that belong to each.

Whoever acts on behalf of another has the role behind the doors of the delegated areas alone, and may cause their facts alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

from .roles import Role

# Not the keeper of secrets, the focal officer (one, by decision) or the administrator.
DELEGABLE = frozenset(
    {
        Role.HEAD,
        Role.IT_UNIT,
        Role.DATABASE_OWNER,
        Role.CONSUMER_OFFICER,
        Role.COORDINATING_MINISTRY,
    }
)


@dataclass(frozen=True)
class Area:
    """One area of work: its name, the pages behind which it lies, how its facts and the subjects of its work are named."""

    code: str
    vi: str
    en: str
    doors: tuple[str, ...]
    facts: tuple[str, ...]
    subjects: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.vi if (get_language() or "vi").startswith("vi") else self.en


PAGES = "lienthong.agencies.pages."
AREAS = (
    Area(
        "focal_officers",
        "Cán bộ đầu mối: đề cử, cử, công bố, kết thúc",
        "Focal officers: nominate, appoint, publish, end",
        (f"{PAGES}focal_officers",),
        ("agencies.Focal", "agencies.Post"),
        ("agencies.focalappointment", "agencies.agency"),
    ),
    Area(
        "questions",
        "Hỏi đáp, phối hợp giữa các đầu mối",
        "Questions, matters between focal officers",
        (f"{PAGES}questions", f"{PAGES}cooperation"),
        ("agencies.Question", "agencies.Cooperation"),
        ("agencies.question", "agencies.cooperation"),
    ),
    Area(
        "governance",
        "Thiết lập quản trị dữ liệu",
        "Set-up of data governance",
        (f"{PAGES}governance",),
        ("agencies.Governance", "agencies.DataOfficer", "agencies.DataDoor", "agencies.Steering"),
        ("agencies.governancecase",),
    ),
    Area(
        "catalogue",
        "Danh mục cơ sở dữ liệu, hồ sơ cơ sở dữ liệu quốc gia",
        "Database catalogue, national dossiers",
        ("lienthong.catalogue.",),
        ("catalogue.",),
        ("catalogue.",),
    ),
    Area(
        "inventory",
        "Khảo sát, kiểm kê, đánh giá, nâng cấp",
        "Looks, inventory, assessment, upgrades",
        ("lienthong.inventory.",),
        ("inventory.", "catalogue."),
        ("inventory.",),
    ),
    Area(
        "overlap",
        "Chồng lấn, nguồn chuẩn",
        "Overlaps and authorities",
        ("lienthong.authority.",),
        ("authority.",),
        ("authority.",),
    ),
    Area(
        "regulations",
        "Quy chế, đưa vào khai thác",
        "Use regulations, going live",
        ("lienthong.regulations.",),
        ("regulations.", "catalogue.", "authority."),
        ("regulations.",),
    ),
    Area(
        "sharing",
        "Dịch vụ, yêu cầu chia sẻ",
        "Sharing services and requests",
        ("lienthong.sharing.",),
        ("sharing.",),
        ("sharing.",),
    ),
    Area(
        "open_data",
        "Dữ liệu mở",
        "Open data",
        ("lienthong.opendata.",),
        ("opendata.", "catalogue."),
        ("opendata.",),
    ),
)
MARK = "area:"
# Terms run and stop with the acts of every area.
ALWAYS = ("law.Clock",)
# Doors that belong to no area: the inbox, which shows what the areas hold, and the choice of the post.
SHARED_DOORS = (f"{PAGES}inbox",)
# The file of one database, composed of many areas, opens to whoever acts in one of them.
FILE_DOORS = ("lienthong.desk.",)
OF_DATABASES = frozenset({"catalogue", "inventory", "overlap", "regulations", "sharing", "open_data"})


def known(codes: Iterable[str]) -> list[Area]:
    """The areas with these codes, in order; unknown codes are passed over."""
    wanted = set(codes)
    return [area for area in AREAS if area.code in wanted]


def opens(door: str, codes: Iterable[str]) -> bool:
    """Whether a door, named by the module of its page, lies in one of the areas; every other door is closed."""
    areas = known(codes)
    if door.startswith(SHARED_DOORS):
        return bool(areas)
    if door.startswith(FILE_DOORS):
        return any(area.code in OF_DATABASES for area in areas)
    return any(door.startswith(area.doors) for area in areas)


def facts_of(codes: Iterable[str]) -> frozenset[str]:
    """What an actor in these areas may cause: how the names of the facts begin, and a mark for each area itself."""
    areas = known(codes)
    return frozenset(
        {*ALWAYS, *(fact for area in areas for fact in area.facts), *(f"{MARK}{area.code}" for area in areas)}
    )


def subjects_of(acts: frozenset[str]) -> tuple[str, ...]:
    """How the kinds of subjects begin whose work belongs to the areas marked."""
    areas = known(act.removeprefix(MARK) for act in acts if act.startswith(MARK))
    return tuple(subject for area in areas for subject in area.subjects)
