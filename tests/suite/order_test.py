"""Dependencies have one direction: the table of folders in a README is their order, and neither an #include nor a
symbol that the linker looks for leads from a folder to one that stands below it in the table."""

import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("VOLT_BUILD", ROOT / "build" / "release"))
AREAS = {"runtime": 11, "backend-llvm": 5}  # with the fewest folders that the table has


def folders_of(area):
    """Folders with sources, in the order of the README's table."""
    rows = re.findall(r"^\| \[?`([\w-]+)/`(?:\]\(\S+\))? \|", (ROOT / area / "README.md").read_text(), re.MULTILINE)
    return [name for name in rows if name != "include"]


def includes(area, folder):
    """Every #include of the folder that names another one, with the place where it stands."""
    for source in sorted([*(ROOT / area / folder).rglob("*.c"), *(ROOT / area / folder).rglob("*.h")]):
        for number, line in enumerate(source.read_text().splitlines(), 1):
            found = re.match(r'\s*#\s*include\s+"([\w-]+)/', line)
            if found:
                yield f"{source.relative_to(ROOT)}:{number}: {line.strip()}", found[1]


def against(order, folder, name):
    return name in order and order.index(name) > order.index(folder)


def symbols(area, folder):
    """What the objects of a folder define, and what they look for elsewhere: {symbol: object}."""
    defined, undefined = {}, {}
    objects = BUILD / area / folder / "CMakeFiles" / f"volt_{folder}.dir"
    items = [item for item in sorted(objects.rglob("*.o"))  # others are of sources that are no more
             if (ROOT / area / folder / item.relative_to(objects)).with_suffix("").exists()]
    listing = subprocess.run(["nm", "--print-file-name", "--extern-only", "--format=posix", *map(str, items)], check=True,
                             capture_output=True, text=True).stdout
    for line in listing.splitlines():
        item, symbol = line.split(": ", 1)
        name, kind = symbol.split()[:2]
        (undefined if kind in "Uw" else defined)[name] = pathlib.Path(item).relative_to(BUILD)
    return defined, undefined


def uses(area):
    """{unit: units that its header or source includes}; a unit is the path of both without their endings."""
    graph = {}
    for source in sorted([*(ROOT / area).rglob("*.c"), *(ROOT / area).rglob("*.h")]):
        unit = source.relative_to(ROOT / area).with_suffix("").as_posix()
        named = re.findall(r'^\s*#\s*include\s+"([\w/-]+)\.[ch]"', source.read_text(), re.MULTILINE)
        graph.setdefault(unit, set()).update(name for name in named if name != unit)
    return graph


def reachable(graph, start):
    found, pending = set(), [start]
    while pending:
        for name in graph.get(pending.pop(), ()):
            if name not in found:
                found.add(name)
                pending.append(name)
    return found


def cycles(graph):
    """Sets of units that need each other."""
    reach = {unit: reachable(graph, unit) for unit in graph}
    together = {frozenset(other for other in reach[unit] if unit in reach.get(other, ())) for unit in graph}
    return sorted((sorted(group) for group in together if len(group) > 1))


def named_cycles(area):
    """What the READMEs of the folders say: lines "Files that need each other: `a`, `b`."."""
    for readme in sorted((ROOT / area).rglob("README.md")):
        folder = readme.parent.relative_to(ROOT / area).as_posix()
        for line in re.findall(r"^Files that need each other: (.*)", readme.read_text(), re.MULTILINE):
            yield sorted(f"{folder}/{name}" for name in re.findall(r"`([\w/]+)`", line))


class Order(unittest.TestCase):
    def test_tables_name_every_folder(self):
        for area, fewest in AREAS.items():
            order = folders_of(area)
            self.assertGreaterEqual(len(order), fewest, area)
            own = {path.name for path in (ROOT / area).iterdir()
                   if path.is_dir() and path.name != "include" and any(path.rglob("*.c"))}
            self.assertEqual(set(order), own, area)

    def test_includes(self):
        for area in AREAS:
            order = folders_of(area)
            read = [(folder, place, name) for folder in order for place, name in includes(area, folder)]
            self.assertGreater(len(read), 50, area)
            self.assertEqual([place for folder, place, name in read if against(order, folder, name)], [], area)

    def test_links(self):
        if not (BUILD / "runtime" / "vm").is_dir():
            self.skipTest(f"nothing is built in {BUILD}")
        for area in ["runtime"]:
            order = [name for name in folders_of(area) if name != "cli"]
            tables = {folder: symbols(area, folder) for folder in order}
            homes = {name: folder for folder in order for name in tables[folder][0]}
            self.assertGreater(len(homes), 500)
            wrong = [f"{item}: {name} is defined in {homes[name]}/" for folder in order
                     for name, item in tables[folder][1].items() if against(order, folder, homes.get(name))]
            self.assertEqual(wrong, [])

    def test_cycles_are_named(self):
        for area in AREAS:
            self.assertEqual(cycles(uses(area)), sorted(named_cycles(area)), area)

    def test_cycles(self):
        self.assertEqual(cycles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"d"}}), [["b", "c"]])

    def test_rule(self):
        order = ["object", "fiber", "vm"]
        self.assertTrue(against(order, "fiber", "vm"))
        self.assertFalse(against(order, "fiber", "object"))
        self.assertFalse(against(order, "fiber", "volt"))


if __name__ == "__main__":
    unittest.main()
