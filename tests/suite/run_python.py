#!/usr/bin/env python3
"""Runs every NAME_test.py in a folder, or one of them, and ends with "N passed, N failed": run_python.py FOLDER [FILE]"""

import os
import sys
import unittest

os.environ["VOLT_CACHE"] = "off"  # nothing is kept from one test for another
# Scripts that tests start have this interpreter, and not one that something looks for at every start.
os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]


def main():
    suite = unittest.defaultTestLoader.discover(sys.argv[1], pattern=sys.argv[2] if len(sys.argv) > 2 else "*_test.py")
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
    failed = len({str(test) for test, _ in result.failures + result.errors})
    skipped = len(result.skipped)
    passed = result.testsRun - failed - skipped
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
