"""Charts of ratios, drawn by gnuplot as SVG that stands inside a page and takes the page's colours."""

import re
import subprocess

WIDTH, ROW_HEIGHT, MARGIN_HEIGHT = 760, 24, 110
FASTER, SLOWER, UNDECIDED = "#2f9e63", "#d9603b", "#8a8f98"
COLOURS = {"faster": FASTER, "slower": SLOWER}

SCRIPT = """\
set terminal svg size {width},{height} dynamic noenhanced font "sans-serif,13" name "{name}"
set logscale x 2
set grid xtics
set border 1
unset key
set xtics nomirror
set yrange [{last}.5:0.5]
set ytics ({labels}) scale 0
set xlabel "{label}\\nleft is faster; bars: intervals"
set arrow from 1, graph 0 to 1, graph 1 nohead dashtype 2 linecolor rgb "black"
$points <<END
{points}
END
plot $points using 2:1:3:4:5 with xerrorbars pointtype 7 pointsize 0.9 linewidth 1.6 linecolor rgb variable, \\
     $points using ($6 > 0 ? $2 : NaN):1:5 with points pointtype 7 pointsize 1.4 linecolor rgb variable
"""


class ChartError(Exception):
    """A chart that gnuplot did not draw."""


def point(number, compared, is_marked):
    if compared is None:  # the reference itself
        compared = {"ratio": 1.0, "interval": None, "conclusion": None}
    low, high = compared["interval"] or (compared["ratio"], compared["ratio"])
    colour = int(COLOURS.get(compared["conclusion"], UNDECIDED)[1:], 16)
    return f"{number} {compared['ratio']:.6g} {low:.6g} {high:.6g} {colour} {int(is_marked)}"


def script(name, rows, label, marks):
    return SCRIPT.format(
        width=WIDTH, height=MARGIN_HEIGHT + ROW_HEIGHT * len(rows), name=name, last=len(rows), label=label,
        labels=", ".join(f'"{marks.get(backend, backend)}" {number}' for number, (backend, _) in enumerate(rows, 1)),
        points="\n".join(point(number, compared, backend in marks) for number, (backend, compared) in enumerate(rows, 1)))


def for_page(svg, name, title):
    """An SVG element for HTML: black becomes the text's colour, names get unique, no XML header or name spaces."""
    svg = svg[svg.index("<svg"):]
    svg = re.sub(r'\s+xmlns(:xlink)?="[^"]*"', "", svg)
    svg = re.sub(r"<(title|desc)>.*?</\1>\s*", "", svg)
    svg = re.sub(r"(['\"])(?:black|rgb\(\s*0,\s*0,\s*0\))\1", r"\1currentColor\1", svg)
    svg = svg.replace('color="currentColor"', 'color="inherit"')
    svg = re.sub(r"(id=['\"]|['\"(]#)(gp\w+|textbox|greybox|gnuplot_canvas)", rf"\1{name}-\2", svg)
    return svg.replace("<svg", f'<svg role="img" aria-label="{title}"', 1)


def draw(name, rows, label, marks):
    ordered = sorted(rows, key=lambda row: row[1]["ratio"] if row[1] else 1)
    process = subprocess.run(["gnuplot"], input=script(name, ordered, label, marks), capture_output=True, text=True)
    if process.returncode != 0 or "<svg" not in process.stdout:
        raise ChartError(f"gnuplot drew no chart '{name}': {process.stderr.strip()}")
    return process.stdout


def of_rows(name, rows, label, marks=None):
    """One line for each of [(name, ratio with interval, or None for the reference)], the fastest first: a point with a bar.
    `marks` has the labels of those whose points are larger."""
    return for_page(draw(name, rows, label, marks or {}), name, label)


def as_file(name, rows, label):
    """The same as a picture of its own, on white."""
    svg = draw(name, rows, label, {})
    return re.sub(r"(<svg[^>]*>)", r'\1\n<rect width="100%" height="100%" fill="white"/>', svg, count=1)
