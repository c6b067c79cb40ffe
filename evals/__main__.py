"""`python -m evals`: ask all questions of a set, print the figures."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from evals.report import summary_lines
from evals.runner import run
from evals.samples import SETS, load_samples


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a set against the services of this machine, which are built first if needed."""
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    parser.add_argument("--set", choices=sorted(SETS), default="dev", help="which questions (default: dev)")
    parser.add_argument("--answers", action="store_true", help="print every question with its answer")
    options = parser.parse_args(arguments)
    from silk_rag.answering.view import reply_view
    from silk_rag.bootstrap import build, warm_up
    from silk_rag.cli import make_index
    from silk_rag.settings import Settings

    settings = Settings.from_environment()
    print(make_index(settings))
    services = build(settings)
    warm_up(services)

    def ask(question: str, k: int) -> Mapping[str, Any]:
        return reply_view(services.assistant.ask(question, k=k))

    rows = run(load_samples(options.set), ask, {d.id: d.text for d in services.snapshot.documents.values()})
    for row in rows if options.answers else ():
        print(f"\n## {row.id} ({row.kind}) {row.question}\n{row.answer}\n")
    print("\n".join(summary_lines(rows)))
    return 1 if any(row.faults for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
