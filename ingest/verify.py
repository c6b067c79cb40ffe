"""Prove that the corpus says what the source says: `python -m ingest.verify` or `make verify-corpus`.

Three things are shown for every document, tool and table: the words of each passage stand in its source lines, in
order; every word of those lines is in exactly one passage or heading, or on the list of what is left out with its
reason; and over all files together, every line of the source belongs to exactly one file.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.alignment import LineRange, Match, SourceLetters, align, align_anywhere, letters_of
from ingest.corpus import corpus_files, source_lines
from ingest.markdown import MarkdownFile, read_markdown
from ingest.tools import leaves_in, read_tool
from silk_rag.errors import CorpusInvalid, SilkError
from silk_rag.yaml_text import read_yaml

#: A passage whose letters are found in its source lines to less than this share is reported.
LEAST_RATIO = 0.99
#: The source whose every line must belong to a file.
SOURCE = "silk-2022"
REASONS = (
    "footnote mark",
    "web address",
    "running head",
    "page number",
    "contents page",
    "reviewer's remark",
    "misplaced heading",
    "link text",
    "list number",
    "table mark",
)


@dataclass(frozen=True, slots=True)
class Omission:
    """Source words that are in no passage, and why."""

    text: str
    lines: LineRange
    reason: str


@dataclass(frozen=True, slots=True)
class Unaligned:
    """Corpus words that do not stand in the source lines named, in order."""

    text: str
    ratio: float


@dataclass(frozen=True, slots=True)
class FileReport:
    """What was found for one corpus file. `unaccounted` maps a source line to its words that are nowhere."""

    path: Path
    letters: int
    left_out: Counter[str]
    unaligned: tuple[Unaligned, ...]
    unaccounted: dict[int, str]

    @property
    def accounted_share(self) -> float:
        """Share of the source's letters that are in a passage, a heading or the list of what is left out."""
        missing = sum(len(letters_of(text)) for text in self.unaccounted.values())
        return 1 - missing / self.letters if self.letters else 1.0


def verify_file(path: Path, corpus: Path) -> FileReport:
    """Verify one document or tool against the source it names. Raises CorpusInvalid when a file cannot be read."""
    if path.suffix == ".md":
        return _verify(path, read_markdown(path), corpus)
    return _verify(path, path, corpus)


def _verify(path: Path, parsed: MarkdownFile | Path, corpus: Path) -> FileReport:
    if isinstance(parsed, MarkdownFile):
        name, ranges, document = parsed.front.source, parsed.front.lines, parsed.front.id
    else:
        tool = read_tool(path)
        name, ranges, document = tool.source, tool.lines, tool.id
    source = SourceLetters(source_lines(corpus, name), ranges)
    used: set[int] = set()
    pairs = (
        _markdown_matches(parsed, source, used)
        if isinstance(parsed, MarkdownFile)
        else _leaf_matches(tool.data, source, used)
    )
    unaligned = [Unaligned(text, match.ratio) for text, match in pairs if match.ratio < LEAST_RATIO]
    left_out: Counter[str] = Counter()
    for omission in read_omissions(corpus / "source" / "omissions" / f"{document}.yaml"):
        match = align_anywhere(omission.text, source, used, omission.lines)
        left_out[omission.reason] += match.found
        if match.ratio < LEAST_RATIO:
            unaligned.append(Unaligned(f"omission: {omission.text}", match.ratio))
    unaccounted = _unaccounted(source, used)
    return FileReport(path, len(source.letters), left_out, tuple(unaligned), unaccounted)


def _markdown_matches(file: MarkdownFile, source: SourceLetters, used: set[int]) -> list[tuple[str, Match]]:
    """Paragraphs in order first; headings afterwards, wherever print put them."""
    body = [block.text for block in file.blocks if not block.level]
    matches = list(zip(body, align(body, source), strict=True))
    used.update(index for _, match in matches for index in match.used)
    for block in file.blocks:
        # The title of a document is often the editors' choice of the paper's words: it need not be found.
        if block.level > 1 and not block.editorial:
            matches.append((block.text, align_anywhere(block.text, source, used)))
        elif block.level == 1:
            align_anywhere(block.text, source, used, exact=True)
    return matches


def _leaf_matches(data: Mapping[str, Any], source: SourceLetters, used: set[int]) -> list[tuple[str, Match]]:
    """Longest first, so that a short cell cannot take letters that belong to a long one on the same line.

    A leaf that quotes lines of another file (Box 2.1's rewording of a question) is looked for by that file's report.
    """
    own = [leaf for leaf in (*leaves_in(data), *printed_marks(data)) if source.places_within(_range(leaf))]
    own.sort(key=lambda leaf: -len(leaf["text"]))
    return [(leaf["text"], align_anywhere(leaf["text"], source, used, _range(leaf))) for leaf in own]


