"""Command line of perf/count-costs."""

import argparse
import json
import pathlib
import sys
import tempfile

from compare import progress, results, statistics
from costs import codes, edits, experiments
from counts import emulate
from counts.kernels import KernelError

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEFAULT_ROUNDS, QUICK_ROUNDS = 9, 2


def parse_command_line():
    parser = argparse.ArgumentParser(prog="perf/count-costs", description="Counts and times kernels with one thing changed.")
    parser.add_argument("names", nargs="*", metavar="EXPERIMENT",
                        help=f"of: {', '.join(experiment.name for experiment in experiments.EXPERIMENTS)} (all)")
    parser.add_argument("--rounds", type=int, default=None, help=f"samples of each code ({DEFAULT_ROUNDS})")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds: to see that it works")
    parser.add_argument("--json", metavar="FILE", help="write everything that was found")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release", metavar="FOLDER",
                        help="take volt and volt-count from there; nothing is installed or built")
    options = parser.parse_args()
    options.rounds = options.rounds or (QUICK_ROUNDS if options.quick else DEFAULT_ROUNDS)
    known = {experiment.name: experiment for experiment in experiments.EXPERIMENTS}
    unknown = set(options.names) - set(known)
    if unknown:
        parser.error(f"no experiment {', '.join(sorted(unknown))}; there are: {', '.join(known)}")
    options.chosen = [known[name] for name in options.names or known]
    return options


def sampled(build, experiment, folder, rounds, shown):
    """{code: seconds of each round}; each round runs every code once, beginning with another one each time."""
    commands = {}
    for code in experiment.codes:
        shown.show(f"compiling {experiment.name}: {code.kernel}, {code.label}")
        commands[code] = codes.link(build, code, results.HOST, folder)
    samples, results_of = {code: [] for code in commands}, {}
    for number in range(rounds):
        shown.show(f"{experiment.name}: round {number + 1} of {rounds}")
        order = list(commands)
        shift = number % len(order)
        for code in order[shift:] + order[:shift]:
            seconds, result = codes.sample(commands[code])
            if results_of.setdefault(code.kernel, result) != result:
                raise KernelError(f"{code.kernel}, {code.label}, gave {result} and not {results_of[code.kernel]}")
            samples[code].append(seconds)
    return samples


def rows(build, experiment, folder, rounds, shown):
    samples = sampled(build, experiment, folder, rounds, shown) if results.HOST in emulate.TARGETS else {}
    found = []
    counts = {}
    for code in experiment.codes:
        shown.show(f"counting {experiment.name}: {code.kernel}, {code.label}")
        counted = experiments.without_place(code)
        if counted not in counts:
            counts[counted] = {target: codes.count(build, counted, target, folder) for target in emulate.TARGETS}
        found.append({"kernel": code.kernel, "label": code.label, "preset": code.preset, "seconds": samples.get(code, []),
                      "counts": counts[counted]})
    return {"name": experiment.name, "reference": experiment.reference, "rows": found}


def print_experiment(found):
    print(f"\n{found['name']}: ratios of times and of counts to '{found['reference']}'")
    references = {row["kernel"]: row for row in found["rows"] if row["label"] == found["reference"]}
    for row in found["rows"]:
        other = references.get(row["kernel"], row)
        time = statistics.compared([(row["seconds"], other["seconds"])]) if row["seconds"] else None
        cells = [f"{target} {row['counts'][target]['instructions'] / other['counts'][target]['instructions']:.3f}"
                 for target in row["counts"]]
        shown = f"{time['ratio']:.3f}{statistics.interval_text(time)}" if time else ""
        print(f"  {row['kernel']:18} {row['label']:42} {shown:36} {'  '.join(cells)}")


def main():
    options = parse_command_line()
    shown, found = progress.Progress(), []
    try:
        with tempfile.TemporaryDirectory(prefix="count-costs-") as name:
            for experiment in options.chosen:
                found.append(rows(options.build, experiment, pathlib.Path(name), options.rounds, shown))
        shown.end()
        for each in found:
            print_experiment(each)
        if options.json:
            pathlib.Path(options.json).write_text(json.dumps({"experiments": found}, indent=1) + "\n", encoding="utf-8")
    except (KernelError, edits.EditError, OSError) as error:
        print(f"count-costs: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
