"""Command line of perf/compare-backends."""

import argparse
import pathlib
import sys
import time

from compare import (backends, chart, files, first, measure, metrics, page, programs, progress, report, results, statistics,
                     whole, whole_report)

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEFAULT_ROUNDS, QUICK_ROUNDS = 7, 3
ROUNDS_OF = {backends.INTERPRETER: statistics.fewest_rounds()}  # several times slower than the others
QUICK_SECONDS = 95  # a quick run leaves out rounds that would end later, so that it takes less than two minutes


def add_choices(parser):
    parser.add_argument("programs", nargs="*", metavar="PROGRAM",
                        help="names of perf/programs/NAME.vot (every one that has a C twin), with --programs of "
                        "perf/programs/whole/NAME.go (all)")
    parser.add_argument("--full", action="store_true",
                        help="every kernel on every back end, in 20 minutes and more; without it, and if nothing else is "
                        "chosen, a few of them and a few whole programs, in about a minute")
    parser.add_argument("--all", action="store_true", help="every program, with a C twin or not")
    parser.add_argument("--rounds", type=int, help=f"runs of each back end ({DEFAULT_ROUNDS}; quick: {QUICK_ROUNDS}; "
                        f"{backends.INTERPRETER}: at most {ROUNDS_OF[backends.INTERPRETER]})")
    parser.add_argument("--quick", action="store_true", help="small sizes and few rounds: to see that it works")
    parser.add_argument("--no-hints", dest="hints", action="store_false",
                        help=f"leave out the hint sets on {' and '.join(backends.HINTED_PRESETS)}")
    parser.add_argument("--backend", action="append", metavar="NAME",
                        help=f"only this back end (and {backends.REFERENCE})")
    parser.add_argument("--peer", action="append", default=[], metavar="'NAME=COMMAND {program}'",
                        help="one more back end: any command; {program} becomes the file to run")
    parser.add_argument("--programs", dest="whole", action="store_true",
                        help="whole programs instead of kernels: volt as a user starts it beside C and Go")


def parse_command_line():
    parser = argparse.ArgumentParser(prog="perf/compare-backends", description="Compares the back ends of Volt.")
    add_choices(parser)
    parser.add_argument("--output", metavar="FOLDER", type=pathlib.Path, default=ROOT / "build" / "compare-backends",
                        help="where results.json, results.csv and results.html go, or programs.* (build/compare-backends)")
    parser.add_argument("--json", metavar="FILE", help="write everything that was measured there instead")
    parser.add_argument("--csv", metavar="FILE", help="write one line for each back end of each program there instead")
    parser.add_argument("--html", metavar="FILE", help="write one page with charts and tables there instead")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release", metavar="FOLDER",
                        help="take volt from there; nothing is installed or built")
    options = parser.parse_args()
    if options.rounds is not None and options.rounds < 1:
        parser.error("--rounds must be at least 1")
    options.first = not (options.full or options.programs or options.all or options.rounds or options.quick
                         or not options.hints or options.backend or options.peer or options.whole)
    options.rounds = options.rounds or (QUICK_ROUNDS if options.quick else DEFAULT_ROUNDS)
    options.volt = str(options.build / "volt")
    try:
        options.peer = [backends.peer(text) for text in options.peer]
    except ValueError as error:
        parser.error(str(error))
    return options


def chosen_programs(options):
    folder = ROOT / "perf" / "programs"
    if options.all:
        return programs.find(folder, [])
    return programs.find(folder, options.programs) if options.programs else programs.with_twin(folder)


def with_backends(options):
    """[(program, its back ends, its size)] of the whole run."""
    of_every_program = backends.of_volt(options.volt, options.hints)
    return [(program, backends.available(of_every_program, program, options.backend, options.peer),
             program.quick_size if options.quick else program.size) for program in chosen_programs(options)]


def to_run(group, facts):
    """Without those whose code is that of another one."""
    return [item for item in group
            if item.backend.name not in facts or not facts[item.backend.name].same_code.get(results.HOST)]


