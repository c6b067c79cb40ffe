from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
import yaml

from silk_rag.assessment.acts import Answer
from silk_rag.assessment.context import Context
from silk_rag.assessment.questionnaire import Questionnaire, load_questionnaire
from silk_rag.assessment.replies import understand
from silk_rag.assessment.words import ReplyWords, load_reply_words
from silk_rag.errors import CorpusInvalid, InvalidInput

TOOLS = Path(__file__).parents[2] / "corpus" / "tools"


@pytest.fixture
def copied_tools(tmp_path: Path) -> Path:
    """A copy of the files that make the questionnaire."""
    for name in ("tool-1", "tool-2", "tool-2-guide", "tool-2-translations", "tool-3", "tool-5", "reply-words"):
        shutil.copy(TOOLS / f"{name}.yaml", tmp_path / f"{name}.yaml")
    return tmp_path


def edit(path: Path, before: str, after: str) -> None:
    """Damage a file in one place."""
    content = path.read_text(encoding="utf-8")
    assert before in content
    path.write_text(content.replace(before, after, 1), encoding="utf-8")


def test_the_grid_has_78_questions_in_six_categories(grid: Questionnaire) -> None:
    """All of Tool 2 is there: 7, 20, 16, 15, 12 and 8 questions."""
    counts = Counter(question.category for question in grid.by_id.values())
    assert counts == {"A": 7, "B": 20, "C": 16, "D": 15, "E": 12, "F": 8}


def test_every_question_says_why_it_is_asked_and_can_be_planned(grid: Questionnaire) -> None:
    """No question is shown without a reason, and each can be asked about a plan."""
    assert all(question.why and question.planning for question in grid.by_id.values())


def test_topics_are_asked_as_questions(grid: Questionnaire) -> None:
    """What the grid prints as a topic is put to the person as a question; the rest is asked as printed."""
    topics = {"A2", "A3", "A4", "A5", "A6", "B1", "B4", "B5", "B11", "B14", "C7", "E1"}
    assert all(grid.by_id[topic].wording("retrospective").endswith("?") for topic in topics)
    assert grid.by_id["F1"].wording("retrospective") == grid.by_id["F1"].text


def test_only_the_five_known_questions_are_marked_specific(grid: Questionnaire) -> None:
    """The mark was lost in print but for five; the others are unknown, not unspecific."""
    marks = {question.id: question.sse_specific for question in grid.by_id.values()}
    assert {question_id for question_id, mark in marks.items() if mark} == {"C1", "C2", "D2", "D3", "E3"}
    assert not any(mark is False for mark in marks.values())


def test_obstacles_are_not_read_like_gains(grid: Questionnaire) -> None:
    """A yes to "legal obstacles?" is unfavourable, a yes to "higher revenues?" favourable."""
    assert grid.by_id["B7"].favourable == "no"
    assert grid.by_id["F1"].favourable == "yes"
    assert grid.by_id["F8"].favourable == "neutral"


def test_the_quick_scan_touches_every_category_with_about_twenty_questions(grid: Questionnaire) -> None:
    """The short round still sees the whole."""
    quick = grid.in_scope("quick")
    assert 18 <= len(quick) <= 22
    assert {question_id[0] for question_id in quick} == set("ABCDEF")


@pytest.mark.parametrize("scope", ["G", [], ["A", "Z"], "everything", ""])
def test_an_unknown_scope_is_refused(grid: Questionnaire, scope: str | list[str]) -> None:
    """A scope that is none says what would be one."""
    with pytest.raises(InvalidInput, match="full"):
        grid.in_scope(scope)


def test_a_guide_that_forgets_a_question_is_refused_by_name(copied_tools: Path) -> None:
    """Someone who edits the guide is told which question is missing."""
    guide = yaml.safe_load((copied_tools / "tool-2-guide.yaml").read_text(encoding="utf-8"))
    guide["questions"] = [entry for entry in guide["questions"] if entry["id"] != "C3"]
    (copied_tools / "tool-2-guide.yaml").write_text(yaml.safe_dump(guide), encoding="utf-8")
    with pytest.raises(CorpusInvalid, match="C3"):
        load_questionnaire(copied_tools)


def test_a_kind_that_does_not_exist_is_refused_with_its_place(copied_tools: Path) -> None:
    """A typing error in the guide names file, question and what is allowed."""
    edit(copied_tools / "tool-2-guide.yaml", "kind: percent", "kind: percents")
    with pytest.raises(CorpusInvalid, match=r"tool-2-guide\.yaml, B1.*percent"):
        load_questionnaire(copied_tools)