def _range(leaf: Mapping[str, Any]) -> LineRange:
    first, last = leaf["lines"]
    return LineRange(int(first), int(last))


def printed_marks(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Tool 2 keeps a category's letter and a question's printed number as data of their own: as leaves."""
    for category in data.get("categories", ()):
        yield {"text": category["id"], "lines": category["name"]["lines"]}
        for question in category["questions"]:
            yield {"text": str(question["printed_number"]), "lines": question["lines"]}


def read_omissions(path: Path) -> list[Omission]:
    """The list of what is left out of a document; none when there is no file. Raises CorpusInvalid on a bad entry."""
    if not path.exists():
        return []
    rows: list[dict[str, Any]] = read_yaml(path.read_text(encoding="utf-8")) or []
    omissions: list[Omission] = []
    for row in rows:
        try:
            omission = Omission(str(row["text"]), LineRange(*map(int, row["lines"])), str(row["reason"]))
        except (KeyError, TypeError, ValueError) as error:
            raise CorpusInvalid(f"{path}: an entry needs lines, text and reason ({error}): {row!r}") from error
        if omission.reason not in REASONS:
            raise CorpusInvalid(f"{path}: reason {omission.reason!r}; use one of {', '.join(REASONS)}.")
        omissions.append(omission)
    return omissions


def _unaccounted(source: SourceLetters, used: set[int]) -> dict[int, str]:
    missing: dict[int, str] = {}
    for index, letter in enumerate(source.letters):
        if index not in used:
            line = source.line_of(index)
            missing[line] = missing.get(line, "") + letter
    return missing


def line_claims(paths: Iterable[Path]) -> Counter[int]:
    """How many corpus files claim each source line."""
    claims: Counter[int] = Counter()
    for path in paths:
        ranges = read_markdown(path).front.lines if path.suffix == ".md" else read_tool(path).lines
        claims.update(number for span in ranges for number in range(span.first, span.last + 1))
    return claims


def _print_report(report: FileReport, *, quiet: bool) -> None:
    """One line a file and, below it, every problem; nothing for a file in order when `quiet`."""
    if quiet and not report.unaligned and not report.unaccounted:
        return
    left_out = ", ".join(f"{reason} {count}" for reason, count in report.left_out.most_common())
    state = "ok" if not report.unaligned and not report.unaccounted else "LOOK"
    share = f"{report.accounted_share:7.2%} accounted for"
    print(f"{state:4} {share}  {report.path.name}  (letters left out: {left_out or 'none'})")
    for item in report.unaligned:
        print(f"     not in its source lines ({item.ratio:.0%} found): {item.text[:160]!r}")
    for line, text in sorted(report.unaccounted.items()):
        print(f"     source line {line}, in no passage and not left out: {text[:120]!r}")


def _claim_problems(files: Sequence[Path], corpus: Path) -> list[str]:
    claims = line_claims(files)
    problems: list[str] = []
    for number, line in enumerate(source_lines(corpus, SOURCE), 1):
        if letters_of(line) and claims[number] != 1:
            problems.append(f"source line {number} belongs to {claims[number]} files: {line.strip()[:80]!r}")
    return problems


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify the files named, or the whole corpus; prints a report and returns 0 when everything is accounted for."""
    parser = argparse.ArgumentParser(prog="python -m ingest.verify", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="documents or tools; the whole corpus when none is named")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="the corpus folder (default: corpus)")
    parser.add_argument("--quiet", action="store_true", help="name only files with problems")
    options = parser.parse_args(arguments)
    files = options.files or corpus_files(options.corpus)
    try:
        reports = [verify_file(path, options.corpus) for path in files]
        problems = [] if options.files else _claim_problems(files, options.corpus)
    except SilkError as error:
        print(error.message, file=sys.stderr)
        return 1
    for report in reports:
        _print_report(report, quiet=options.quiet)
    for problem in problems:
        print(problem)
    letters = sum(report.letters for report in reports)
    missing = sum(len(letters_of(text)) for report in reports for text in report.unaccounted.values())
    print(f"{1 - missing / letters:.2%} of {letters} letters accounted for in {len(reports)} files")
    return 1 if problems or any(report.unaligned or report.unaccounted for report in reports) else 0


if __name__ == "__main__":
    sys.exit(main())
