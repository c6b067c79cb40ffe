"""An event store in memory: the fake for tests and demonstrations, held to the same contract as the real one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from threading import Lock

from silk_rag.assessment.events import Event, decode, encode
from silk_rag.assessment.ports import SequenceTaken, StoredAssessment, StoredEvent
from silk_rag.errors import Conflict, NotFound


class MemoryEventStore:
    """Keeps everything until the process ends. Events go through their stored form, as they would on disk."""

    def __init__(self) -> None:
        self._assessments: dict[str, StoredAssessment] = {}
        self._lock = Lock()

    def create(self, assessment: StoredAssessment) -> None:
        """Store a new assessment. Raises Conflict when the id is taken."""
        with self._lock:
            if assessment.id in self._assessments:
                raise Conflict(f"An assessment with the id {assessment.id} exists already.")
            self._assessments[assessment.id] = replace(assessment, events=_through_storage(assessment.events))

    def load(self, assessment_id: str) -> StoredAssessment | None:
        """The assessment, or None."""
        with self._lock:
            return self._assessments.get(assessment_id)

    def append(self, assessment_id: str, *, after: int, at: str, events: Sequence[Event]) -> None:
        """Add events, all or none; see `EventStore`."""
        with self._lock:
            assessment = self._assessments.get(assessment_id)
            if assessment is None:
                raise NotFound("There is no such assessment.")
            if assessment.last_sequence != after:
                raise SequenceTaken("Another reply was stored first.")
            added = tuple(StoredEvent(place, at, event) for place, event in enumerate(events, start=after + 1))
            self._assessments[assessment_id] = replace(assessment, events=assessment.events + _through_storage(added))

    def delete(self, assessment_id: str) -> None:
        """Erase the assessment."""
        with self._lock:
            self._assessments.pop(assessment_id, None)

    def untouched_since(self, at: str) -> tuple[str, ...]:
        """Ids of assessments whose newest event is older."""
        with self._lock:
            return tuple(each.id for each in self._assessments.values() if each.events and each.events[-1].at < at)


def _through_storage(events: Sequence[StoredEvent]) -> tuple[StoredEvent, ...]:
    return tuple(replace(stored, event=decode(encode(stored.event))) for stored in events)
