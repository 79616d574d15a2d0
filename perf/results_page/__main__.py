"""Command line of perf/results."""

import argparse
import json
import pathlib
import subprocess
import sys

from compare import chart
from results_page import answer, data, figures, page

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "results"


def saved_files(text):
    names = text.split(",")
    if len(names) not in (2, 3, 4, 5) or not all(names):
        raise argparse.ArgumentTypeError("must be TIMES.json,COUNTS.json[,PROGRAMS.json[,COSTS.json[,ESTIMATES.json]]]")
    return tuple(map(pathlib.Path, names))


def parse_command_line():
    parser = argparse.ArgumentParser(prog="perf/results", description="Measures everything and writes perf/RESULTS.md.")
    parser.add_argument("--from", dest="saved", type=saved_files, metavar="TIMES.json,COUNTS.json[,PROGRAMS.json[,COSTS.json[,ESTIMATES.json]]]",
                        help="measure nothing: take what the commands wrote with --json")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "perf" / "RESULTS.md", metavar="FILE",
                        help="where the page goes (perf/RESULTS.md)")
    parser.add_argument("--text", type=pathlib.Path, default=ROOT / "perf" / "results_page" / "answer.md",
                        metavar="FILE", help="the words that stand first (perf/results_page/answer.md)")
    parser.add_argument("--build", metavar="FOLDER", help="take volt and volt-count from there; nothing is built")
    parser.add_argument("--quick", action="store_true", help="small sizes and few rounds: to see that it works")
    parser.add_argument("--rounds", type=int, metavar="N", help="of each measurement, if not the commands' own")
    return parser.parse_args()


def measure(options):
    """Runs the commands; returns the files that they wrote."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    build = [f"--build={options.build}"] if options.build else []
    timed = [*build, *(["--quick"] if options.quick else []), *([f"--rounds={options.rounds}"] if options.rounds else [])]
    counts, costs, estimates = (FOLDER / f"{name}.json" for name in ("counts", "costs", "estimates"))
    for command in (["count-backends", *build, "--variants", f"--json={counts}"], ["count-costs", *timed, f"--json={costs}"],
                    ["estimate-cycles", *build, f"--json={estimates}"],
                    ["compare-backends", *timed, *([] if options.quick else ["--full"]), f"--output={FOLDER}"],
                    ["compare-backends", "--programs", *timed, f"--output={FOLDER}"]):
        subprocess.run([ROOT / "perf" / command[0], *command[1:]], check=True)
    return FOLDER / "results.json", counts, FOLDER / "programs.json", costs, estimates


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main():
    options = parse_command_line()
    try:
        times, counts, *others = map(load, options.saved or measure(options))
        text = page.write(times, counts, options.text.read_text(encoding="utf-8"), *others)
        options.output.write_text(text, encoding="utf-8")
        figures.write(options.output.parent / figures.FOLDER, figures.of_page(data.Times(times), *others[:1]))
    except (answer.AnswerError, chart.ChartError, OSError, ValueError, KeyError, subprocess.CalledProcessError) as error:
        print(f"results: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    print(f"written: {options.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
