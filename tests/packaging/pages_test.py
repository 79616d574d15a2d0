"""What installed headers and pages name is installed: pages with the sections that are cited, and the ends of links."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("VOLT_BUILD", ROOT / "build" / "release"))

# A citation may go on in the next line of a comment.
BREAK = re.compile(r"\s*\n[ \t]*\*?[ \t]*")
CITATION = re.compile(r'([\w./-]*\w\.md)(?:, "([^"\n]+)")?')
LINK = re.compile(r"\]\(([^)#]*)(#[^)]*)?\)")
IN_THE_SOURCES = re.compile(r"`[^`]*` in the sources|This is `[^`]*` of Volt's sources")
# Folders whose README is called otherwise where it is installed; the first one is that of the page itself.
INSTALLED_AS = {"": "BYTECODE.md", "bytecode": "BYTECODE.md", "tier": "TIER.md"}


def headings(page):
    return re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)


def anchor(heading):
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.prefix = pathlib.Path(temporary.name)
        for component in ("libvolt-dev", "volt"):
            subprocess.run(["cmake", "--install", BUILD, "--prefix", cls.prefix, "--component", component], check=True,
                           stdin=subprocess.DEVNULL, capture_output=True, timeout=300)
        cls.folder = cls.prefix / "share" / "doc" / "volt"

    def check_citations(self, path, text):
        """Returns how many there are."""
        found = CITATION.findall(BREAK.sub(" ", text))
        for name, section in found:
            cited = pathlib.Path(name)
            page = self.folder / (INSTALLED_AS[cited.parent.name] if cited.name == "README.md" else cited.name)
            self.assertTrue(page.is_file(), f"{path} names {name}")
            if section:
                self.assertIn(section, headings(page), f"{path} names a section of {name}")
        return len(found)

    def test_headers(self):
        headers = list((self.prefix / "include").rglob("*.*"))
        self.assertGreater(sum(self.check_citations(path, path.read_text()) for path in headers), 10)

    def test_pages(self):
        links = 0
        for page in self.folder.glob("*.md"):
            text = IN_THE_SOURCES.sub("", page.read_text())
            for target, section in LINK.findall(text):
                end = page.parent / target if target else page
                self.assertTrue(end.is_file(), f"{page.name} leads to {target}")
                if section:
                    self.assertIn(section[1:], map(anchor, headings(end)), f"{page.name} leads to {target}{section}")
                links += 1
            self.check_citations(page.name, LINK.sub("]", text))
        self.assertGreater(links, 10)

    def test_manual(self):
        text = (self.prefix / "share" / "man" / "man7" / "volt-embed.7").read_text()
        self.assertEqual(set(re.findall(r"^\.I (\w+\.md)$", text, re.MULTILINE)), {page.name for page in self.folder.glob("*.md")})


if __name__ == "__main__":
    unittest.main()