def test_a_word_with_two_meanings_is_refused(copied_tools: Path) -> None:
    """The word lists cannot be made to contradict themselves."""
    edit(copied_tools / "reply-words.yaml", "en: [don't know,", "en: [not really, don't know,")
    with pytest.raises(CorpusInvalid, match="not really"):
        load_reply_words(copied_tools)


def test_an_unquoted_no_in_the_word_lists_is_refused(copied_tools: Path) -> None:
    """YAML reads a bare `no` as false; the reader says to quote it."""
    edit(copied_tools / "reply-words.yaml", 'en: ["no", nope', "en: [no, nope")
    with pytest.raises(CorpusInvalid, match="quotes"):
        load_reply_words(copied_tools)


def test_a_changed_question_changes_the_version(copied_tools: Path, grid: Questionnaire) -> None:
    """Two assessments are only compared freely when their questionnaires are the same."""
    assert load_questionnaire(copied_tools).version == grid.version
    edit(copied_tools / "tool-2-guide.yaml", "Going abroad is a means.", "Going abroad is only a means.")
    assert load_questionnaire(copied_tools).version != grid.version


LANGUAGES = ("fr", "es", "it", "pt", "ko")


def test_every_question_is_translated_for_both_views_and_marked_as_unofficial(grid: Questionnaire) -> None:
    """Five languages beside English: looking back and planning are worded apart, and no text serves two questions."""
    worded: list[str] = []
    for question in grid.by_id.values():
        assert set(question.translations) == set(LANGUAGES)
        for language, translation in question.translations.items():
            assert translation.wording("retrospective") == translation.retrospective
            assert translation.wording("planning") == translation.planning
            assert all("?" in text for text in (translation.retrospective, translation.planning)), question.id
            assert set(question.answers(language)) == set(question.answers()), question.id
            worded += [translation.retrospective, translation.planning]
    assert len(set(worded)) == len(worded) == 78 * 5 * 2
    labels = {each.label for each in grid.by_id["A1"].translations.values()}
    assert len(labels) == 5
    assert grid.by_id["A1"].translation("pt-BR") == grid.by_id["A1"].translation("pt")
    assert grid.by_id["A1"].translation("de") is None


def test_marks_of_french_do_not_begin_a_line(grid: Questionnaire) -> None:
    """Before "?" stands a space that does not break, however the file was typed."""
    for question in grid.by_id.values():
        translation = question.translations["fr"]
        assert translation.retrospective.endswith("\u00a0?"), question.id
        assert " ?" not in translation.retrospective + translation.planning


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_is_understood_by_the_name_that_is_shown(
    grid: Questionnaire, words: ReplyWords, language: str
) -> None:
    """Whoever types what an answer is called in her language gives that answer, at every question that offers it."""
    heard = {
        (question.id, key): understand(name, Context(question, tuple(grid.by_id), grid, language=language), words)
        for question in grid.by_id.values()
        for key, name in question.answers(language).items()
    }
    assert {question_id for question_id, _ in heard} >= {"A1", "A7", "B3", "B5", "B7", "B8", "B20", "C15", "E1"}
    for (question_id, key), acts in heard.items():
        assert len(acts) == 1, (question_id, key)
        assert isinstance(acts[0], Answer), (question_id, key)
        assert acts[0].value.content == key


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("      C3:\n        retrospective:", "      C33:\n        retrospective:", "fr, questions|C33"),
        ("        planning: ", "        planing: ", "fr, A1.*planning"),
        ('too_early: "trop tôt', 'early: "trop tôt', "fr, yes_no.*too_early"),
        ("    scales:\n      difficulty:", "    scales:\n      difficult:", "fr.*difficulty"),
        ('duration: "une', 'durations: "une', "fr, hints.*duration"),
        ("languages:\n  fr:", "languages:\n  fr: {}\n  eo:", "fr.*questions"),
    ],
)
def test_a_gap_in_the_translations_is_named(copied_tools: Path, before: str, after: str, named: str) -> None:
    """Who damages the translations is told the language and the place."""
    edit(copied_tools / "tool-2-translations.yaml", before, after)
    with pytest.raises(CorpusInvalid, match=rf"tool-2-translations\.yaml, .*({named})"):
        load_questionnaire(copied_tools)


def test_translations_change_no_version(copied_tools: Path, grid: Questionnaire) -> None:
    """A better translation does not make two assessments incomparable: the English wording is what counts."""
    edit(copied_tools / "tool-2-translations.yaml", "de produits ?", "de biens ?")
    assert load_questionnaire(copied_tools).version == grid.version
