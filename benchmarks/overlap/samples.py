"""Sample databases as public collections have them, made up: renamed, translated, opaque, split, merged, with few rows.

Of a hotel chain and of a lending library, in English, Italian and German; and five tables of five rows that somebody
copied with abbreviations and codes of his own. The truth names every pair of columns that were made from one column.
"""

from __future__ import annotations

import csv
import itertools
import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Cells:
    """A column: its name, what it was made from, its values."""

    name: str
    made_from: frozenset[str]
    values: tuple[Any, ...]


Tables = dict[str, list[Cells]]

FIRST = (
    "Emma",
    "Liam",
    "Olivia",
    "Noah",
    "Ava",
    "Paul",
    "Mia",
    "Hugo",
    "Anna",
    "Luca",
    "Sara",
    "Tom",
    "Ines",
    "Karl",
    "Jane",
    "Omar",
)
LAST = (
    "Smith", "Rossi", "Weber", "Martin", "Novak", "Silva", "Brown", "Keller", "Moreau", "Costa", "Larsen", "Byrne", "Vidal",
    "Hansen", "Moretti", "Fischer", "Walker", "Dubois", "Kowalski", "Jensen", "Garcia", "Murphy",
)  # fmt: skip
PLACES = (
    ("Lyon", "France"), ("Porto", "Portugal"), ("Graz", "Austria"), ("Bergen", "Norway"), ("Turin", "Italy"), ("Leeds", "England"),
    ("Ghent", "Belgium"), ("Basel", "Switzerland"), ("Malmo", "Sweden"), ("Cork", "Ireland"), ("Brno", "Czechia"), ("Pisa", "Italy"),
)  # fmt: skip
WORDS = (
    "quiet", "amber", "river", "winter", "garden", "silver", "shadow", "letter", "harbour", "stone", "mirror", "forest", "lantern",
    "island", "crown", "salt", "glass", "orchard", "thunder", "paper", "violet", "copper", "meadow", "compass",
)  # fmt: skip


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> list[Cells]:
    return [
        Cells(column, frozenset({f"{name}.{column}"}), tuple(row[column] for row in rows))
        for column in rows[0]
    ]


class Chance(random.Random):
    """Random values of everyday kinds."""

    def day(self, first: int, last: int) -> str:
        """A day within these years."""
        return str(date(first, 1, 1) + timedelta(days=self.randrange((last - first + 1) * 365)))

    def digits(self, count: int) -> str:
        """So many digits."""
        return "".join(self.choices("0123456789", k=count))

    def sentence(self, words: int) -> str:
        """A few words."""
        return " ".join(self.choices(WORDS, k=words)).capitalize()


