"""The corpus says what the source says, and damage to it is noticed."""

from __future__ import annotations

import hashlib
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.alignment import letters_of
from ingest.corpus import corpus_files, source_lines
from ingest.verify import REASONS, SOURCE, line_claims, main, read_omissions, verify_file
from silk_rag.errors import CorpusInvalid
from silk_rag.settings import Settings

CORPUS = Settings().corpus
FILES = corpus_files(CORPUS)
DAMAGED = "lessons-policies"

Damage = Callable[[str], str]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_word_of_a_file_is_accounted_for(path: Path) -> None:
    """Each passage stands in its source lines; each word of those lines is in the corpus or left out for a reason."""
    report = verify_file(path, CORPUS)
    assert not report.unaligned
    assert not report.unaccounted
    assert report.accounted_share == 1.0


def test_every_source_line_belongs_to_exactly_one_file() -> None:
    """No line of the source is forgotten, and none is claimed twice."""
    claims = line_claims(FILES)
    lines = source_lines(CORPUS, SOURCE)
    wrong = {number: claims[number] for number, line in enumerate(lines, 1) if letters_of(line) and claims[number] != 1}
    assert not wrong
    assert max(claims) <= len(lines)


def test_the_whole_corpus_passes_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m ingest.verify` ends well and says so in one figure."""
    assert main(["--corpus", str(CORPUS)]) == 0
    assert f"100.00% of 157444 letters accounted for in {len(FILES)} files" in capsys.readouterr().out


def test_the_source_is_kept_as_received() -> None:
    """The bytes of the source are those the manifest names."""
    for source in tomllib.loads((CORPUS / "manifest.toml").read_text(encoding="utf-8"))["source"]:
        content = (CORPUS / source["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == source["sha256"]


def test_whatever_is_left_out_has_a_known_reason() -> None:
    """Nothing is dropped without saying why, and no list belongs to a file that is not there."""
    lists = sorted((CORPUS / "source" / "omissions").glob("*.yaml"))
    assert lists
    assert {path.stem for path in lists} <= {path.stem for path in FILES}
    assert {omission.reason for path in lists for omission in read_omissions(path)} <= set(REASONS)


@pytest.fixture
def damage(tmp_path: Path) -> Callable[[Damage], Path]:
    """Copies the corpus and changes the text of one of its documents."""
    copy = tmp_path / "corpus"
    shutil.copytree(CORPUS, copy)

    def make(change: Damage) -> Path:
        path = copy / "documents" / f"{DAMAGED}.md"
        before = path.read_text(encoding="utf-8")
        after = change(before)
        assert after != before
        path.write_text(after, encoding="utf-8")
        return path

    return make


def _paragraph(text: str) -> str:
    """The longest paragraph in the middle of the document."""
    return max((block for block in text.split("\n\n")[5:-5] if not block.startswith("#")), key=len)


def _change_word(text: str) -> str:
    paragraph = _paragraph(text)
    return text.replace(paragraph, paragraph.replace(" the ", " qqqqqqqqqqqqqqqqq ", 1))


def _drop_word(text: str) -> str:
    paragraph = _paragraph(text)
    words = paragraph.split(" ")
    words.remove(max(words[2:-2], key=len))
    return text.replace(paragraph, " ".join(words))


def _add_sentence(text: str) -> str:
    paragraph = _paragraph(text)
    return text.replace(paragraph, f"{paragraph} Nobody has ever written this sentence.")


def _drop_paragraph(text: str) -> str:
    return text.replace(f"{_paragraph(text)}\n\n", "")


def _move_paragraph(text: str) -> str:
    paragraph = _paragraph(text)
    return f"{text.replace(paragraph, '').rstrip()}\n\n{paragraph}\n"


@pytest.mark.parametrize("change", [_change_word, _drop_word, _add_sentence, _drop_paragraph, _move_paragraph])
def test_damage_to_a_document_is_reported(damage: Callable[[Damage], Path], change: Damage) -> None:
    """A word changed, dropped or added, a paragraph lost or moved: the report names it."""
    path = damage(change)
    report = verify_file(path, path.parents[1])
    assert report.unaligned or report.unaccounted


def test_the_command_fails_on_damage(damage: Callable[[Damage], Path], capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong is printed with its source line, and the exit code stops a build."""
    path = damage(_drop_word)
    assert main([str(path), "--corpus", str(path.parents[1])]) == 1
    assert "in no passage and not left out" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("- lines: [1, 1]\n  text: x\n  reason: because\n", "reason 'because'; use one of"),
        ("- lines: [1, 1]\n  reason: running head\n", "needs lines, text and reason"),
        ("- lines: one\n  text: x\n  reason: running head\n", "needs lines, text and reason"),
    ],
)
def test_a_bad_omission_is_named(tmp_path: Path, content: str, said: str) -> None:
    """An entry that cannot be used names the file and what it needs."""
    path = tmp_path / "omissions.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusInvalid, match=said) as raised:
        read_omissions(path)
    assert str(path) in raised.value.message


def test_the_command_reports_an_unreadable_file_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A broken document ends the command with a message and without a traceback."""
    path = tmp_path / "broken.md"
    path.write_text("no front matter", encoding="utf-8")
    assert main([str(path)]) == 1
    assert str(path) in capsys.readouterr().err
