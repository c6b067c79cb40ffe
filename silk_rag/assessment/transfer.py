"""An assessment as a file: written by export, read by import, on this machine or another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from silk_rag.assessment.events import Answered, Event, ModeSet, ScopeSet, Started, WalkOpened, decode, encode
from silk_rag.assessment.ports import StoredAssessment, StoredEvent
from silk_rag.assessment.questionnaire import Questionnaire
from silk_rag.assessment.values import AnswerValue, checked_value
from silk_rag.errors import Conflict, InvalidInput, NotFound

EXPORT_VERSION = 1
MOST_EVENTS = 20_000
LONGEST_TEXT = 4_000
LONGEST_SHOWN = 60_000  # what the papers said, in Markdown
_TIME_LENGTH = 40


def exported(stored: StoredAssessment, at: str) -> dict[str, Any]:
    """Everything stored about an assessment but its token, as JSON-able data."""
    return {
        "export_version": EXPORT_VERSION,
        "assessment_id": stored.id,
        "exported_at": at,
        "events": [{"sequence": each.sequence, "at": each.at, **encode(each.event)} for each in stored.events],
    }


def imported(content: Mapping[str, Any], grid: Questionnaire) -> tuple[StoredEvent, ...]:
    """The events of an export, checked one by one. Raises InvalidInput, naming the first that cannot be used."""
    if content.get("export_version") != EXPORT_VERSION:
        raise InvalidInput(f"This is no export of version {EXPORT_VERSION}.", field="export_version")
    events = content.get("events")
    if not isinstance(events, list) or not 0 < len(events) <= MOST_EVENTS:
        raise InvalidInput(f"An export has 1 to {MOST_EVENTS:,} events.", field="events")
    read = tuple(_read(entry, place, grid) for place, entry in enumerate(events, start=1))
    if not isinstance(read[0].event, Started) or any(isinstance(each.event, Started) for each in read[1:]):
        raise InvalidInput("The first event of an export, and only it, begins the assessment.", field="events")
    return read


def _read(entry: object, place: int, grid: Questionnaire) -> StoredEvent:
    if not isinstance(entry, dict):
        raise InvalidInput(f"Event {place} of the file is no mapping.", field="events")
    try:
        at = str(entry["at"])[:_TIME_LENGTH]
        datetime.fromisoformat(at)
        return StoredEvent(place, at, _checked(decode(entry), grid))
    except (AttributeError, KeyError, TypeError, ValueError, Conflict, InvalidInput, NotFound) as error:
        raise InvalidInput(f"Event {place} of the file cannot be used ({error}).", field="events") from error


def _checked(event: Event, grid: Questionnaire) -> Event:
    """The event, if everything in it is of the right kind and about questions there are."""
    data = encode(event)
    for name, value in data.items():
        if name in {"order", "scope", "undecided"}:
            _check_names(name, value)
        elif name not in {"value", "version"} and not (name == "question_id" and value is None):
            _check_text(name, value)
    asked = event.order if isinstance(event, Started | ScopeSet | WalkOpened) else ()
    unknown = {*asked, data.get("question_id")} - {None, *grid.every}
    if unknown:
        raise ValueError(f"there is no question {min(map(str, unknown))}")
    if isinstance(event, Started | ModeSet) and event.mode not in {"retrospective", "planning"}:
        raise ValueError("the mode is unknown")
    if isinstance(event, Answered):
        return replace(event, value=_checked_value(event, grid))
    return event


def _check_text(name: str, value: object) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text")
    value.encode("utf-8")  # half characters, which no encoding can write, are refused
    if len(value) > (LONGEST_SHOWN if name == "markdown" else LONGEST_TEXT):
        raise ValueError(f"{name} is too long")


def _check_names(name: str, value: object) -> None:
    if not isinstance(value, list) or not all(isinstance(each, str) and len(each) <= 20 for each in value):
        raise TypeError(f"{name} is no list of names")


def _checked_value(event: Answered, grid: Questionnaire) -> AnswerValue:
    """The value as a form would have to give it; a range is kept if it is one."""
    checked = checked_value(grid.every[event.question_id], event.value.content, event.value.unit)
    low, high = event.value.low, event.value.high
    if isinstance(low, int | float) and isinstance(high, int | float) and low <= high:
        return replace(checked, low=float(low), high=float(high))
    return checked