def hotel(seed: int) -> Tables:
    """A hotel chain: thirteen tables, up to 3,000 rows."""
    chance = Chance(seed)
    countries = sorted({country for _, country in PLACES})
    made: dict[str, list[dict[str, Any]]] = {
        "country": [{"country_id": n, "country": name} for n, name in enumerate(countries, 1)],
        "city": [{"city_id": n, "city": name, "country_id": countries.index(of) + 1} for n, (name, of) in enumerate(PLACES, 1)],
        "address": [
            {"address_id": n, "street": f"{chance.randint(1, 999)} {chance.choice(WORDS).title()} {chance.choice(('Road', 'Lane', 'Way'))}",
             "district": chance.choice(WORDS).title(), "city_id": chance.randint(1, len(PLACES)), "postal_code": chance.digits(5),
             "phone": chance.digits(11)} for n in range(1, 421)],
        "guest": [
            {"guest_id": n, "branch_id": chance.randint(1, 3), "first_name": chance.choice(FIRST), "last_name": chance.choice(LAST),
             "email": f"guest{n}.{chance.choice(LAST).lower()}@post.example", "address_id": n + 10, "vip": chance.choice("01"),
             "member_since": chance.day(2015, 2022)} for n in range(1, 401)],
        "branch": [{"branch_id": n, "manager_id": n * 2, "address_id": n, "stars": chance.randint(3, 5)} for n in (1, 2, 3)],
        "employee": [
            {"employee_id": n, "first_name": chance.choice(FIRST), "last_name": chance.choice(LAST), "address_id": n + 3,
             "branch_id": 1 + n % 3, "user_name": chance.choice(WORDS) + str(n), "active": "1"} for n in range(1, 8)],
        "room_type": [{"type_id": n, "type": name, "beds": n % 3 + 1} for n, name in enumerate(("Single", "Double", "Twin", "Suite", "Family"), 1)],
        "room": [
            {"room_id": n, "branch_id": 1 + n % 3, "type_id": chance.randint(1, 5), "floor": chance.randint(0, 6), "rate": chance.choice((59.5, 79.0, 99.9, 149.0, 240.0)),
             "size": chance.randint(12, 48), "description": chance.sentence(9), "view": chance.choice(("sea", "yard", "street", "park"))} for n in range(1, 181)],
        "booking": [
            {"booking_id": n, "booked_on": chance.day(2023, 2024), "room_id": chance.randint(1, 180), "guest_id": chance.randint(1, 400),
             "nights": chance.randint(1, 9), "employee_id": chance.randint(1, 7)} for n in range(1, 2201)],
        "payment": [
            {"payment_id": n, "guest_id": chance.randint(1, 400), "employee_id": chance.randint(1, 7), "booking_id": n, "amount": round(chance.uniform(40, 900), 2),
             "paid_on": chance.day(2023, 2025)} for n in range(1, 2201)],
        "service": [{"service_id": n, "name": chance.sentence(2), "fee": chance.choice((5.0, 9.5, 15.0, 20.0))} for n in range(1, 41)],
        "booking_service": [{"booking_id": chance.randint(1, 2200), "service_id": chance.randint(1, 40)} for _ in range(1500)],
        "language": [{"language_id": n, "name": name} for n, name in enumerate(("English", "Italian", "Japanese", "French", "German"), 1)],
    }  # fmt: skip
    return {name: _table(name, rows) for name, rows in made.items()}


