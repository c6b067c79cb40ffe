from __future__ import annotations

from evals.scenarios import load_scenarios, play
from silk_rag.settings import Settings

ACTS = {
    *("own words", "correction", "skip", "back", "jump", "why", "digression", "vague", "several answers"),
    *("numbers", "other language", "abuse", "injection", "planning"),
}


def test_scripts_try_every_dialogue_act_on_both_sides() -> None:
    """At least 60 scripts, and 50 of them or more kept for testing."""
    assert len(load_scenarios("all")) >= 60
    for part in ("dev", "test"):
        assert {scenario.act for scenario in load_scenarios(part)} >= ACTS
    assert len(load_scenarios("test")) >= 50


def test_most_of_what_is_typed_is_recorded_as_meant() -> None:
    """Over all scripts; the figures of each side are in docs/evaluation.md."""
    corpus = Settings.from_environment({}).corpus
    outcomes = [outcome for scenario in load_scenarios("all") for outcome in play(scenario, corpus)]
    assert sum(outcome.right for outcome in outcomes) / len(outcomes) >= 0.9
    noted = [right for outcome in outcomes for right in outcome.values_right]
    assert sum(noted) / len(noted) >= 0.985