def compare(options, chosen, shown, deadline=None):
    """Looks at the code of every program, then measures all of them in one run."""
    deadline = time.monotonic() + QUICK_SECONDS if options.quick else deadline
    with programs.prepared(chosen) as prepared:
        facts = metrics.gather(options.volt, prepared, results.HOST, shown.show)
        groups = {program.name: to_run(group, facts[program.name]) for program, group in prepared}
        shown.start({(name, item.backend.name): min(options.rounds, ROUNDS_OF.get(item.backend.name, options.rounds))
                     for name, group in groups.items() for item in group})
        series = measure.interleaved(groups, options.rounds, shown.step, deadline, ROUNDS_OF)
    return [results.of_program(program, size, [backend.name for backend in of_program], series[program.name],
                               facts[program.name]) for program, of_program, size in chosen]


def output_paths(options, name):
    wanted = {"json": options.json, "csv": options.csv, "html": options.html}
    paths = {kind: pathlib.Path(path or options.output / f"{name}.{kind}") for kind, path in wanted.items()}
    for path in paths.values():
        path.parent.mkdir(parents=True, exist_ok=True)
    return paths


def write_files(paths, everything, write_csv, write_page):
    files.write_json(paths["json"], everything)
    write_csv(paths["csv"], everything)
    write_page(paths["html"], everything)
    print(f"\nwritten: {', '.join(map(str, paths.values()))}")


def compare_kernels(options):
    chosen = with_backends(options)
    shown = progress.Progress()
    comparisons = compare(options, chosen, shown)
    everything = {"machine": files.machine(options.volt, [program for program, _, _ in chosen]),
                  "quick": options.quick, "default": backends.presets(options.volt)[0], "comparisons": comparisons,
                  "geometric_means": results.geometric_means(comparisons)}
    shown.end()
    report.print_all(comparisons, everything["geometric_means"])
    write_files(output_paths(options, "results"), everything, files.write_csv, page.write)


def compare_programs(options):
    """Whole programs."""
    options.compilers, options.rounds_of = whole.installed_compilers(), {whole.INTERPRETER: ROUNDS_OF[backends.INTERPRETER]}
    options.presets = whole.PRESETS
    options.deadline = time.monotonic() + QUICK_SECONDS if options.quick else None
    chosen = [(program, program.program.quick_size if options.quick else program.size)
              for program in whole.find(options.programs)]
    shown = progress.Progress()
    rows = whole.compare(options.volt, chosen, options, shown)
    shown.end()
    everything = {"machine": files.host(), "quick": options.quick, "programs": rows, "summaries": whole.summaries(rows),
                  "missing": options.compilers.missing()}
    whole_report.print_all(everything)
    write_files(output_paths(options, "programs"), everything, whole_report.write_csv, whole_report.write_page)


def compare_first(options):
    """When nothing is chosen."""
    begin = time.monotonic()
    options.rounds, options.compilers, options.presets = first.ROUNDS, whole.installed_compilers(), ()
    options.rounds_of, options.deadline = {whole.INTERPRETER: first.INTERPRETER_ROUNDS}, begin + first.SECONDS
    of_every_program = backends.of_volt(options.volt)
    chosen = [(program, backends.available(of_every_program, program, first.NAMES), first.KERNELS[program.name])
              for program in programs.find(ROOT / "perf" / "programs", list(first.KERNELS))]
    shown = progress.Progress()
    comparisons = compare(options, chosen, shown, begin + first.KERNEL_SECONDS)
    rows = whole.compare(options.volt, [(program, program.size) for program in whole.find(list(first.PROGRAMS))], options,
                         shown)
    shown.end()
    everything = {"machine": files.machine(options.volt, [program for program, _, _ in chosen]), "quick": False,
                  "default": backends.presets(options.volt)[0], "comparisons": comparisons,
                  "geometric_means": results.geometric_means(comparisons), "programs": rows,
                  "summaries": whole.summaries(rows), "missing": options.compilers.missing()}
    paths = output_paths(options, "first")
    files.write_json(paths["json"], everything)
    files.write_csv(paths["csv"], everything)
    first.write_page(paths["html"], everything)
    first.print_all(everything, paths["html"])


def main():
    options = parse_command_line()
    run = compare_first if options.first else compare_programs if options.whole else compare_kernels
    try:
        run(options)
    except (programs.ProgramError, measure.MeasureError, chart.ChartError, OSError) as error:
        print(f"compare-backends: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
