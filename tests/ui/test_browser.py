"""The chat in a real browser: what a person sees, what stays private, and what never leaves this machine."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from silk_rag.answering.answer import Answer
from silk_rag.bootstrap import Services
from tests.ui.conftest import PATIENCE_MS, XSS, open_chat
from ui import handlers

expect.set_options(timeout=PATIENCE_MS)
QUESTION = "What has Scotland done to help its social enterprises go international?"
NewPerson = Callable[[], BrowserContext]


def _ask(page: Page, question: str) -> None:
    page.locator("#ask-question textarea").fill(question)
    page.locator("#ask-send").click()


def _open_assessment(page: Page) -> None:
    page.get_by_role("tab", name="Self-assessment").click()


def _start_assessment(page: Page) -> None:
    _open_assessment(page)
    page.locator("#assessment-start").click()
    expect(page.locator("#assessment-chat")).to_contain_text("Question 1 of 22")


def _answer(page: Page, text: str) -> None:
    page.locator("#assessment-text textarea").fill(text)
    page.locator("#assessment-send").click()


def _progress(page: Page) -> Locator:
    return page.locator("#assessment-progress")


def _bubbles(page: Page, role: str) -> Locator:
    return page.locator(f'#ask-chat [data-testid="{role}"]')


def test_question_answer_citation_quote(page: Page, services: Services) -> None:
    """A question is answered; a mark opens its source, by keyboard too, and exactly the quote is highlighted."""
    _ask(page, QUESTION)
    mark = page.locator("a.silk-mark").first
    expect(mark).to_have_text("[1]")
    source = page.locator("details.silk-source").first
    expect(source.locator("mark").first).to_be_hidden()
    mark.click()
    expect(source.locator("mark").first).to_be_visible()
    answer = services.assistant.ask(QUESTION)
    assert isinstance(answer, Answer)
    quote = answer.citations[0].quote
    shown = "".join(source.locator("mark").all_inner_texts())
    assert re.sub(r"[\s●•-]", "", shown) == re.sub(r"[\s●•-]", "", quote)
    source.locator("summary").press("Enter")
    expect(source.locator("mark").first).to_be_hidden()


def test_history_stays_open_and_clears(page: Page) -> None:
    """Sources of an earlier answer open after a later question, and clearing empties the conversation."""
    _ask(page, QUESTION)
    expect(_bubbles(page, "bot")).to_have_count(1)
    _ask(page, "What do the papers recommend on trade agreements?")
    expect(_bubbles(page, "bot")).to_have_count(2)
    first = _bubbles(page, "bot").first.locator("details.silk-source").first
    first.locator("summary").click()
    expect(first.locator("mark").first).to_be_visible()
    page.locator("#ask-clear").click()
    expect(_bubbles(page, "bot")).to_have_count(0)
    expect(page.locator("#ask-chat .silk-welcome")).to_be_visible()


def test_examples_can_be_clicked(page: Page, services: Services) -> None:
    """Six example questions are offered, and a click asks one."""
    examples = page.locator("#ask-chat button.example")
    expect(examples).to_have_count(6)
    examples.first.click()
    expect(_bubbles(page, "user")).to_have_text(handlers.example_questions(services.suggestions)[0])
    expect(page.locator(".silk-answer")).to_be_visible()


def test_answer_can_be_copied_as_text(page: Page) -> None:
    """Copying gives plain text with the sources, not the page's HTML."""
    _ask(page, QUESTION)
    expect(page.locator(".silk-answer")).to_be_visible()
    page.locator("#ask-copy").click()
    expect(page.locator("#ask-copy")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(QUESTION)
    assert "<" not in copied


def test_abstention_offers_what_can_be_asked(page: Page) -> None:
    """When the papers do not say, that looks unlike an answer, and a suggested question is asked with a click."""
    _ask(page, "How do I bake sourdough bread?")
    expect(page.locator(".silk-abstention")).to_be_visible()
    expect(page.locator(".silk-answer")).to_have_count(0)
    page.locator("#ask-chat button.option").first.click()
    expect(page.locator(".silk-answer")).to_be_visible()


def test_unusable_question_keeps_the_text(page: Page) -> None:
    """A question that cannot be used gets a notice, and what was typed is still there."""
    _ask(page, "?!?")
    expect(page.locator("#ask-chat .silk-notice")).to_be_visible()
    expect(page.locator("#ask-question textarea")).to_have_value("?!?")


def test_assessment_survives_a_reload(page: Page) -> None:
    """Three questions are answered by click and by words; after a reload the talk goes on at the fourth."""
    _start_assessment(page)
    page.locator(".silk-choices").get_by_role("button", name="Outward").click()
    expect(_progress(page)).to_contain_text("1 of 22 answered")
    _answer(page, "a mixture of these")
    expect(_progress(page)).to_contain_text("2 of 22 answered")
    page.locator(".silk-always").get_by_role("button", name="Skip").click()
    expect(_progress(page)).to_contain_text("1 skipped")
    page.reload()
    _open_assessment(page)
    expect(page.locator("#assessment-chat")).to_contain_text("Welcome back")
    expect(page.locator("#assessment-chat")).to_contain_text("A1: outward")
    expect(_progress(page)).to_contain_text("2 of 22 answered · 1 skipped")
    _answer(page, "yes")
    expect(_progress(page)).to_contain_text("3 of 22 answered")


def test_assessment_goes_on_in_another_browser(new_person: NewPerson, address: str) -> None:
    """With id and token, shown once at the start, the talk goes on elsewhere; without the token it does not."""
    page = open_chat(new_person(), address)
    _start_assessment(page)
    assessment_id = page.locator("#shown-id textarea, #shown-id input").input_value()
    token = page.locator("#shown-token textarea, #shown-token input").input_value()
    _answer(page, "inward")
    expect(_progress(page)).to_contain_text("1 of 22 answered")
    expect(page.locator("#shown-token")).to_be_hidden()

    elsewhere = open_chat(new_person(), address)
    _open_assessment(elsewhere)
    elsewhere.locator("#assessment-resume-box button").first.click()
    elsewhere.locator("#resume-id textarea, #resume-id input").fill(assessment_id)
    elsewhere.locator("#resume-token input").fill("wrong")
    elsewhere.locator("#assessment-resume").click()
    expect(elsewhere.locator("#assessment-notice")).to_be_visible()
    elsewhere.locator("#resume-token input").fill(token)
    elsewhere.locator("#assessment-resume").click()
    expect(elsewhere.locator("#assessment-chat")).to_contain_text("A1: inward")


def test_a_link_opens_the_assessment(new_person: NewPerson, address: str) -> None:
    """A link with the key behind its "#" goes on in another browser, and the address bar forgets the key."""
    page = open_chat(new_person(), address)
    _start_assessment(page)
    assessment_id = page.locator("#shown-id textarea, #shown-id input").input_value()
    token = page.locator("#shown-token textarea, #shown-token input").input_value()
    _answer(page, "inward")
    expect(_progress(page)).to_contain_text("1 of 22 answered")

    elsewhere = new_person().new_page()
    elsewhere.goto(f"{page.url}#assessment={assessment_id}&token={token}")
    expect(elsewhere.locator("#assessment-chat")).to_contain_text("Noted: inward")
    expect(elsewhere.locator("#assessment-chat")).to_contain_text("Welcome back")
    assert token not in elsewhere.url


def test_mode_and_scope_are_decided_in_the_chat(page: Page) -> None:
    """Who does not want to fill in the form is asked, and answers by click or in words."""
    _open_assessment(page)
    page.locator("#assessment-start-in-talk").click()
    expect(page.locator("#assessment-chat")).to_contain_text("look back, or plan ahead?")
    page.locator(".silk-choices").get_by_role("button", name="Plan ahead").click()
    expect(page.locator("#assessment-chat")).to_contain_text("How much of it?")
    _answer(page, "only finance please")
    expect(page.locator("#assessment-chat")).to_contain_text("Question 1 of 8 · F1")


def test_report_is_shown_and_saved(page: Page) -> None:
    """The report opens in the page and is saved in six formats, without a file on the server."""
    _start_assessment(page)
    _answer(page, "inward")
    expect(_progress(page)).to_contain_text("1 of 22 answered")
    page.locator("#assessment-report-box button").first.click()
    expect(page.locator("#assessment-report")).to_contain_text("Limits")
    for ending in ("md", "json", "csv", "html"):
        saved = _save_report(page, ending)
        assert "inward" in saved.decode("utf-8")
    assert _save_report(page, "pdf").startswith(b"%PDF")
    assert _save_report(page, "docx").startswith(b"PK")


def _save_report(page: Page, ending: str) -> bytes:
    with page.expect_download() as download:
        page.locator(f"#report-{ending}").click()
    assert download.value.suggested_filename.endswith(f".{ending}")
    return download.value.path().read_bytes()


def test_the_last_answer_opens_the_report(page: Page) -> None:
    """Whoever is through sees the report at once, and no button of a question."""
    _open_assessment(page)
    page.locator("#assessment-scope").get_by_label("Parts of my choice").check()
    page.locator("#assessment-parts").get_by_label("Financial").check()
    page.locator("#assessment-start").click()
    for answered in range(8):
        expect(_progress(page)).to_contain_text(f"{answered} of 8 answered")
        _answer(page, "no")
    expect(page.locator("#assessment-report")).to_contain_text("Points of attention")
    expect(page.get_by_role("button", name="Why do you ask?")).to_be_hidden()


def test_erasing_returns_to_the_form(page: Page) -> None:
    """Erasing needs a second yes; then the form is back, and a reload finds nothing."""
    _start_assessment(page)
    page.locator("#assessment-stop button").first.click()
    expect(page.locator("#assessment-erase")).to_be_disabled()
    page.locator("#assessment-erase-sure input").check()
    page.locator("#assessment-erase").click()
    expect(page.locator("#assessment-notice")).to_contain_text("Erased")
    page.reload()
    _open_assessment(page)
    expect(page.locator("#assessment-start")).to_be_visible()
    expect(page.locator("#assessment-chat")).to_be_hidden()


def test_two_people_see_nothing_of_each_other(new_person: NewPerson, address: str) -> None:
    """Neither questions nor self-assessment of one person are in another's browser, before or after a reload."""
    one, other = open_chat(new_person(), address), open_chat(new_person(), address)
    _ask(one, QUESTION)
    expect(_bubbles(one, "bot")).to_have_count(1)
    _start_assessment(one)
    _answer(one, "inward")
    expect(_progress(one)).to_contain_text("1 of 22 answered")
    for again in (False, True):
        if again:
            other.reload()
        expect(other.locator("#ask-chat .silk-welcome")).to_be_visible()
        expect(_bubbles(other, "bot")).to_have_count(0)
        _open_assessment(other)
        expect(other.locator("#assessment-start")).to_be_visible()
        other.get_by_role("tab", name="Ask the papers").click()


@pytest.mark.parametrize("attack", XSS)
def test_attacks_do_not_run(page: Page, attack: str) -> None:
    """What is typed as question, organisation or answer is shown as typed: nothing runs, nothing is fetched."""
    foreign: list[str] = []
    page.on("request", lambda request: foreign.append(request.url) if "192.0.2.1" in request.url else None)
    _ask(page, attack)
    expect(_bubbles(page, "bot").or_(page.locator("#ask-chat .silk-notice")).first).to_be_visible()
    _open_assessment(page)
    page.get_by_label("Your organisation").fill(attack)
    page.locator("#assessment-start").click()
    expect(page.locator("#assessment-chat")).to_contain_text("Question 1 of 22")
    _answer(page, attack)
    expect(page.locator('#assessment-chat [data-testid="bot"]')).to_have_count(2)
    expect(page.locator('#assessment-chat [data-testid="user"]')).to_contain_text(attack[:12])
    page.locator("#assessment-report-box button").first.click()
    expect(page.locator("#assessment-report")).to_contain_text("Organisation")
    assert page.evaluate("window.pwned === undefined")
    assert not foreign
    for place in ("#ask-chat .message", "#assessment-chat .message", "#assessment-report .prose"):
        assert page.locator(place).count()
        assert page.locator(f"{place} :is(img, iframe, script, style, svg, .katex)").count() == 0


def test_no_request_leaves_this_machine(new_person: NewPerson, address: str) -> None:
    """Through all tabs, an answer, an opened source and a report, every request goes to the server of the chat."""
    context = new_person()
    requested: list[str] = []
    context.on("request", lambda request: requested.append(request.url))
    page = open_chat(context, address)
    _ask(page, QUESTION)
    page.locator("a.silk-mark").first.click()
    _start_assessment(page)
    _answer(page, "inward")
    page.locator("#assessment-report-box button").first.click()
    expect(page.locator("#assessment-report")).to_contain_text("Source")
    page.get_by_role("tab", name="About").click()
    expect(page.locator("#about")).to_contain_text("do not necessarily reflect the official views of the OECD")
    hosts = {urlsplit(url).netloc for url in requested if not url.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(address).netloc}


def test_token_stands_in_no_address(new_person: NewPerson, address: str) -> None:
    """The token travels in bodies only: no address that was requested or shown holds it."""
    context = new_person()
    requested: list[str] = []
    context.on("request", lambda request: requested.append(request.url))
    page = open_chat(context, address)
    _start_assessment(page)
    token = page.locator("#shown-token textarea, #shown-token input").input_value()
    _answer(page, "inward")
    expect(_progress(page)).to_contain_text("1 of 22 answered")
    assert len(token) > 20
    assert not [url for url in [*requested, page.url] if token in url]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_fits_and_reads_well(new_person: NewPerson, address: str, *, width: int, scheme: str) -> None:
    """Nothing is wider than the window, all text has contrast AA, and the chat is a log with labelled inputs."""
    context = new_person()
    page = open_chat(context, address)
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.reload()
    _ask(page, QUESTION)
    page.locator("a.silk-mark").first.click()
    expect(page.locator("#ask-chat mark").first).to_be_visible()
    expect(page.locator("#ask-chat [role=log]")).to_be_visible()
    expect(page.get_by_label("Your question")).to_be_visible()
    _expect_readable(page, width)
    assert page.locator('#ask-chat [data-testid="bot"]').first.get_attribute("aria-label") == "Assistant"
    _start_assessment(page)
    _expect_readable(page, width)


def _expect_readable(page: Page, width: int) -> None:
    """Judge the page when its colours have come to rest."""
    page.evaluate(
        "Promise.allSettled(document.getAnimations().filter((a) => a instanceof CSSTransition).map((a) => a.finished))"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(LOW_CONTRAST) == []


def test_gradio_serves_no_file_of_ours(address: str, services: Services) -> None:
    """Neither the corpus, nor the self-assessments, nor the program's files can be fetched through Gradio."""
    data, corpus = services.settings.data.resolve(), services.settings.corpus.resolve()
    for path in (data / "index" / "CURRENT", corpus / "manifest.toml", corpus.parent / "pyproject.toml"):
        for route in ("gradio_api/file=", "file="):
            assert httpx.get(f"{address}{route}{path}").status_code in {403, 404}


def test_gradio_offers_no_interface_of_its_own(address: str) -> None:
    """Events are no public endpoints, no run is recorded, and uploads are as good as closed."""
    info = httpx.get(f"{address}gradio_api/info").json()
    assert info["named_endpoints"] == {}
    assert info["unnamed_endpoints"] == {}
    config = httpx.get(f"{address}config").json()
    assert config["analytics_enabled"] is False
    assert config["footer_links"] == []
    uploaded = httpx.post(f"{address}gradio_api/upload", files={"files": ("x.html", b"<script>" * 1000)})
    assert uploaded.status_code == 413


def test_sanitizer_is_on_everywhere(address: str) -> None:
    """Gradio's own sanitizer stays switched on in every component that has one."""
    components = httpx.get(f"{address}config").json()["components"]
    switches = [each["props"]["sanitize_html"] for each in components if "sanitize_html" in each.get("props", {})]
    assert len(switches) >= 3
    assert all(switches)


#: Visible text whose contrast with the colour behind it is below AA (4.5; 3 for large text): a list of its beginnings.
LOW_CONTRAST = """() => {
  const channels = (colour) => { const m = colour.match(/[\\d.]+/g).map(Number); return m.length > 3 ? m : [...m, 1]; };
  const light = ([r, g, b]) => { const f = (v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    return .2126 * f(r) + .7152 * f(g) + .0722 * f(b); };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
  const behind = (element) => { const layers = [];
    for (let e = element; e; e = e.parentElement) layers.push(channels(getComputedStyle(e).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]); };
  const found = [];
  for (const element of document.querySelectorAll(".gradio-container *")) {
    const text = [...element.childNodes].filter((n) => n.nodeType === 3).map((n) => n.textContent.trim()).join("");
    if (!text || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const style = getComputedStyle(element), back = behind(element);
    const [a, b] = [light(over(channels(style.color), back)), light(back)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const ratio = (a + .05) / (b + .05);
    if (ratio < (large ? 3 : 4.5)) found.push(`${ratio.toFixed(2)} ${text.slice(0, 40)}`);
  }
  return found;
}"""
