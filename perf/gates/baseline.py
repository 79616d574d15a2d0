"""Baselines: one text file for each version of LLVM and each machine, one line for each row, sorted."""

import pathlib

from gates.figures import FIGURES, GateError, Key, Row

FOLDER = pathlib.Path(__file__).resolve().parent / "baselines"
COMMENT = "# Written by ./perf/gate --update; perf/gates/README.md says what the columns are.\n"
NAME_COLUMNS = ["kernel", "function", "preset"]
# Fixed, and wider than what stands in them today: a new row changes no other line.
NAME_WIDTH, FIGURE_WIDTH = 18, 9
NONE = "-"


def path_of(folder, version, target):
    return folder / f"llvm-{version}-{target}.txt"


def format_line(names, cells):
    return " ".join([name.ljust(NAME_WIDTH) for name in names] +
                    [cell.rjust(max(FIGURE_WIDTH, len(figure))) for figure, cell in zip(FIGURES, cells)]) + "\n"


def as_text(rows):
    lines = [COMMENT, format_line(NAME_COLUMNS, FIGURES)]
    for key in sorted(rows):
        cells = [str(rows[key].figures.get(figure, NONE)) for figure in FIGURES]
        lines.append(format_line([key.kernel, key.function, key.preset], cells))
    return "".join(lines)


def parse(text, name):
    """Rows by key. Columns are known by the heading, so an older file may have others."""
    rows, heading = {}, None
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if heading is None:
            heading = words
            if heading[:len(NAME_COLUMNS)] != NAME_COLUMNS:
                raise GateError(f"{name}:{number}: the first line must name the columns: {' '.join(NAME_COLUMNS)} ...")
            continue
        rows |= [parse_row(words, heading, f"{name}:{number}")]
    return rows


def parse_row(words, heading, place):
    if len(words) != len(heading):
        raise GateError(f"{place}: {len(words)} columns, and the heading has {len(heading)}")
    names = len(NAME_COLUMNS)
    try:
        figures = {figure: int(word) for figure, word in zip(heading[names:], words[names:]) if word != NONE}
    except ValueError as error:
        raise GateError(f"{place}: {error}") from error
    return Key(*words[:names]), Row(figures)


def read(path):
    """Rows by key; None: there is no such file."""
    return parse(path.read_text(), path.name) if path.exists() else None


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_text(rows))


def merge(old, new, selection):
    """What --update writes: the new rows, and the old ones that were not looked at."""
    return {key: row for key, row in (old or {}).items() if not selection.has(key)} | new
