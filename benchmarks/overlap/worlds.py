"""Make-believe registers of one part of the country, from a seed: what agencies take their rows from.

Every row maps facts (`person.birth`) to plain values: text, whole numbers, decimals, days. A row also carries, under
`*person`, `*firm`, ..., the subjects that it speaks of, so that the truth is known: two columns hold the same data when
they hold the same fact of the same subjects.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from lienthong.engine.overlap.tests.copies import communes

Row = dict[str, Any]

FAMILY = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương",
    "Lý", "Đinh", "Trương", "Mai", "Đoàn", "Lương", "Tạ", "Cao", "Hà", "Châu", "Tô",
)  # fmt: skip
MIDDLE = (
    "Văn",
    "Thị",
    "Minh",
    "Quốc",
    "Ngọc",
    "Đức",
    "Thu",
    "Hữu",
    "Thanh",
    "Kim",
    "Xuân",
    "Bảo",
    "Gia",
    "Hồng",
)
GIVEN = (
    "An", "Bình", "Châu", "Dũng", "Hà", "Lan", "Long", "Trang", "Hùng", "Hương", "Khánh", "Linh", "Mai", "Nam", "Nga",
    "Phong", "Phúc", "Quân", "Sơn", "Tâm", "Thảo", "Thành", "Tú", "Tuấn", "Uyên", "Việt", "Vy", "Yến", "Đạt", "Oanh",
)  # fmt: skip
STREETS = (
    "Trần Phú", "Lê Lợi", "Nguyễn Huệ", "Hùng Vương", "Quang Trung", "Hai Bà Trưng", "Lý Thường Kiệt", "Điện Biên Phủ",
    "Phan Chu Trinh", "Nguyễn Trãi", "Võ Thị Sáu", "Bạch Đằng", "Lê Duẩn", "Ngô Quyền", "Đinh Tiên Hoàng",
)  # fmt: skip
ETHNIC = ("Kinh",) * 14 + ("Tày", "Thái", "Mường", "Nùng", "Mông", "Dao", "Hoa", "Khmer")
RELIGION = ("Không",) * 8 + ("Phật giáo", "Công giáo", "Tin lành", "Cao Đài")
EDUCATION = (
    "Tiểu học",
    "Trung học cơ sở",
    "Trung học phổ thông",
    "Trung cấp",
    "Cao đẳng",
    "Đại học",
    "Thạc sĩ",
)
JOBS = (
    "Nông dân",
    "Công nhân",
    "Giáo viên",
    "Lái xe",
    "Kế toán",
    "Buôn bán",
    "Thợ xây",
    "Y tá",
    "Kỹ sư",
    "Nội trợ",
)
MARITAL = ("Độc thân", "Đã kết hôn", "Đã kết hôn", "Ly hôn", "Góa")
RELATION = ("Chủ hộ", "Vợ", "Chồng", "Con", "Con", "Cháu", "Mẹ", "Bố")
INDUSTRY = (
    "0111",
    "1061",
    "4101",
    "4520",
    "4649",
    "4711",
    "4933",
    "5510",
    "5610",
    "6201",
    "6810",
    "7020",
    "8510",
)
TRADES = (
    "Thương mại",
    "Xây dựng",
    "Vận tải",
    "Thủy sản",
    "Dệt may",
    "Cơ khí",
    "Du lịch",
    "Bao bì",
    "Nội thất",
    "Điện",
)
BRANDS = ("Toyota", "Honda", "Hyundai", "Kia", "Ford", "Mazda", "VinFast", "Suzuki", "Isuzu", "Thaco")
COLOURS = ("Trắng", "Đen", "Đỏ", "Bạc", "Xám", "Xanh")
LAND_USES = ("ODT", "ONT", "LUC", "CLN", "RSX", "NTS", "SKC", "BHK")
ICD = ("A09", "E11", "I10", "J18", "J45", "K29", "M54", "N39", "O80", "S52", "U07", "B18", "G40", "H25")
SUBJECTS = ("Toán", "Ngữ văn", "Tiếng Anh", "Vật lý", "Hóa học", "Sinh học", "Lịch sử", "Địa lý", "Tin học")
SPECIALITIES = ("Nội", "Ngoại", "Sản", "Nhi", "Răng hàm mặt", "Tai mũi họng", "Da liễu", "Mắt")
SUBSTANCES = (
    "Paracetamol",
    "Amoxicillin",
    "Metformin",
    "Amlodipin",
    "Cefixim",
    "Ibuprofen",
    "Omeprazol",
    "Losartan",
)
AIDS = ("Người có công", "Hộ nghèo", "Hộ cận nghèo", "Người khuyết tật", "Trẻ mồ côi", "Người cao tuổi")
CASES = ("Hôn nhân gia đình", "Dân sự", "Kinh doanh thương mại", "Lao động", "Hình sự", "Hành chính")
ANIMALS = ("Lợn", "Bò", "Trâu", "Gà", "Vịt", "Dê")
FORESTS = ("RSX", "RPH", "RDD", "Rừng trồng", "Rừng tự nhiên")
PERMITS = ("An toàn thực phẩm", "Phòng cháy chữa cháy", "Kinh doanh xăng dầu", "Kinh doanh rượu", "Lữ hành")
PROCEDURES = tuple(
    f"{n}.{d:06d}.000.00.00.H{p}"
    for n, d, p in ((1, 4193, 10), (2, 889, 12), (1, 10, 26), (1, 1776, 40), (2, 1045, 7))
)


@lru_cache(maxsize=1)
def places() -> dict[str, list[tuple[str, str, str, str]]]:
    """Communes (code, name, code and name of the unit above) by the unit above."""
    found: dict[str, list[tuple[str, str, str, str]]] = {}
    for code, name, _, above, above_name, *_ in communes():
        found.setdefault(above, []).append((code, name, above, above_name))
    return found


class World:
    """All registers of one part of the country. `few` rows less or more change nothing in the others."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(f"world {seed}")  # noqa: S311 - the same world every time
        above = self.chance.sample(sorted(places()), 3)
        self.communes = [place for code in above for place in self.chance.sample(places()[code], 14)]
        self.province_names = sorted({rows[0][3] for rows in places().values()})
        self.persons = [self._person(number) for number in range(900)]
        self.strangers = self._elsewhere(above)
        self.firms = [self._firm(number) for number in range(420)]
        self.schools = [self._school(number) for number in range(40)]
        self.hospitals = [self._hospital(number) for number in range(24)]
        self._made: dict[str, list[Row]] = {}

    def rows(self, register: str) -> list[Row]:
        """The rows of one register, made on first use from a seed of their own."""
        if register not in self._made:
            kept = self.chance
            self.chance = random.Random(f"{self.communes[0][0]} {self.communes[-1][0]} {register}")  # noqa: S311 - the same world every time
            self._made[register] = getattr(self, f"_{register}s")()
            self.chance = kept
        return self._made[register]

    def _elsewhere(self, above: list[str]) -> list[Row]:
        """People of another part of the country: they live there, and most were born there."""
        here = self.communes
        others = self.chance.sample(sorted(set(places()) - set(above)), 3)
        self.communes = [place for code in others for place in self.chance.sample(places()[code], 14)]
        strangers = [self._person(100_000 + number) for number in range(450)]
        self.communes = here
        return strangers

    def pick(self, options: tuple[Any, ...] | list[Any]) -> Any:
        """One of them."""
        return self.chance.choice(options)

    def day(self, first: int, last: int) -> date:
        """A day within these years."""
        return date(first, 1, 1) + timedelta(days=self.chance.randrange((last - first + 1) * 365))

    def digits(self, count: int) -> str:
        """So many random digits."""
        return "".join(self.chance.choices("0123456789", k=count))

    def phone(self) -> str:
        """A mobile number in national form."""
        return self.pick(("03", "05", "07", "08", "09")) + self.digits(8)

    def tax_code(self) -> str:
        """A tax code with its check digit."""
        while True:
            nine = f"{self.pick(('01', '03', '31', '46', '58', '62'))}{self.digits(7)}"
            check = (
                10
                - sum(int(a) * b for a, b in zip(nine, (31, 29, 23, 19, 17, 13, 7, 5, 3), strict=True)) % 11
            )
            if check < 10:
                return f"{nine}{check}"

    def full_name(self) -> str:
        """A name of two to four words."""
        middle = " ".join(self.chance.sample(MIDDLE, self.pick((1, 1, 1, 2))))
        return f"{self.pick(FAMILY)} {middle} {self.pick(GIVEN)}"

    def street(self) -> tuple[str, str, str]:
        """Number and street, commune, unit above."""
        place = self.pick(self.communes)
        return f"{self.chance.randint(1, 400)} {self.pick(STREETS)}", place[1], place[3]

    def _person(self, number: int) -> Row:
        place, born, male = self.pick(self.communes), self.day(1945, 2012), self.chance.random() < 0.49
        birthplace = place[2] if self.chance.random() < 0.85 else f"{self.chance.randint(1, 96):02d}"
        century = (0 if male else 1) + (2 if born.year >= 2000 else 0)
        insured = self.digits(10)
        name = self.full_name()
        return {
            "*person": number,
            "person.id12": f"0{birthplace}{century}{born.year % 100:02d}{self.digits(6)}",
            "person.id9": self.pick("123") + self.digits(8),
            "person.name": name,
            "person.birth": born,
            "person.sex": "Nam" if male else "Nữ",
            "person.ethnic": self.pick(ETHNIC),
            "person.religion": self.pick(RELIGION),
            "person.phone": self.phone(),
            "person.phone2": self.phone(),
            "person.email": f"{self.digits(3)}{self.pick('abcdeghkmnpt')}{self.digits(4)}@{self.pick(('gmail.com', 'yahoo.com', 'mail.vn'))}",
            "person.address": (f"{self.chance.randint(1, 400)} {self.pick(STREETS)}", place[1], place[3]),
            "person.hometown": self.pick(self.province_names),
            "person.bhxh": insured,
            "person.bhyt": f"{self.pick(('GD', 'DN', 'HN', 'TE', 'HT'))}{self.chance.randint(1, 5)}{place[2]}{insured}",
            "person.tax": "8" + self.digits(9),
            "person.household": f"HK{place[0]}{self.chance.randint(1, 700):04d}",
            "person.relation": self.pick(RELATION),
            "person.education": self.pick(EDUCATION),
            "person.job": self.pick(JOBS),
            "person.id_date": self.day(2016, 2025),
            "person.marital": self.pick(MARITAL),
            "person.father": f"{name.split()[0]} Văn {self.pick(GIVEN)}",
            "person.mother": f"{self.pick(FAMILY)} Thị {self.pick(GIVEN)}",
            "person.commune_code": place[0],
            "person.commune": place[1],
            "person.province_code": place[2],
            "person.province": place[3],
            "person.account": self.digits(self.pick((12, 13))),
        }

    def _firm(self, number: int) -> Row:
        place, trade = self.pick(self.communes), self.pick(TRADES)
        name = f"{trade} {self.pick(GIVEN)} {self.pick(GIVEN)} {self.pick(('', self.chance.randint(2, 99)))}".strip()
        kind = self.pick(("Công ty TNHH", "Công ty Cổ phần", "Doanh nghiệp tư nhân", "Hợp tác xã"))
        head = self.pick(self.persons)
        return {
            **{
                fact: head[fact]
                for fact in ("*person", "person.id12", "person.name", "person.phone", "person.birth")
            },
            "*firm": number,
            "firm.mst": self.tax_code(),
            "firm.name": f"{kind} {name}",
            "firm.short": "".join(word[0] for word in name.split()) + self.digits(2),
            "firm.address": (f"{self.chance.randint(1, 400)} {self.pick(STREETS)}", place[1], place[3]),
            "firm.phone": f"02{self.digits(8)}",
            "firm.fax": f"02{self.digits(8)}",
            "firm.email": f"info@cty{self.digits(5)}.vn",
            "firm.industry": self.pick(INDUSTRY),
            "firm.capital": self.chance.randint(1, 900) * 50_000_000,
            "firm.founded": self.day(1996, 2025),
            "firm.kind": kind,
            "firm.status": self.pick(("Đang hoạt động",) * 5 + ("Tạm ngừng", "Giải thể")),
            "firm.staff": self.chance.randint(1, 800),
            "firm.commune_code": place[0],
        }

    def _school(self, number: int) -> Row:
        place, level = self.pick(self.communes), self.pick(("Mầm non", "Tiểu học", "THCS", "THPT"))
        return {
            "*school": number,
            "school.code": f"{place[2]}{self.digits(6)}",
            "school.name": f"Trường {level} {self.pick(FAMILY)} {self.pick(GIVEN)} {number}",
            "school.level": level,
            "school.phone": f"02{self.digits(8)}",
            "school.commune_code": place[0],
        }

    def _hospital(self, number: int) -> Row:
        place = self.pick(self.communes)
        return {
            "*hospital": number,
            "hospital.code": f"{place[2]}{number + 1:03d}",
            "hospital.name": f"{self.pick(('Bệnh viện', 'Trung tâm y tế', 'Phòng khám'))} {self.pick(GIVEN)} {number}",
            "hospital.beds": self.chance.randint(2, 90) * 10,
        }

    def _of(self, register: str, at: int, person: Row, /, **facts: Any) -> Row:
        return {
            **person,
            f"*{register}": at,
            **{f"{register}.{name}": value for name, value in facts.items()},
        }

    def _many(self, count: int, make: Callable[[int], Row]) -> list[Row]:
        return [make(number) for number in range(count)]

    def _parcels(self) -> list[Row]:
        def make(number: int) -> Row:
            place, sheet, lot = (
                self.pick(self.communes),
                self.chance.randint(1, 60),
                self.chance.randint(1, 900),
            )
            return self._of(
                "parcel", number, self.pick(self.persons),
                code=f"{place[0]}{sheet:03d}{lot:04d}{number:04d}", sheet=sheet, number=lot,
                area=round(self.chance.lognormvariate(5, 0.9), 1), use=self.pick(LAND_USES),
                cert=f"{self.pick(('BA', 'CK', 'DB', 'AA'))} {self.digits(6)}", cert_date=self.day(1995, 2025),
                price=self.chance.randint(5, 900) * 100_000, commune_code=place[0],
            )  # fmt: skip

        return self._many(700, make)

    def _vehicles(self) -> list[Row]:
        def make(number: int) -> Row:
            year = self.chance.randint(2004, 2025)
            return self._of(
                "vehicle", number, self.pick(self.persons),
                plate=f"{self.chance.randint(11, 99)}{self.pick('ABCDFGH')}-{self.digits(3)}.{self.digits(2)}",
                chassis="RL" + "".join(self.chance.choices("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", k=15)),
                engine=self.pick(("1NZ", "G4F", "2GD", "K3V")) + self.digits(6), brand=self.pick(BRANDS),
                colour=self.pick(COLOURS), year=year, kind=self.pick(("Ô tô con", "Xe tải", "Xe khách", "Xe máy")),
                reg_date=self.day(year, min(year + 1, 2025)), inspected=self.day(2025, 2028), seats=self.pick((2, 4, 5, 7, 16, 29)),
            )  # fmt: skip

        return self._many(800, make)

    def _licences(self) -> list[Row]:
        def make(number: int) -> Row:
            issued = self.day(2012, 2025)
            return self._of(
                "licence", number, person[number], number=self.digits(12), issued=issued,
                **{"class": self.pick(("A1", "A2", "B1", "B2", "C", "D", "E"))}, expires=issued.replace(year=issued.year + 10, day=min(issued.day, 28)),
            )  # fmt: skip

        person = self.chance.sample(self.persons, 500)
        return self._many(500, make)

    def _pupils(self) -> list[Row]:
        young = [row for row in self.persons if row["person.birth"].year >= 2004]

        def make(number: int) -> Row:
            return self._of(
                "pupil", number, {**young[number], **self.pick(self.schools)}, code=f"25{self.digits(8)}",
                **{"class": f"{self.chance.randint(1, 12)}{self.pick('ABCD')}{self.chance.randint(1, 4)}"},
                score=round(self.chance.uniform(4, 10), 1), enrolled=date(self.chance.randint(2019, 2025), 9, self.chance.randint(1, 8)),
            )  # fmt: skip

        return self._many(len(young), make)

    def _teachers(self) -> list[Row]:
        person = self.chance.sample([row for row in self.persons if row["person.birth"].year <= 2002], 260)

        def make(number: int) -> Row:
            return self._of(
                "teacher", number, {**person[number], **self.pick(self.schools)}, code=f"GV{self.digits(6)}",
                subject=self.pick(SUBJECTS), start=self.day(1990, 2025), coefficient=self.pick((2.34, 2.67, 3.0, 3.33, 3.66, 3.99, 4.32, 4.65, 4.98)),
            )  # fmt: skip

        return self._many(260, make)

    def _doctors(self) -> list[Row]:
        person = self.chance.sample([row for row in self.persons if row["person.birth"].year <= 2000], 220)

        def make(number: int) -> Row:
            return self._of(
                "doctor", number, {**person[number], **self.pick(self.hospitals)},
                licence=f"{self.digits(6)}/{self.pick(('BYT', 'HNO', 'DNA'))}-CCHN", speciality=self.pick(SPECIALITIES),
            )  # fmt: skip

        return self._many(220, make)

    def _visits(self) -> list[Row]:
        def make(number: int) -> Row:
            day = self.day(2024, 2025)
            return self._of(
                "visit", number, {**self.pick(self.persons), **self.pick(self.hospitals)}, code=f"BA{24000000 + number * 7}", date=day,
                out=day + timedelta(days=self.chance.randint(0, 20)), icd=self.pick(ICD), cost=self.chance.randint(80, 30_000) * 1000,
            )  # fmt: skip

        return self._many(800, make)

    def _medicines(self) -> list[Row]:
        def make(number: int) -> Row:
            substance = self.pick(SUBSTANCES)
            return {
                "*medicine": number, "medicine.reg": f"V{self.pick('DN')}-{self.digits(5)}-{self.chance.randint(15, 25)}",
                "medicine.name": f"{substance[:4]}{self.pick(('max', 'gen', 'pro', 'vin', 'tab'))} {self.pick((100, 250, 500, 650))} {number}",
                "medicine.substance": substance, "medicine.price": self.chance.randint(5, 4000) * 100,
            }  # fmt: skip

        return self._many(420, make)

    def _insurances(self) -> list[Row]:
        person = self.chance.sample(self.persons, 600)

        def make(number: int) -> Row:
            firm = {
                fact: value
                for fact, value in self.pick(self.firms).items()
                if fact.startswith(("firm", "*firm"))
            }
            return self._of(
                "insurance", number, {**person[number], **firm}, start=self.day(1998, 2025), salary=self.chance.randint(50, 460) * 100_000,
            )  # fmt: skip

        return self._many(600, make)

    def _healths(self) -> list[Row]:
        person = self.chance.sample(self.persons, 700)

        def make(number: int) -> Row:
            since = date(self.chance.randint(2023, 2025), self.chance.randint(1, 12), 1)
            return self._of(
                "health", number, {**person[number], **self.pick(self.hospitals)}, to=since + timedelta(days=364), **{"from": since},
            )  # fmt: skip

        return self._many(700, make)

    def _aids(self) -> list[Row]:
        person = self.chance.sample(self.persons, 450)

        def make(number: int) -> Row:
            return self._of(
                "aid", number, person[number], code=f"ĐT-{self.digits(5)}", kind=self.pick(AIDS),
                amount=self.pick((500, 750, 1000, 1500, 2055, 2789)) * 1000, since=self.day(2005, 2025),
            )  # fmt: skip

        return self._many(450, make)

    def _jobs(self) -> list[Row]:
        person = self.chance.sample([row for row in self.persons if row["person.birth"].year <= 2006], 400)

        def make(number: int) -> Row:
            return self._of("job", number, person[number], wish=self.pick(JOBS), date=self.day(2023, 2025))

        return self._many(400, make)

    def _dossiers(self) -> list[Row]:
        def make(number: int) -> Row:
            received = self.day(2024, 2025)
            return self._of(
                "dossier", number, self.pick(self.persons), code=f"H{self.chance.randint(10, 60)}.{received:%y%m%d}.{number:04d}",
                procedure=self.pick(PROCEDURES), received=received, due=received + timedelta(days=self.chance.randint(1, 30)),
                status=self.pick(("Đã trả kết quả", "Đang xử lý", "Chờ bổ sung", "Từ chối")),
            )  # fmt: skip

        return self._many(900, make)

    def _cases(self) -> list[Row]:
        def make(number: int) -> Row:
            day = self.day(2020, 2025)
            return self._of(
                "case", number, self.pick(self.persons), number=f"{number + 1}/{day.year}/TLST-{self.pick(('DS', 'HNGĐ', 'KDTM'))}",
                date=day, kind=self.pick(CASES),
            )  # fmt: skip

        return self._many(420, make)

    def _farms(self) -> list[Row]:
        def make(number: int) -> Row:
            return self._of(
                "farm", number, self.pick(self.persons), code=f"TT{self.digits(5)}", animal=self.pick(ANIMALS),
                heads=self.chance.randint(5, 3000), area=round(self.chance.uniform(0.2, 20), 2),
            )  # fmt: skip

        return self._many(340, make)

    def _forests(self) -> list[Row]:
        def make(number: int) -> Row:
            return self._of(
                "forest", number, self.pick(self.persons), plot=f"{self.chance.randint(100, 399)}-{self.chance.randint(1, 20)}-{number}",
                kind=self.pick(FORESTS), area=round(self.chance.lognormvariate(1, 1), 2),
            )  # fmt: skip

        return self._many(420, make)

    def _stations(self) -> list[Row]:
        def make(number: int) -> Row:
            place = self.pick(self.communes)
            return {
                "*station": number, "station.code": f"QT{self.digits(4)}", "station.name": f"Trạm {place[1]} {number}",
                "station.lat": round(self.chance.uniform(9, 23), 5), "station.lon": round(self.chance.uniform(103, 109), 5),
                "person.commune_code": place[0],
            }  # fmt: skip

        return self._many(70, make)

    def _readings(self) -> list[Row]:
        stations = self.rows("station")

        def make(number: int) -> Row:
            station = stations[number % len(stations)]
            return {
                **{fact: station[fact] for fact in ("*station", "station.code", "station.name")}, "*reading": number,
                "reading.time": f"2025-{self.chance.randint(1, 12):02d}-{self.chance.randint(1, 28):02d} {self.chance.randint(0, 23):02d}:00:00",
                "reading.pm25": round(self.chance.uniform(4, 180), 1), "reading.water": round(self.chance.uniform(0.2, 7), 2),
            }  # fmt: skip

        return self._many(700, make)

    def _projects(self) -> list[Row]:
        def make(number: int) -> Row:
            begin = self.day(2018, 2025)
            return self._of(
                "project", number, self.pick(self.firms), code=f"7{self.digits(6)}",
                name=f"{self.pick(('Nâng cấp', 'Xây dựng', 'Cải tạo', 'Mở rộng'))} {self.pick(('đường', 'cầu', 'trường', 'hồ', 'kênh'))} {self.pick(STREETS)} {number}",
                total=self.chance.randint(2, 900) * 1_000_000_000, start=begin, end=begin + timedelta(days=self.chance.randint(200, 1500)),
                decision=f"{self.chance.randint(10, 3999)}/QĐ-UBND",
            )  # fmt: skip

        return self._many(320, make)

    def _permits(self) -> list[Row]:
        def make(number: int) -> Row:
            issued = self.day(2015, 2025)
            return self._of(
                "permit", number, self.pick(self.firms), number=f"{number + 11}/{issued.year}/GP-{self.pick(('SCT', 'SYT', 'CATP'))}",
                kind=self.pick(PERMITS), issued=issued, expires=issued + timedelta(days=1826),
            )  # fmt: skip

        return self._many(480, make)

    def _offices(self) -> list[Row]:
        def make(number: int) -> Row:
            return {
                "*office": number, "office.code": f"H{self.chance.randint(10, 63)}.{number + 1:02d}",
                "office.name": f"{self.pick(('Sở', 'Chi cục', 'Trung tâm', 'Ban quản lý'))} {self.pick(TRADES)} {self.pick(GIVEN)}",
                "office.phone": f"02{self.digits(8)}",
            }  # fmt: skip

        return self._many(9, make)

    def _persons(self) -> list[Row]:
        return self.persons

    def _strangers(self) -> list[Row]:
        return self.strangers

    def _firms(self) -> list[Row]:
        return self.firms

    def _schools(self) -> list[Row]:
        return self.schools

    def _hospitals(self) -> list[Row]:
        return self.hospitals
