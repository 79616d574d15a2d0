"""The pictures beside the page, and how the page shows them."""

from compare import backends, chart, whole
from results_page import original

FOLDER = "figures"


def kernels(times):
    rows = [(name, times.compared("record-hinted", backends.SAME_SHAPE, [name])) for name in times.programs]
    return [row for row in rows if row[1]], "record-hinted beside C of the same shape"


def of_original(times):
    """The original's ratio, which has no interval, above ours."""
    rows = []
    for preset, (what, seconds) in original.SECONDS.items():
        compared = times.compared(preset, original.REFERENCE, ["fib"])
        if preset != original.REFERENCE and compared:
            relative = {"ratio": seconds / original.SECONDS[original.REFERENCE][1], "interval": None, "conclusion": None}
            rows += [(f"{what}: original", relative), (f"{what}: ours", compared)]
    return rows, "fib beside calls through memory"


def programs(found):
    rows = [(row["program"], row["ratios"][whole.GO]) for row in found["programs"] if whole.GO in row["ratios"]] if found else []
    return sorted(rows, key=lambda row: row[1]["ratio"]), "whole programs beside Go"


def of_page(times, found=None):
    """{name: (rows, what they are)} of those for which there is something to show."""
    wanted = {"kernels": kernels(times), "original": of_original(times), "programs": programs(found)}
    return {name: picture for name, picture in wanted.items() if picture[0]}


def shown(name, pictures):
    """A line of Markdown; empty where there is no such picture."""
    return f"![{pictures[name][1]}]({FOLDER}/{name}.svg)" if name in pictures else ""


def write(folder, pictures):
    folder.mkdir(exist_ok=True)
    for name, (rows, label) in pictures.items():
        (folder / f"{name}.svg").write_text(chart.as_file(name, rows, label), encoding="utf-8")
