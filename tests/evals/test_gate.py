"""The gate: all dev and test questions, against evals/thresholds.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.gate import PARTS, gate_rows, read_baseline, read_thresholds, regressions
from evals.runner import Row
from evals.targets import LocalTarget
from silk_rag.bootstrap import Services


@pytest.fixture(scope="module")
def rows(services: Services) -> dict[str, list[Row]]:
    """Every question asked once."""
    return gate_rows(LocalTarget(services))


@pytest.mark.parametrize("part", PARTS)
def test_no_figure_falls_below_its_threshold(part: str, rows: dict[str, list[Row]]) -> None:
    """What was reached stays reached. The message names the questions that got worse."""
    found = list(regressions(rows[part], read_thresholds()[part], read_baseline().get(part, {})))
    assert not found, f"{part}: " + "\n".join(found)


def test_every_part_has_thresholds() -> None:
    """A part without thresholds would pass whatever happens."""
    thresholds = read_thresholds()
    assert set(thresholds) == set(PARTS)
    assert all(thresholds.values())


def test_a_threshold_of_an_unknown_figure_is_refused(tmp_path: Path) -> None:
    """A misspelt name must not switch a threshold off."""
    path = tmp_path / "thresholds.toml"
    path.write_text('[dev]\n"evidence@9" = 0.5\n', encoding="utf-8")
    with pytest.raises(ValueError, match="evidence@9"):
        read_thresholds(path)
