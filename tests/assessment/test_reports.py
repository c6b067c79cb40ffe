"""The report in its six formats: what it says, what it must not do, and that programs can open it."""

from __future__ import annotations

import csv
import io
import json
import re
import time
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pdfplumber
import pytest
from fastapi.testclient import TestClient

from silk_rag.assessment.follow_up import FollowUps, load_follow_ups
from silk_rag.assessment.questionnaire import Questionnaire
from silk_rag.assessment.report_csv import safe_cell
from silk_rag.assessment.report_file import ReportFile
from silk_rag.documents import Passage
from silk_rag.errors import CorpusInvalid

Talks = Callable[..., Any]
TOOLS = Path(__file__).parents[2] / "corpus" / "tools"
FORMATS = ("md", "json", "csv", "html", "pdf", "docx")
HOSTILE = '=cmd|"/c calc"!A1 <script>alert(1)</script> ![x](http://evil/p.png) #set page(width: 1pt) `é` 협동조합 \x07'


@pytest.fixture(scope="module")
def follow_ups() -> FollowUps:
    """Tools 1 and 3 as the corpus has them."""
    return load_follow_ups(TOOLS)


@pytest.fixture
def person(talk: Talks) -> Any:
    """Somebody who answered a little of everything, with words that want to be more than words."""
    spoken = talk(organisation="Cooperativa Ñandú 협동조합 <b>", respondent="Ana")
    spoken.all("A1: outward", "B1: 20 %", "B4: 18 months", "B5: 5", "B7: yes", "B17: yes", "C1: yes", "C8: partly")
    spoken.all("D3: yes", "E9: no", "F1: no", "F2: too early", "F3: don't know", "F4: n/a", "skip F5")
    spoken.service.set_answer(spoken.id, spoken.token, "F6", value="no", note=HOSTILE)
    return spoken


def made(person: Any, report_format: str) -> ReportFile:
    """The person's report in a format."""
    file: ReportFile = person.service.report(person.id, person.token, report_format)
    return file


@pytest.mark.parametrize("report_format", FORMATS)
def test_every_format_has_its_type_and_name(person: Any, report_format: str) -> None:
    """A browser knows what it is given and under which name to save it."""
    file = made(person, report_format)
    assert file.file_name == f"assessment.{report_format}"
    assert file.data
    assert file.media_type.split("/")[0] in {"text", "application"}


def test_a_report_on_all_questions_takes_less_than_three_seconds(
    talk: Talks, grid: Questionnaire, passages: dict[str, Passage]
) -> None:
    """Each format of a full assessment is there before a person wonders; letters are loaded in the first one."""
    assert passages
    full = talk()
    values = {"yes_no": "no", "level": "5", "percent": "20 %", "duration": "18 months"}
    for question in grid.by_id.values():
        said = values.get(question.kind) or question.options[0].label
        full.say(f"{question.id}: {said}")
    assert full.service.read(full.id, full.token)["progress"]["remaining"] == 0
    for report_format in FORMATS:
        started = time.perf_counter()
        made(full, report_format)
        assert time.perf_counter() - started < 3, report_format


def test_the_report_says_what_stands_out_and_what_comes_next(
    person: Any, follow_ups: FollowUps, passages: dict[str, Passage]
) -> None:
    """Strengths and points of attention have cited passages; the latter indicators of Tool 3 and a step of Tool 1."""
    data = json.loads(made(person, "json").content)
    assert [each["question_id"] for each in data["strengths"]] == ["B17", "C1", "D3"]
    assert [each["question_id"] for each in data["attention"]] == ["B5", "B7", "E9", "F1", "F6", "C8"]
    texts = {indicator.text for indicator in follow_ups.indicators}
    steps = {step.title for step in follow_ups.steps}
    for finding in data["attention"]:
        assert finding["citations"]
        assert set(finding["indicators"]) <= texts
        assert finding["indicators"]
        assert finding["next_step"] in steps
    numbers = [citation["number"] for citation in data["citations"]]
    assert numbers == list(range(1, len(numbers) + 1))
    for citation in data["citations"]:
        assert passages[citation["passage_id"]].text[citation["start"] : citation["end"]] == citation["quote"]
    assert {"F2", "F3", "F5", "F7"} <= set(data["open"])
    assert any("views" in paragraph for paragraph in data["imprint"])


def test_mission_strategy_and_economy_stand_side_by_side(person: Any) -> None:
    """The balance that the papers ask for is shown as counts, never as one number."""
    balance = json.loads(made(person, "json").content)["balance"]
    assert [row["part"] for row in balance] == ["Mission (C)", "Strategy (D)", "Economy and finance (E, F)"]
    assert [(row["favourable"], row["mixed"], row["unfavourable"]) for row in balance] == [
        (1, 1, 0),
        (1, 0, 0),
        (0, 0, 3),
    ]
    assert not any("score" in key for row in balance for key in row)


def test_one_category_alone_has_a_balance_of_its_own_only(talk: Talks) -> None:
    """What was not asked is not shown as empty."""
    alone = talk(scope=["A"])
    data = json.loads(made(alone, "json").content)
    assert data["balance"] == []
    assert data["coverage"]["total"] == 7
    for report_format in FORMATS:
        assert made(alone, report_format).data


def test_a_spreadsheet_takes_no_words_for_a_formula(person: Any) -> None:
    """Every cell that could begin a formula has an apostrophe before it; the words stay whole."""
    content = made(person, "csv").content
    assert content.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(content.removeprefix("\ufeff"))))
    assert len({len(row) for row in rows[:-1]}) == 1
    assert not [cell for row in rows for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))]
    assert any(cell.startswith("'=cmd") for row in rows for cell in row)
    assert "© OECD 2022" in rows[-1][0]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\t=1", "\r1", " =1", "\uff1d1", "\u00a0=1", "\n=1"])
