"""The papers of national databases, as kinds that an agency may lay out in its own way."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Model

from lienthong.agencies.models import Agency
from lienthong.foundation.papers.kinds import PaperKind
from lienthong.foundation.papers.shapes import Paper, sample

from .dossier_papers import EXPLANATION, LETTER, LIST, dossier_paper, letter_paper, list_paper
from .issue_papers import DECISION, decision_paper, paper_of_issued
from .models import IssuedCatalogue, NationalDossier, NationalListDraft

DOSSIER_FACTS = {
    "ho_so": ("số hồ sơ", "the number of the dossier"),
    "ma": ("mã cơ sở dữ liệu", "the code of the database"),
}
LIST_FACTS = {
    "du_thao": ("số dự thảo danh mục", "the number of the draft list"),
    "so_ho_so": ("số hồ sơ trong dự thảo", "how many dossiers the draft holds"),
}


def _newest(write: Callable[[NationalDossier], Paper]) -> Callable[[Model], Paper | None]:
    """The paper of the newest dossier of an agency; a secret database is not written of in a trial."""

    def latest(owner: Model) -> Paper | None:
        if not isinstance(owner, Agency):
            return None
        dossiers = NationalDossier.objects.filter(database__is_secret=False)
        found = dossiers.filter(database__owner__path__startswith=owner.path).order_by("-pk").first()
        return write(found) if found is not None else None

    return latest


def _newest_list(owner: Model) -> Paper | None:
    if not isinstance(owner, Agency):
        return None
    found = NationalListDraft.objects.filter(agency__path__startswith=owner.path).order_by("-pk").first()
    return list_paper(found) if found is not None else None


def _sample_of_dossier(kind: str, title: str, about: str) -> Callable[[], Paper]:
    return lambda: sample(kind, title, about, {"ho_so": "HQ-2026-0000", "ma": "H99.DB01"})


def _newest_catalogue(owner: Model) -> Paper | None:
    if not isinstance(owner, Agency):
        return None
    found = IssuedCatalogue.objects.filter(agency__path__startswith=owner.path).order_by("-pk").first()
    return decision_paper(paper_of_issued(found)) if found is not None else None


CATALOGUE_FACTS = {
    "phien_ban": ("số phiên bản danh mục", "the number of the version"),
    "so_csdl": ("số cơ sở dữ liệu trong danh mục", "how many databases the catalogue holds"),
    "so_quyet_dinh": ("số quyết định", "the number of the decision"),
}


KINDS = (
    PaperKind(
        code=DECISION,
        slug="quyet-dinh-danh-muc-csdl",
        vi="Quyết định ban hành danh mục cơ sở dữ liệu",
        en="Decision that issues the catalogue of databases",
        sample=lambda: sample(
            DECISION,
            "Quyết định",
            "Về việc ban hành Danh mục cơ sở dữ liệu",
            {"phien_ban": 1, "so_csdl": 1, "so_quyet_dinh": "05/QĐ-TM"},
        ),
        latest=_newest_catalogue,
        facts=CATALOGUE_FACTS,
    ),
    PaperKind(
        code=EXPLANATION,
        slug="thuyet-minh-csdl-quoc-gia",
        vi="Thuyết minh đề xuất cơ sở dữ liệu quốc gia",
        en="Explanation of a national dossier",
        sample=_sample_of_dossier(EXPLANATION, "Thuyết minh", "Đề xuất cơ sở dữ liệu quốc gia: CSDL thử"),
        latest=_newest(dossier_paper),
        facts=DOSSIER_FACTS,
    ),
    PaperKind(
        code=LETTER,
        slug="cong-van-csdl-quoc-gia",
        vi="Công văn đề nghị về cơ sở dữ liệu quốc gia",
        en="Letter of a national dossier",
        sample=_sample_of_dossier(LETTER, "", "đề nghị bổ sung cơ sở dữ liệu quốc gia"),
        latest=_newest(letter_paper),
        facts=DOSSIER_FACTS,
    ),
    PaperKind(
        code=LIST,
        slug="to-trinh-danh-muc-quoc-gia",
        vi="Tờ trình danh mục cơ sở dữ liệu quốc gia",
        en="Submission of the list of national databases",
        sample=lambda: sample(
            LIST,
            "Tờ trình",
            "Phê duyệt danh mục cơ sở dữ liệu quốc gia",
            {"du_thao": "DM-2026-0000", "so_ho_so": 1},
        ),
        latest=_newest_list,
        facts=LIST_FACTS,
    ),
)
