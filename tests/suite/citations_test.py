"""What comments cite is there: `SPECIFICATION.md, "Runtime errors"` names a page of the project and a heading in it, and
so do links; `jit/compile.c` is a file. And what the specification lists is what the tables of opcodes and traps have."""

import os
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SUFFIXES = {".c", ".h", ".def", ".md", ".py", ".vot", ".cmake", ".txt", ".sh"}
IGNORED = {"build", ".git", pathlib.Path(__file__).name}

# A citation may go on in the next line of a comment, with what comments put in front of it.
BREAK = re.compile(r"\s*\n[ \t]*(?:\*|;|#|//)?[ \t]*")
CITATION = re.compile(r'([\w./-]*\w\.md), "([^"\n]+)"')
# A source file with its folder, as in "ir/lowering.c" or "jit/session.c/.h"; capitals stand for any name.
SOURCE = re.compile(r"(?<![\w./$*-])((?:[a-z_-]+/)+[\w-]+\.(?:c|h|def))\b")
# Words for pages that stand elsewhere or nowhere.
VAGUE = re.compile(r'\(specification\b|(?<!_)specification, "|(?<!_)of the specification\b|runtime model|'
                   r'design document|\bdecisions[):;.,]|JIT contract|\bsections? \d')
OTHERS = re.compile(r"RFC \d+, section \d|(?:System V|ELF|DWARF)[^.]*specification")


def files():
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(set(folders) - IGNORED)
        yield from (pathlib.Path(folder, name) for name in sorted(set(names) - IGNORED)
                    if pathlib.Path(name).suffix in SUFFIXES)


def flowing(text):
    return BREAK.sub(" ", text)


def headings(page):
    return set(re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE))


def pages():
    return [path for path in files() if path.suffix == ".md"]


def find_page(name, source, known):
    """The page that a file means by a name: a path from its folder or from the top, or a name that only one page has."""
    for folder in (source.parent, ROOT):
        if (folder / name).is_file():
            return folder / name
    same = [page for page in known if page.name == name]
    return same[0] if len(same) == 1 else None


def wrong_citations(text, source, known):
    for name, section in CITATION.findall(flowing(text)):
        page = find_page(name, source, known)
        if page is None:
            yield f"{source.relative_to(ROOT)}: there is no page {name}"
        elif section not in headings(page):
            yield f'{source.relative_to(ROOT)}: {name} has no section "{section}"'


def missing_sources(text, source, known):
    """Sources that a comment or page names with a folder of the project, and that are in none."""
    names = {str(path.relative_to(ROOT)) for path in known}
    folders = {path.parent.name for path in known}
    for name in SOURCE.findall(text):
        is_ours = pathlib.PurePath(name).parent.name in folders and not re.search("[A-Z]", name)
        if is_ours and not any(f"/{path}".endswith(f"/{name}") for path in names):
            yield f"{source.relative_to(ROOT)}: there is no {name}"


def slug(heading):
    """The name of a heading in links, as forges make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def broken_anchors(page):
    for target, anchor in re.findall(r"\[[^\]]*\]\(([^)#\s]*)#([^)\s]+)\)", page.read_text()):
        there = page.parent / target if target else page
        if "://" not in target and there.is_file() and anchor not in {slug(text) for text in headings(there)}:
            yield f"{page.relative_to(ROOT)}: {target} has no heading #{anchor}"


def vague_words(text, source):
    for word in VAGUE.findall(OTHERS.sub("", flowing(text))):
        yield f"{source.relative_to(ROOT)}: cites no page of the project: {word}"


def rows_of(page, columns):
    """The rows of its tables that begin with a number and a name, or with a name and a text in backticks."""
    return re.findall(columns, page.read_text(), re.MULTILINE)


class Citations(unittest.TestCase):
    def test_what_is_cited_exists(self):
        known = pages()
        wrong, found = [], 0
        for source in files():
            text = source.read_text()
            wrong += wrong_citations(text, source, known)
            found += len(CITATION.findall(flowing(text)))
        self.assertEqual(wrong, [])
        self.assertGreater(found, 80)

    def test_named_sources_exist(self):
        known = list(files())
        named = [source for source in known if source.suffix in {".c", ".h", ".def", ".md"}]
        self.assertEqual([word for source in named for word in missing_sources(source.read_text(), source, known)], [])
        self.assertEqual(len(list(missing_sources("`jit/nothing.c`, jit/compile.c", ROOT / "README.md", known))), 1)

    def test_links_lead_to_headings(self):
        self.assertEqual([text for page in pages() for text in broken_anchors(page)], [])
        self.assertEqual(slug("Deferred calls, panics, recovery"), "deferred-calls-panics-recovery")

    def test_nothing_is_cited_that_stands_elsewhere(self):
        self.assertEqual([word for source in files() for word in vague_words(source.read_text(), source)], [])

    def test_the_rule(self):
        source, known = ROOT / "runtime" / "object" / "heap.h", pages()
        good = '/* (SPECIFICATION.md, "Kinds\n * and words") and README.md, "How memory looks" */'
        self.assertEqual(list(wrong_citations(good, source, known)), [])
        for text in ('(SPECIFICATION.md, "None")', '(NOWHERE.md, "Objects")', '(README.md, "Layout of the\n * file")'):
            self.assertEqual(len(list(wrong_citations(text, source, known))), 1, text)
        for text in ("(specification,\n * \"Opcodes\")", "as asked (decisions).", "section 4", "runtime\n * model"):
            self.assertEqual(len(list(vague_words(text, source))), 1, text)
        self.assertEqual(list(vague_words("RFC 3629, section 4", source)), [])


class Specification(unittest.TestCase):
    page = ROOT / "runtime" / "bytecode" / "SPECIFICATION.md"
    tables = ROOT / "runtime" / "include" / "volt"

    def test_opcodes(self):
        table = dict(re.findall(r"^OPCODE\((\d+), (\w+),", (self.tables / "opcodes.def").read_text(), re.MULTILINE))
        rows = rows_of(self.page, r"^\| (\d+) \| ([A-Z]\w+) \|")
        self.assertEqual([int(number) for number, _ in rows if number not in {"121", "130"}],
                         [number for number in range(131) if number not in {121, 130}])
        self.assertEqual(len(rows), 131)
        self.assertEqual([row for row in rows if table.get(row[0]) != row[1]], [])

    def test_traps(self):
        table = re.findall(r'^TRAP\((\w+), "([^"]+)"\)', (self.tables / "traps.def").read_text(), re.MULTILINE)
        rows = dict(rows_of(self.page, r"^\| (\w+) \| `(runtime error: [^`]+)` \|$"))
        self.assertEqual(len(rows), 21)
        self.assertEqual({name: dict(table).get(name) for name in rows}, rows)


if __name__ == "__main__":
    unittest.main()
