"""Writes a compilation database without repetitions, for analysers: unique_commands.py FROM TO.

A file that is built into several targets stands in CMake's database once for each; analysers would look at it as
often. Prints the files.
"""

import json
import pathlib
import sys


def main():
    source, target = map(pathlib.Path, sys.argv[1:])
    commands = {command["file"]: command for command in json.loads(source.read_text())}
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(list(commands.values())))
    print("\n".join(sorted(commands)))


if __name__ == "__main__":
    main()
