#!/usr/bin/env python3
"""Checks that every relative link in the project's Markdown files leads to a file or folder."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
IGNORED = {"build", ".git"}


def pages():
    for path in sorted(ROOT.rglob("*.md")):
        if not IGNORED & set(path.relative_to(ROOT).parts):
            yield path


def broken_links(page):
    for target in LINK.findall(page.read_text()):
        if "://" not in target and not (page.parent / target).exists():
            yield f"{page.relative_to(ROOT)}: {target} does not exist"


def main():
    broken = [text for page in pages() for text in broken_links(page)]
    print("\n".join(broken), end="\n" if broken else "")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