def library(seed: int) -> Tables:
    """A lending library: ten small tables, some with fewer than ten rows."""
    chance = Chance(seed)
    houses = [
        f"{chance.choice(WORDS).title()} {kind}"
        for kind in ("Press", "Books", "House", "& Sons", "Media", "Verlag", "Editions")
    ]
    titles = [
        f"{chance.choice(WORDS).title()} and the {chance.choice(WORDS)} {chance.choice(WORDS)}"
        for _ in range(19)
    ]
    isbn = [f"{chance.choice('BCMPT')}{chance.choice('CSU')}{chance.digits(4)}" for _ in titles]
    writers = [f"{chance.digits(3)}-{chance.digits(2)}-{chance.digits(4)}" for _ in range(22)]
    state = ("CA", "OR", "UT", "TN", "KS", "MD")
    made: dict[str, list[dict[str, Any]]] = {
        "writers": [
            {"wr_id": code, "wr_last": chance.choice(LAST), "wr_first": chance.choice(FIRST), "tel": f"{chance.digits(3)} {chance.digits(3)}-{chance.digits(4)}",
             "street": f"{chance.randint(10, 9999)} {chance.choice(WORDS).title()} Av.", "city": chance.choice(PLACES)[0], "state": chance.choice(state),
             "zip": chance.digits(5), "signed": chance.choice("1110")} for code in writers],
        "houses": [{"house_id": f"{n}{chance.digits(3)}", "house_name": name, "city": PLACES[n][0], "state": chance.choice((*state, None)), "country": PLACES[n][1]} for n, name in enumerate(houses)],
        "books": [
            {"book_id": code, "title": title, "genre": chance.choice(("business", "cooking", "history", "novel", "science")), "house": "", "price": chance.choice((2.99, 7.0, 10.95, 11.95, 19.99, 20.0, 22.95)),
             "advance": chance.choice((0, 2000, 5000, 7000, 8000)), "royalty": chance.choice((10, 12, 14, 16, 24)), "sold": chance.randint(30, 22_000), "notes": chance.sentence(14), "out_on": chance.day(2001, 2003)}
            for code, title in zip(isbn, titles, strict=True)],
        "book_writers": [{"wr_id": writers[n % 22], "book_id": isbn[n % 19], "wr_order": 1 + n // 22, "share": chance.choice((25, 30, 40, 50, 60, 75, 100))} for n in range(25)],
        "shops": [{"shop_id": chance.digits(4), "shop_name": f"{chance.choice(WORDS).title()} {kind}", "shop_street": f"{chance.randint(10, 999)} {chance.choice(WORDS).title()} St.", "city": PLACES[n + 5][0], "state": chance.choice(state), "zip": chance.digits(5)}
                  for n, kind in enumerate(("Corner", "Outlet", "Reads", "Shelf", "Store", "Den"))],
        "sales": [],
        "scale": [{"book_id": chance.choice(isbn), "from_copies": low, "to_copies": low + 1000, "percent": chance.choice((10, 12, 14, 16, 18, 20))} for low in [n % 9 * 1001 for n in range(70)]],
        "rebates": [{"kind": "First order", "shop_id": None, "least": None, "most": None, "rebate": 10.5}, {"kind": "Large order", "shop_id": None, "least": 100, "most": 1000, "rebate": 6.7}, {"kind": "Loyal client", "shop_id": "", "least": None, "most": None, "rebate": 5.0}],
        "posts": [{"post_id": n, "post": f"{chance.choice(WORDS).title()} {chance.choice(('Editor', 'Manager', 'Officer'))} {n}", "low": chance.choice((10, 25, 75, 100, 120)), "high": chance.choice((100, 150, 165, 225, 250))} for n in range(1, 15)],
        "staff": [
            {"staff_id": f"{chance.choice('ABCDEF')}-{chance.choice('KLM')}{chance.digits(5)}{chance.choice('FM')}", "given": chance.choice(FIRST), "initial": chance.choice((*"ABCDMS", "")), "family": chance.choice(LAST),
             "post_id": chance.randint(2, 14), "grade": chance.randint(20, 250), "house": "", "joined": chance.day(1988, 1994)} for _ in range(41)],
    }  # fmt: skip
    for row in (*made["books"], *made["staff"]):
        row["house_id"] = chance.choice(made["houses"])["house_id"]
        del row["house"]
    shops = [row["shop_id"] for row in made["shops"]]
    made["rebates"][2]["shop_id"] = shops[3]
    made["sales"] = [
        {"shop_id": chance.choice(shops), "order_no": f"{chance.choice('ABNPQX')}{chance.digits(chance.choice((3, 4)))}", "ordered": chance.day(2002, 2004), "copies": chance.choice((3, 5, 10, 15, 20, 25, 30, 50, 75)),
         "terms": chance.choice(("Net 60", "Net 30", "On invoice")), "book_id": isbn[n % 19]} for n in range(21)]  # fmt: skip
    return {name: _table(name, rows) for name, rows in made.items()}


ITALIAN = {
    "country": "paese", "city": "citta", "address": "indirizzo", "guest": "ospite", "branch": "sede", "employee": "dipendente", "room": "camera",
    "type": "tipo", "booking": "prenotazione", "payment": "pagamento", "service": "servizio", "language": "lingua", "street": "via", "district": "quartiere",
    "postal": "postale", "code": "codice", "phone": "telefono", "first": "primo", "last": "cognome", "name": "nome", "email": "posta", "vip": "importante",
    "member": "socio", "since": "dal", "manager": "direttore", "stars": "stelle", "user": "utente", "active": "attivo", "beds": "letti", "floor": "piano",
    "rate": "tariffa", "size": "grandezza", "description": "descrizione", "view": "vista", "booked": "prenotato", "on": "il", "nights": "notti",
    "amount": "importo", "paid": "pagato", "fee": "costo",
}  # fmt: skip
GERMAN = {
    "country": "land", "city": "ort", "address": "anschrift", "guest": "gast", "branch": "haus", "employee": "mitarbeiter", "room": "zimmer",
    "type": "art", "booking": "buchung", "payment": "zahlung", "service": "leistung", "language": "sprache", "street": "strasse", "district": "bezirk",
    "postal": "post", "code": "zahl", "phone": "fernruf", "first": "vor", "last": "nach", "name": "bezeichnung", "email": "mail", "vip": "wichtig",
    "member": "mitglied", "since": "seit", "manager": "leiter", "stars": "sterne", "user": "benutzer", "active": "taetig", "beds": "betten", "floor": "stock",
    "rate": "preis", "size": "groesse", "description": "beschreibung", "view": "blick", "booked": "gebucht", "on": "am", "nights": "naechte",
    "amount": "betrag", "paid": "bezahlt", "fee": "gebuehr",
}  # fmt: skip


def renamed(tables: Tables, table: Callable[[str], str], column: Callable[[str], str]) -> Tables:
    """The same tables under other names."""
    return {
        table(name): [Cells(column(c.name), c.made_from, c.values) for c in cells]
        for name, cells in tables.items()
    }


def translated(tables: Tables, words: Mapping[str, str]) -> Tables:
    """The same tables with every word of every name translated; `id` stays."""

    def turn(name: str) -> str:
        return "_".join(words.get(word, word) for word in name.split("_"))

    return renamed(tables, turn, turn)


def opaque(tables: Tables) -> Tables:
    """The same tables with columns that are only numbered."""
    number = itertools.count(1)
    return renamed(tables, lambda name: f"t{abs(hash_of(name)) % 97}", lambda name: f"col{next(number)}")


def hash_of(text: str) -> int:
    """A number that is the same in every run."""
    return sum(ord(letter) * 31**place for place, letter in enumerate(text))


def joined(tables: Tables, left: str, right: str, on: str, into: str | None = None) -> Tables:
    """Two tables as one: the rows of the left with what the right says of the value of `on`."""
    keys = next(c for c in tables[left] if c.name == on)
    named = next(c for c in tables[right] if c.name == on)
    at = {value: place for place, value in reversed(list(enumerate(named.values)))}
    places = [at.get(value) for value in keys.values]
    cells = [Cells(c.name, c.made_from | named.made_from, c.values) if c is keys else c for c in tables[left]]
    taken = {c.name for c in cells}
    for c in tables[right]:
        if c is not named:
            name = f"{c.name}_{right}" if c.name in taken else c.name
            cells.append(
                Cells(
                    name, c.made_from, tuple(None if place is None else c.values[place] for place in places)
                )
            )
    rest = {name: table for name, table in tables.items() if name not in (left, right)}
    return {**rest, into or left: cells}


def without(tables: Tables, *dropped: str) -> Tables:
    """The tables without some columns (`table.column`) or whole tables."""
    return {
        name: [c for c in cells if f"{name}.{c.name}" not in dropped]
        for name, cells in tables.items()
        if name not in dropped
    }


def spelt_out(tables: Tables, table: str, on: str, of: str, word: str) -> Tables:
    """A reference replaced by the word that it stands for; the table referred to is left out."""
    keys, words = (next(c for c in tables[of] if c.name == name) for name in (on, word))
    at = dict(zip(keys.values, words.values, strict=True))
    cells = [
        Cells(word, words.made_from, tuple(at.get(value) for value in c.values)) if c.name == on else c
        for c in tables[table]
    ]
    return {**{name: kept for name, kept in tables.items() if name != of}, table: cells}


def part_of(tables: Tables, table: str, every: int) -> Tables:
    """A table with only a part of its rows."""
    cells = [
        Cells(c.name, c.made_from, tuple(v for n, v in enumerate(c.values) if n % every))
        for c in tables[table]
    ]
    return {**tables, table: cells}


def few(seed: int) -> tuple[Tables, Tables]:
    """A table of five rows, and its copy with abbreviations and codes of the copyist's own."""
    chance = Chance(seed)
    people = [f"{chance.choice(FIRST)} {chance.choice(LAST)}" for _ in range(5)]
    columns: list[tuple[str, str, list[Any]]] = [
        ("TicketID", "ID", [1, 2, 3, 4, 5]),
        ("Holder", "H", people),
        ("Subject", "Subject", [chance.sentence(3) for _ in range(5)]),
        ("OfficeID", "OfficeID", [chance.choice((201, 202, 203)) for _ in range(5)]),
        ("Topic", "T", [chance.choice(("Water", "Roads", "School", "Parks")) for _ in range(5)]),
        ("OpenedOn", "OpenDate", [chance.day(2024, 2024) for _ in range(5)]),
        ("Score", "S", [chance.randint(1, 100) for _ in range(5)]),
        ("City", "City", [chance.choice(PLACES)[0] for _ in range(5)]),
        ("Contact", "Contact", [f"{chance.digits(3)}-{chance.digits(4)}" for _ in range(5)]),
        ("Fee", "Fee", [chance.choice((10, 20, 30)) * 1.5 for _ in range(5)]),
    ]
    chosen = sorted(chance.sample(range(10), 7))
    source = [
        Cells(name, frozenset({name}), tuple(values)) for name, _, values in (columns[n] for n in chosen)
    ]
    target = []
    for n in chosen:
        name, other, values = columns[n]
        copied = list(values)
        if name == "TicketID" and chance.random() < 0.6:
            copied = ["ABCDE"[n] for n in range(5)]
        if name == "OfficeID" and chance.random() < 0.5:
            copied = [value - 200 for value in values]
        if name == "Subject" and chance.random() < 0.4:
            copied = ["".join(word[0] for word in value.split()).upper() for value in values]
        target.append(Cells(other if chance.random() < 0.7 else name, frozenset({name}), tuple(copied)))
    return {"Ticket": source}, {"Register": target}


def scenarios() -> dict[str, tuple[Tables, Tables]]:
    """All pairs of databases."""
    chain, books = hotel(5), library(6)
    placed = joined(joined(chain, "address", "city", "city_id"), "address", "country", "country_id")
    merged = joined(without(chain, "language", "room.floor"), "booking", "payment", "booking_id")
    merged = spelt_out(merged, "room", "type_id", "room_type", "type")
    wide = joined(
        joined(joined(books, "sales", "shops", "shop_id"), "sales", "books", "book_id"),
        "sales",
        "houses",
        "house_id",
        "all_sales",
    )
    wide = joined(without(wide, "rebates", "scale"), "staff", "posts", "post_id", "people")
    made = {
        "hotel en-it": (chain, translated(chain, ITALIAN)),
        "hotel en-de, other tables": (chain, translated(placed, GERMAN)),
        "hotel other tables": (placed, merged),
        "hotel it, part of rows": (translated(part_of(chain, "guest", 3), ITALIAN), merged),
        "library opaque": (books, opaque(books)),
        "library wide": (books, wide),
        "library wide, opaque": (books, opaque(wide)),
    }
    return {**made, **{f"five rows {n}": few(n) for n in range(1, 6)}}


def write(folder: Path, made: Mapping[str, tuple[Tables, Tables]] | None = None) -> list[tuple[str, Path]]:
    """Every scenario (these, or others made alike) as two folders of CSV files with `truth.json` beside them."""
    written = []
    for name, sides in (scenarios() if made is None else made).items():
        home = folder / name.replace(" ", "-").replace(",", "")
        for side, tables in zip(("left", "right"), sides, strict=True):
            (home / side).mkdir(parents=True, exist_ok=True)
            for table, cells in tables.items():
                with (home / side / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
                    out = csv.writer(file)
                    out.writerow([c.name for c in cells])
                    out.writerows(zip(*(c.values for c in cells), strict=True))
        must = [
            [["left", table, c.name], ["right", other, o.name], "overlap"]
            for table, cells in sides[0].items()
            for other, others in sides[1].items()
            for c in cells
            for o in others
            if c.made_from & o.made_from
        ]
        (home / "truth.json").write_text(json.dumps({"tiers": {}, "must": must, "may": []}), encoding="utf-8")
        written.append((name, home))
    return written
