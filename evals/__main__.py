"""`python -m evals`: ask all questions of a set, print the figures; see `python -m evals --help` for the rest."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; `run` when none is named."""
    from evals.commands import COMMANDS, parser

    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or (given[0] not in COMMANDS and given[0] not in ("-h", "--help")):
        given.insert(0, "run")
    options = parser().parse_args(given)
    try:
        return COMMANDS[options.command](options)
    except (FileNotFoundError, ValueError) as error:
        print(f"evals: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
