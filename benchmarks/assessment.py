"""Measure a whole self-assessment: all 78 questions in a person's words, then the report in every format.

A real server on an empty data folder; the answers are those of a made-up dairy (dairy.txt). Prints how many were noted
at once, milliseconds a message, and seconds a report. With `--browser FOLDER` the same is typed into the chat in
Chromium; screenshots and the reports are left in the folder to be looked at.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.server import running, spread

ANSWERS = Path(__file__).with_name("dairy.txt")
FORMATS = ("html", "pdf", "docx", "md", "csv", "json")
CHROMIUM = "/usr/bin/chromium"
PATIENCE_MS = 30_000


@dataclass(frozen=True, slots=True)
class Said:
    """What the person answers to a question: in their words, and plainly where they are asked back."""

    question_id: str
    plain: str
    words: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.assessment", description=__doc__)
    parser.add_argument("--browser", type=Path, metavar="FOLDER", help="type into the chat; leave what is seen here")
    options = parser.parse_args(arguments)
    answers = list(_answers())
    with tempfile.TemporaryDirectory() as data, running(Path(data)) as server:
        if options.browser is None:
            _over_http(server.address, answers)
        else:
            options.browser.mkdir(parents=True, exist_ok=True)
            _in_the_browser(server.address, answers, options.browser)
    return 0


def _answers() -> Iterator[Said]:
    for line in ANSWERS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield Said(*line.split("|"))


def _over_http(address: str, answers: Sequence[Said]) -> None:
    with httpx.Client(base_url=address, timeout=60) as client:
        place, headers = _created(client)
        spent: list[float] = []
        asked_back: list[str] = []
        for said in answers:
            milliseconds, turn = _say(client, place, headers, said.words)
            spent.append(milliseconds)
            if said.question_id not in {each["question_id"] for each in turn["recorded"]}:
                asked_back.append(said.question_id)
                milliseconds, turn = _say(client, place, headers, said.plain)
                spent.append(milliseconds)
        print(f"{len(answers)} questions, noted at once {len(answers) - len(asked_back)}, asked back {asked_back}")
        print(f"a message over HTTP: {spread(spent)}, most {max(spent):.0f} ms")
        for name in FORMATS:
            started = time.perf_counter()
            report = client.get(f"{place}/report", params={"format": name}, headers=headers)
            report.raise_for_status()
            print(f"report as {name}: {time.perf_counter() - started:.2f} s, {len(report.content) / 1000:.0f} kB")


def _created(client: httpx.Client) -> tuple[str, Mapping[str, str]]:
    reply = client.post(
        "/api/v1/assessments", json={"mode": "retrospective", "scope": "full", "organisation": "Alpine dairy"}
    )
    reply.raise_for_status()
    created = reply.json()
    return f"/api/v1/assessments/{created['assessment_id']}", {"Authorization": f"Bearer {created['token']}"}


def _say(client: httpx.Client, place: str, headers: Mapping[str, str], text: str) -> tuple[float, Mapping[str, Any]]:
    started = time.perf_counter()
    reply = client.post(f"{place}/messages", json={"text": text}, headers=headers)
    reply.raise_for_status()
    turn: Mapping[str, Any] = reply.json()
    return (time.perf_counter() - started) * 1000, turn


def _in_the_browser(address: str, answers: Sequence[Said], folder: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900}, accept_downloads=True)
        page.set_default_timeout(PATIENCE_MS)
        page.goto(address)
        page.get_by_role("tab", name="Self-assessment").click()
        page.locator("#assessment-scope").get_by_label("78").check()
        page.get_by_label("Your organisation").fill("Alpine dairy")
        page.locator("#assessment-start").click()
        for number, said in enumerate(answers, start=1):
            expect(page.locator("#assessment-chat")).to_contain_text(f"Question {number} of {len(answers)}")
            _type(page, said.words)
            if not _is_noted(page, number):
                _type(page, said.plain)
            expect(page.locator("#assessment-progress")).to_contain_text(f"{number} of {len(answers)} answered")
            if number % 20 == 1:
                page.screenshot(path=folder / f"question-{number}.png")
        expect(page.locator("#assessment-report")).to_contain_text("Alpine dairy")
        page.screenshot(path=folder / "finished.png")
        page.locator("#assessment-report").screenshot(path=folder / "report.png")
        for name in FORMATS:
            with page.expect_download() as download:
                page.locator(f"#report-{name}").click()
            download.value.save_as(folder / f"report.{name}")
        browser.close()


def _type(page: Page, text: str) -> None:
    page.locator("#assessment-text textarea").fill(text)
    page.locator("#assessment-send").click()
    expect(page.locator("#assessment-text textarea")).to_have_value("")


def _is_noted(page: Page, number: int) -> bool:
    progress = page.locator("#assessment-progress")
    try:
        expect(progress).to_contain_text(f"{number} of ", timeout=3_000)
    except AssertionError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
