"""Rules of the house that no linter knows, checked by machine."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
ROOMS = ("silk_rag", "ingest", "ui", "evals")
#: The other systems that evals/peers compares with live in an environment of their own.
OTHERS = (".venv", "peers")
FILES = sorted(
    path for room in ROOMS for path in (PROJECT / room).rglob("*.py") if not set(OTHERS).intersection(path.parts)
)
MODULES = [".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__") for path in FILES]
LONGEST_MODULE = 400

#: Where any error is caught, and why nothing narrower will do.
BROAD_EXCEPTS = {
    "silk_rag/adapters/chroma.py": "Chroma's Rust core raises errors that share no base class",
    "ui/handlers.py": "the last stop before a person, who gets an apology and a number",
    "silk_rag/adapters/chat.py": "providers of chat models raise errors of many packages, which are mapped here",
    "ingest/own/worker.py": "a parser of a stranger's file may fail in any way, in a process of its own",
}
#: Who reads the environment besides the settings.
ENVIRONMENT_READERS = {"ingest/own/sandbox.py": "hands PATH on to the process that reads a stranger's file"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_a_module_can_be_read_in_one_go(path: Path) -> None:
    """No module has more than 400 lines: one idea a file."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


def _broad_excepts(path: Path) -> Iterator[int]:
    """Lines on which any error is caught and not raised again."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type) and not _raises_again(node):
            yield node.lineno


def _is_broad(caught: ast.expr | None) -> bool:
    each = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(
        kind is None or (isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"}) for kind in each
    )


def _raises_again(handler: ast.ExceptHandler) -> bool:
    return isinstance(handler.body[-1], ast.Raise) and handler.body[-1].exc is None


def test_errors_are_caught_by_name() -> None:
    """`except Exception` hides mistakes: it stands only where the list says why."""
    broad = {str(path.relative_to(PROJECT)) for path in FILES if list(_broad_excepts(path))}
    assert broad == set(BROAD_EXCEPTS)


def test_only_settings_read_the_environment() -> None:
    """What is configured is in one place: elsewhere the environment is set for a vendor, never read."""
    reads = {
        str(path.relative_to(PROJECT))
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr in {"getenv", "environb"})
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "get"
            and ast.unparse(node.func.value) == "os.environ"
        )
    }
    assert reads == set(ENVIRONMENT_READERS)


IMPORT_ALL = """
import importlib, json, os, sys
before = dict(os.environ)
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
changed = {name for name in set(before) | set(os.environ) if before.get(name) != os.environ.get(name)}
print(json.dumps({"changed": sorted(changed), "loaded": sorted(sys.modules)}))
"""


def _import_in_empty_folder(folder: Path, modules: list[str]) -> dict[str, list[str]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SILK_")}
    result = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, json.dumps(modules)],
        cwd=folder,
        env={**environment, "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, list[str]] = json.loads(result.stdout.splitlines()[-1])
    return found


def test_importing_changes_nothing(tmp_path: Path) -> None:
    """Every module can be imported in an empty folder without settings: no file is written, no variable is set."""
    # Alembic runs the migrations itself, inside a migration: they cannot be imported from outside one.
    scripts = ("__main__", ".migrations.env")
    imported = [name for name in MODULES if not name.endswith(scripts) and ".migrations.versions." not in name]
    found = _import_in_empty_folder(tmp_path, imported)
    assert list(tmp_path.iterdir()) == []
    assert found["changed"] == []


def test_the_core_starts_without_heavy_libraries(tmp_path: Path) -> None:
    """The core, the settings and the command line load no model, no store and no web server until they are needed."""
    core = ("silk_rag.retrieval", "silk_rag.answering", "silk_rag.assessment", "silk_rag.settings", "silk_rag.cli")
    found = _import_in_empty_folder(tmp_path, [name for name in MODULES if name.startswith(core)])
    heavy = {"torch", "transformers", "sentence_transformers", "chromadb", "bm25s", "fastapi", "gradio", "sqlalchemy"}
    assert heavy & set(found["loaded"]) == set()


def test_the_layers_hold() -> None:
    """Imports point down: the contracts in pyproject.toml are kept."""
    command = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([command, "--no-cache"], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
