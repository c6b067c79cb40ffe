"""Tools 1 and 3, walked through in the same talk."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from silk_rag.assessment.follow_up import load_follow_ups
from silk_rag.assessment.illumination import Illumination
from silk_rag.assessment.questionnaire import Questionnaire
from tests.assessment.conftest import TOOLS

Talks = Callable[..., Any]


def test_the_walks_hold_the_tools_whole(grid: Questionnaire) -> None:
    """28 prompts in six steps and the question for the strategy; 36 indicators in four phases."""
    prompts, indicators = grid.walks
    assert [len(part.questions) for part in prompts.parts] == [5, 6, 4, 5, 6, 3]
    assert [len(part.questions) for part in indicators.parts] == [10, 8, 10, 8]
    assert prompts.parts[0].title == "Phase 1 – Introspection: Why"
    assert set(grid.by_id).isdisjoint({*prompts.order, *indicators.order})


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("let's go through Tool 1", "P1"),
        ("tool 1", "P1"),
        ("can we do the flow chart please", "P1"),
        ("let's do the prospection", "P12"),
        ("indicators checklist", "I1"),
        ("go through the indicators", "I1"),
        ("passons à l'outil 1", "P1"),
        ("vamos a la herramienta 3", "I1"),
        ("facciamo gli indicatori", "I1"),
        ("machen wir die Indikatoren", "I1"),
        ("go to I7", "I7"),
    ],
)
def test_a_walk_is_opened_in_own_words(talk: Talks, said: str, first: str) -> None:
    """It can be begun at any time, from the start or from a part."""
    person = talk()
    person.say(said)
    assert person.at() == first


@pytest.mark.parametrize("said", ["What is Tool 1 for?", "we follow some indicators", "no tool 1 please"])
def test_speaking_of_a_tool_opens_nothing(talk: Talks, said: str) -> None:
    """A question about a tool is answered, a word in an account is none."""
    person = talk()
    person.say(said)
    assert person.at() == "A1"


def test_the_grid_waits_while_another_tool_is_walked_through(talk: Talks) -> None:
    """What was said is kept, the grid goes on where it was left, and counts only its own."""
    person = talk()
    person.all("outward", "yes")
    turn = person.say("let's go through tool 1")
    assert "one by one, 29 in all" in turn.reply
    assert "Motives behind the internationalisation process?" in turn.reply
    turn = person.say("Our members asked for it. The market at home is full.")
    assert turn.recorded[0]["value"] == "Our members asked for it. The market at home is full."
    assert turn.progress["answered"] == 2
    person.all("skip", "What did KOICA do?", "C3 no", "change P1 to our members want it")
    assert person.at() == "P3"
    turn = person.say("back to the questions")
    assert "1 of 29" in turn.reply
    assert person.at() == "A3"
    assert person.answers() == {"A1": "outward", "A2": "yes", "C3": "no"}
    (prompts, _) = person.service.read(person.id, person.token)["checklists"]
    assert [(each["question_id"], each["value"]) for each in prompts["answers"]] == [("P1", "our members want it")]


def test_a_walk_that_ends_leads_back(talk: Talks) -> None:
    """After the last item, and with "finish", the grid is at hand again and not finished by it."""
    person = talk()
    person.say("go to I36")
    turn = person.say("yes, every year")
    assert not turn.finished
    person.say("finish")
    assert person.at() == "A1"
    person.say("go to P29")
    assert "Spin-off" in person.say("repeat").reply
    assert person.say("spin off").recorded[0]["value"] == "spin-off"


def test_an_indicator_is_judged_and_its_figures_kept(talk: Talks) -> None:
    """A figure alone does not say whether it is followed: asked back, then kept beside the answer."""
    person = talk()
    person.say("indicators checklist")
    assert person.say("we helped about 340 people last year").recorded == []
    (recorded,) = person.say("yes").recorded
    assert (recorded["question_id"], recorded["value"]) == ("I1", "yes")
    assert "340" in recorded["note"]


def test_the_walks_are_offered_after_the_grid_and_go_on_from_there(talk: Talks) -> None:
    """Who has finished may go on with the other tools; the summary stays."""
    person = talk(scope=["A"])
    turn = person.all("outward", *["yes"] * 5, "mixture")
    assert turn.finished
    assert "**Tool 1**" in turn.reply
    turn = person.say("indicators checklist")
    assert turn.question["id"] == "I1"
    assert turn.finished
    assert "Say **summary**" in person.say("leave the checklist").reply


def test_walks_enter_every_report_and_survive_export(talk: Talks) -> None:
    """Markdown, JSON, CSV, HTML, PDF and Word; a file taken in elsewhere has them too."""
    person = talk(scope=["A"])
    person.all("tool 1", "Grow with =friends=", "go to I2", "yes")
    taken = person.service.take_in(person.service.export(person.id, person.token))
    for key in ((person.id, person.token), (taken.assessment_id, taken.token)):
        for report_format in ("md", "csv", "html"):
            content = person.service.report(*key, report_format).content
            assert "Motives behind the internationalisation process?" in content
            assert "Grow with =friends=" in content
        data = json.loads(person.service.report(*key, "json").content)
        assert [each["title"][:6] for each in data["checklists"]] == ["Tool 1", "Tool 3"]
        assert data["coverage"]["total"] == 7
        assert person.service.report(*key, "pdf").data.startswith(b"%PDF")
        assert person.service.report(*key, "docx").data.startswith(b"PK")


def test_walks_over_http(client_of: Callable[..., TestClient], talk: Talks) -> None:
    """Opened by a route of their own, answered by message or form, corrected and taken out."""
    person = talk()
    client = client_of(person.service)
    path, headers = f"/api/v1/assessments/{person.id}", {"Authorization": f"Bearer {person.token}"}
    opened = client.post(f"{path}/checklists/tool-3", headers=headers)
    assert opened.json()["question"]["id"] == "I1"
    assert client.post(f"{path}/checklists/tool-9", headers=headers).status_code == 422
    assert client.post(f"{path}/checklists/tool-1").status_code == 404
    put = client.put(f"{path}/answers/I5", json={"value": "partly", "note": "twice"}, headers=headers).json()
    assert put["checklists"][1]["answers"][0]["value"] == "partly"
    assert put["answers"] == []
    assert client.delete(f"{path}/answers/I5", headers=headers).json()["checklists"][1]["answers"] == []


def test_the_column_of_the_strategy_chosen_stands_in_the_report(talk: Talks) -> None:
    """Its cells in Tool 5 are quoted with their citations, in every format; without a choice there is none."""
    person = talk(scope=["A"])
    assert "Your strategy in Tool 5" not in person.service.report(person.id, person.token, "md").content
    person.all("go to P29", "spin-off")
    key = (person.id, person.token)
    data = json.loads(person.service.report(*key, "json").content)
    issues, indicators = data["strategy"]["tables"]
    assert data["strategy"]["name"] == "Spin-off"
    assert [each["text"] for each in issues["cells"]][2:3] == [
        "What is the role of franchises in the democratic management of the franchise network?"
    ]
    assert "Number of new people served" in [each["text"] for each in indicators["cells"]]
    quotes = {each["number"]: each["quote"] for each in data["citations"]}
    assert all(quotes[cell["number"]] == cell["text"] for table in (issues, indicators) for cell in table["cells"])
    for report_format in ("md", "html"):
        content = person.service.report(*key, report_format).content
        assert "Your strategy in Tool 5: Spin-off" in content
        assert "democratic management of the franchise network" in content
    assert person.service.report(*key, "pdf").data.startswith(b"%PDF")
    assert person.service.report(*key, "docx").data.startswith(b"PK")


def test_every_cell_of_tool_5_can_be_quoted(links: Any, passages: Any) -> None:
    """A passage that changes its words gets a new id; the list in the links file must follow."""
    illumination = Illumination(links, passages.get)
    columns = load_follow_ups(TOOLS).columns
    assert len(columns) == 7
    for column in columns.values():
        for title, cells in column.tables:
            for principle, words in cells:
                assert illumination.cell(title, principle, words) is not None, (column.name, title, principle)
