"""The commands of `python -m evals`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from evals.compare import comparison_lines
from evals.html import page_of
from evals.report import interval_lines, summary_lines
from evals.runner import run, run_dialogues
from evals.runs import FOLDER, find_run, new_run, read_run, write_run
from evals.samples import DIALOGUE_SETS, SETS, load_dialogues, load_samples
from evals.targets import HttpTarget, Target, local_target


def parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    top = argparse.ArgumentParser(prog="python -m evals", description="Ask the evaluation questions; measure; compare.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    asking = commands.add_parser("run", help="ask a set, print its figures, write the run to a file (the default)")
    asking.add_argument("--set", choices=sorted(SETS), default="dev", help="which questions (default: dev)")
    asking.add_argument("--url", help="measure the server at this address instead of this machine's services")
    asking.add_argument("--answers", action="store_true", help="print every question with its answer")
    asking.add_argument("--out", type=Path, default=FOLDER, help="folder for the run's file (default: evals/runs)")
    comparing = commands.add_parser("compare", help="two runs: figures, intervals of the change, changed questions")
    comparing.add_argument("before", help="a run: file, id, beginning of an id, or 'latest'")
    comparing.add_argument("after", nargs="?", default="latest", help="the other run (default: latest)")
    comparing.add_argument("--no-answers", action="store_true", help="name changed questions without their answers")
    reporting = commands.add_parser("report", help="a run as one HTML page, misses first")
    reporting.add_argument("run", nargs="?", default="latest", help="the run (default: latest)")
    reporting.add_argument("--out", type=Path, help="where to write the page (default: beside the run)")
    supporting = commands.add_parser("support", help="how often the support check is right on labelled pairs")
    supporting.add_argument("--part", choices=("dev", "test"), default="test", help="which pairs (default: test)")
    supporting.add_argument("--misses", action="store_true", help="print the pairs judged wrongly (dev only)")
    supporting.add_argument("--words-only", action="store_true", help="without the similarity of embeddings")
    commands.add_parser("calibrate", help="show how the thresholds of abstention part the development questions")
    commands.add_parser("weights", help="learn the weights of retrieval from editors' questions, beside those shipped")
    scenarios = commands.add_parser("scenarios", help="play scripted self-assessments and count what was recorded")
    scenarios.add_argument("--part", choices=("dev", "test", "all"), default="dev", help="which scripts (default: dev)")
    scenarios.add_argument("--misses", action="store_true", help="print the turns that went otherwise (dev only)")
    commands.add_parser("ablations", help="our retrieval without each of its parts, on dev and test")
    peers = commands.add_parser("peers", help="other libraries' default pipelines on the same questions")
    peers.add_argument("names", nargs="*", help="which (default: all)")
    peers.add_argument("--text", choices=("source", "mended"), action="append", help="which text (default: both)")
    gating = commands.add_parser("gate", help="record today's rows as what the gate compares with")
    gating.add_argument("--record", action="store_true", required=True, help="write evals/baseline.json")
    return top


def _run(options: argparse.Namespace) -> int:
    target: Target = HttpTarget(options.url) if options.url else local_target()
    rows = run(load_samples(options.set), target, _show_progress)
    dialogues = load_dialogues(options.set) if options.set in DIALOGUE_SETS else []
    turns = run_dialogues(dialogues, target)
    for row in (*rows, *turns) if options.answers else ():
        print(f"\n## {row.id} ({row.kind}) {row.question}\n{row.answer}\n")
    print("\n".join([*summary_lines(rows), *interval_lines(rows, turns)]))
    print(f"\nrun: {write_run(new_run(options.set, target.description(), rows, turns), options.out)}")
    return 1 if any(row.faults for row in (*rows, *turns)) else 0


def _show_progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} of {total}", end="\n" if done == total else "", file=sys.stderr)


def _compare(options: argparse.Namespace) -> int:
    before, after = read_run(find_run(options.before)), read_run(find_run(options.after))
    print("\n".join(comparison_lines(before, after, answers=not options.no_answers)))
    return 0


def _report(options: argparse.Namespace) -> int:
    path = find_run(options.run)
    page = options.out or path.with_suffix(".html")
    page.write_text(page_of(read_run(path)), encoding="utf-8")
    print(page)
    return 0


def _support(options: argparse.Namespace) -> int:
    from evals.support_pairs import judge, known_names, load_pairs, support_lines
    from silk_rag.bootstrap import build_entailment
    from silk_rag.settings import Settings

    settings = Settings.from_environment()
    similarity = None if options.words_only else local_target().similarity
    verdicts = judge(
        load_pairs(options.part),
        known_names(settings.corpus),
        similarity=similarity,
        entailment=build_entailment(settings),
    )
    print("\n".join(support_lines(verdicts)))
    for verdict in verdicts if options.misses and options.part == "dev" else ():
        if not verdict.right:
            said = ", ".join(verdict.support.faults) or "supported"
            print(f"\n{verdict.pair.id}: {verdict.pair.fault or 'supported'}, judged {said}")
            print(f"  {verdict.pair.sentence}\n  {verdict.pair.quote}")
    return 0


def _calibrate(_: argparse.Namespace) -> int:
    from evals.calibrate import calibration_lines

    print("\n".join(calibration_lines(local_target().services)))
    return 0


def _weights(_: argparse.Namespace) -> int:
    from evals.weights import weight_lines

    for line in weight_lines(local_target().services):
        print(line, flush=True)
    return 0


def _scenarios(options: argparse.Namespace) -> int:
    from evals.scenarios import load_scenarios, play, scenario_lines

    outcomes = [play(scenario) for scenario in load_scenarios(options.part)]
    print("\n".join(scenario_lines(outcomes, misses=options.misses and options.part == "dev")))
    return 0


def _ablations(_: argparse.Namespace) -> int:
    from evals.ablations import ablation_lines

    print("\n".join(ablation_lines(local_target().services)))
    return 0


def _peers(options: argparse.Namespace) -> int:
    from evals.peers.measure import KINDS, peer_lines

    for line in peer_lines(options.names, options.text or KINDS):
        print(line, flush=True)
    return 0


def _gate(_: argparse.Namespace) -> int:
    from evals.gate import record

    print(record(local_target()))
    return 0


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "run": _run,
    "compare": _compare,
    "report": _report,
    "support": _support,
    "calibrate": _calibrate,
    "weights": _weights,
    "scenarios": _scenarios,
    "ablations": _ablations,
    "peers": _peers,
    "gate": _gate,
}
