"""A report in the format asked for: the core knows Markdown, JSON and CSV, adapters render the others."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from silk_rag.assessment.follow_up import FollowUps
from silk_rag.assessment.illumination import Illumination
from silk_rag.assessment.ports import ReportRenderer
from silk_rag.assessment.questionnaire import Questionnaire
from silk_rag.assessment.report import report_data
from silk_rag.assessment.report_csv import report_csv
from silk_rag.assessment.report_markdown import report_markdown
from silk_rag.assessment.report_model import Report, build_report
from silk_rag.assessment.state import State
from silk_rag.errors import InvalidInput

MEDIA_TYPES: Mapping[str, str] = {
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report ready to be sent."""

    data: bytes
    media_type: str
    file_name: str

    @property
    def content(self) -> str:
        """The text of a textual format."""
        return self.data.decode("utf-8")


@dataclass(frozen=True, slots=True)
class Reporting:
    """What reports are made with: the papers' passages, the follow-ups, and a renderer for each further format."""

    illumination: Illumination = field(default_factory=Illumination)
    follow_ups: FollowUps = field(default_factory=FollowUps)
    renderers: Mapping[str, ReportRenderer] = field(default_factory=dict)

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats there are."""
        return ("md", "json", "csv", *self.renderers)

    def file(
        self, state: State, grid: Questionnaire, *, assessment_id: str, generated_at: str, report_format: str
    ) -> ReportFile:
        """The report on a state. Raises InvalidInput, naming the formats there are."""
        if report_format not in self.formats:
            raise InvalidInput(f"A report comes as {', '.join(self.formats)}.", field="format")
        state = state.of_grid
        report = build_report(
            state, grid, illumination=self.illumination, follow_ups=self.follow_ups, generated_at=generated_at
        )

        def as_json() -> str:
            data: dict[str, Any] = {"assessment_id": assessment_id, **report_data(report, state, grid)}
            return json.dumps(data, ensure_ascii=False, indent=2)

        texts: Mapping[str, Callable[[], str]] = {
            "md": lambda: report_markdown(report),
            "csv": lambda: report_csv(report),
            "json": as_json,
        }
        content = texts[report_format]().encode() if report_format in texts else self._rendered(report, report_format)
        return ReportFile(content, MEDIA_TYPES[report_format], f"assessment.{report_format}")

    def _rendered(self, report: Report, report_format: str) -> bytes:
        return self.renderers[report_format](report)