def test_each_sign_that_begins_a_formula_is_disarmed(cell: str) -> None:
    """Also behind spaces, and in the full-width forms of East Asian editions."""
    assert safe_cell(cell) == f"'{cell}"


def test_ordinary_words_stay_as_they_are() -> None:
    """An apostrophe is put before nothing else."""
    assert safe_cell("a - b = c") == "a - b = c"


class _Page(HTMLParser):
    """What a screen reader would go by."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_is_accessible_and_loads_nothing(person: Any) -> None:
    """Language, one h1, headings without gaps, scoped header cells, a described chart; no script, no link out."""
    content = made(person, "html").content
    page = _Page()
    page.feed(content)
    names = [tag for tag, _ in page.tags]
    assert dict(page.tags[0][1])["lang"] == "en"
    assert names.count("h1") == 1
    levels = [int(name[1]) for name in names if re.fullmatch(r"h[1-6]", name)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(attributes.get("scope") for tag, attributes in page.tags if tag == "th")
    assert names.count("caption") == names.count("table") > 0
    (chart,) = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert chart["role"] == "img"
    assert "Bar chart of answers by category" in content
    assert "script" not in names
    assert "img" not in names
    assert not [
        attributes for _, attributes in page.tags if "src" in attributes or any(k.startswith("on") for k in attributes)
    ]
    assert all((attributes.get("href") or "#").startswith("#") for _, attributes in page.tags)
    ids = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))
    assert {(attributes.get("href") or "#")[1:] for tag, attributes in page.tags if tag == "a"} <= set(ids)


def test_words_are_shown_in_the_page_and_not_obeyed(person: Any) -> None:
    """Markup in the organisation's name and in notes is text."""
    content = made(person, "html").content
    assert "&lt;script&gt;alert(1)" in content
    assert "Ñandú 협동조합 &lt;b&gt;" in content


def test_the_pdf_is_tagged_has_its_letters_and_a4_pages(person: Any) -> None:
    """Title, language and tags are there, fonts are embedded, accents and Korean can be read out again."""
    data = made(person, "pdf").data
    assert data.startswith(b"%PDF-")
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        text = "\n".join(page.extract_text() for page in pdf.pages)
        catalogue = pdf.doc.catalog
        assert {(round(page.width), round(page.height)) for page in pdf.pages} == {(595, 842)}
        fonts = {char["fontname"] for page in pdf.pages for char in page.chars}
    assert "StructTreeRoot" in catalogue
    assert "Outlines" in catalogue
    assert "Lang" in catalogue
    assert "Ñandú" in text
    assert "협동조합" in text
    assert "#set page(width: 1pt)" in text
    assert "© OECD 2022" in text
    assert all("+" in name for name in fonts)


def test_a_sign_that_no_font_has_costs_nobody_the_pdf(talk: Talks) -> None:
    """Signs from anywhere in Unicode, and control characters, make a poorer PDF, not none."""
    spoken = talk(scope=["F"], organisation="🦄 \u0e01\U0001f9ec \U000e0041 \U0010ffff", respondent="\x07\x00")
    spoken.service.set_answer(spoken.id, spoken.token, "F1", value="no", note="\x1b[31m 🦄 שלום سلام")
    for report_format in FORMATS:
        assert made(spoken, report_format).data


def test_the_word_file_has_styles_header_rows_and_a_described_picture(person: Any) -> None:
    """Headings are headings, tables repeat their head, the picture has its text, no forbidden sign is inside."""
    data = made(person, "docx").data
    document = docx.Document(io.BytesIO(data))
    styles = [str(paragraph.style.name) for paragraph in document.paragraphs if paragraph.style]
    assert styles[0] == "Title"
    assert {"Heading 1", "Heading 2", "Quote", "List Bullet"} <= set(styles)
    assert document.tables
    for table in document.tables:
        assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
    (picture,) = document.inline_shapes
    assert str(picture._inline.docPr.get("descr")).startswith("Bar chart of answers by category")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert "\x07" not in archive.read("word/document.xml").decode()
    assert document.core_properties.title == "Internationalisation self-assessment"


def test_all_formats_are_served(client_of: Callable[..., TestClient], person: Any) -> None:
    """`?format=` gives each of the six, privately."""
    client = client_of(person.service)
    for report_format in FORMATS:
        answer = client.get(
            f"/api/v1/assessments/{person.id}/report",
            params={"format": report_format},
            headers={"Authorization": f"Bearer {person.token}"},
        )
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert f"assessment.{report_format}" in answer.headers["content-disposition"]


def test_every_question_has_a_follow_up(grid: Questionnaire, follow_ups: FollowUps) -> None:
    """Whatever turns out unfavourable, there are indicators and a next step for it."""
    assert set(follow_ups.of_question) == set(grid.by_id)
    assert all(each.indicators and each.step for each in follow_ups.of_question.values())
    assert len(follow_ups.indicators) == 36
    assert len(follow_ups.steps) == 6


def test_a_follow_up_that_stands_in_no_tool_is_named(tmp_path: Any) -> None:
    """Who edits the file is told what there is instead."""
    for name in ("tool-1.yaml", "tool-3.yaml", "tool-5.yaml"):
        (tmp_path / name).write_text((TOOLS / name).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "tool-2-links.yaml").write_text(
        "links: {}\nfollow: [{questions: [A1], indicators: [prospection 99], next: x}]"
    )
    with pytest.raises(CorpusInvalid, match="prospection 99"):
        load_follow_ups(tmp_path)
