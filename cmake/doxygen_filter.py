"""What Doxygen reads in the place of a header: comments in its form, and one for each function of a group that shares one.

A comment at the beginning of a line belongs to what follows, one behind code to that, and the first of a file to the file.
"""

import pathlib
import re
import sys

FUNCTION = re.compile(r"(?!typedef|#|\s)[\w* ]+?\b(volt_\w+)\(")


def with_copies(lines):
    """Functions that follow another one without a gap have its comment, too."""
    above = None
    for line in lines:
        found = FUNCTION.match(line)
        if found and above and above != found[1]:
            yield f"/** @copydoc {above} */"
        if found:
            above = above or found[1]
        elif not line.strip():
            above = None
        yield line


def converted(text):
    lines = []
    for line in text.splitlines():
        line = re.sub(r"^(\t*)/\*(?!\*)", r"\1/**", line)
        lines.append(re.sub(r"(\S.*?\s)/\*(?!\*)", r"\1/**<", line) if not line.lstrip().startswith("/*") else line)
    lines[0] = lines[0].replace("/**", "/** @file", 1)
    return "\n".join(with_copies(lines)) + "\n"


if __name__ == "__main__":
    sys.stdout.write(converted(pathlib.Path(sys.argv[1]).read_text()))
