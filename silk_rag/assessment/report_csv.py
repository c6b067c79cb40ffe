"""The report's answers as a table for spreadsheets."""

from __future__ import annotations

import csv
import io

from silk_rag.assessment.report_model import COPYRIGHT, SOURCE, Report

HEAD = ("question", "category", "printed number", "text", "asked as", "answer", "reads", "own words", "indicators")
# What a spreadsheet takes for the beginning of a formula, also when it stands behind spaces (OWASP, CSV injection);
# the last four are the full-width forms that East Asian editions read alike.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Excel reads a file as UTF-8 only when it begins with this mark.
BYTE_ORDER_MARK = "\ufeff"


def report_csv(report: Report) -> str:
    """One line an answer, then where the questions come from. Comma separated, CRLF, every text quoted."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(HEAD)
    follow = {finding.entry.question.id: finding.indicators for finding in report.attention}
    for part in report.parts:
        for entry in part.entries:
            question = entry.question
            cells = (
                question.id,
                question.category,
                str(question.printed_number),
                question.text,
                entry.wording,
                entry.answer,
                entry.reads,
                entry.note,
                "; ".join(indicator.text for indicator in follow.get(question.id, ())),
            )
            writer.writerow([safe_cell(cell) for cell in cells])
    for title, marks in report.checklists:
        for text, said in marks:
            writer.writerow([safe_cell(cell) for cell in ("", title, "", text, "", said, "", "", "")])
    writer.writerow([safe_cell(f"{SOURCE}. {COPYRIGHT}.")])
    return BYTE_ORDER_MARK + out.getvalue()


def safe_cell(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula: an apostrophe is put before what could be one."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA_SIGNS) else text
