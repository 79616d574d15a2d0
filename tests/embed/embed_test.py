#!/usr/bin/env python3
"""The example of README.md runs, from the build folder and installed.

    embed_test.py EXECUTABLE [BUILD_FOLDER]

With a build folder, Volt is installed to a temporary place and the example is built against it, once with
pkg-config and once with CMake; so is what links the compiler, the machine of EMBEDDING.md with its command.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

os.environ["VOLT_CACHE"] = "off"

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CMAKE_LISTS = """cmake_minimum_required(VERSION 3.25)
project(embed LANGUAGES C)
find_package(volt REQUIRED)
add_executable(embed embed.c)
target_link_libraries(embed PRIVATE volt::runtime)
add_executable(tier tier.c)
target_link_libraries(tier PRIVATE volt::llvm)
add_executable(embed-static embed.c)
target_link_libraries(embed-static PRIVATE volt::runtime-static)
add_executable(reader-static reader.c)
target_link_libraries(reader-static PRIVATE volt::bytecode-static)
"""
# What needs no virtual machine.
READER = """#include <volt/vot.h>
#include <volt/verify.h>
int main(int count, char **arguments) {
	volt_module *module = NULL;
	volt_error *error = volt_module_read_file(arguments[count - 1], &module);
	return error || volt_module_verify(module) || module->functions.count != 2;
}
"""
# A host of its own that is linked with the compiler.
TIER = """#include <volt/llvm.h>
int main(void) { return volt_tier_get_interface()->abi_version != VOLT_TIER_ABI_VERSION; }
"""


def output_of(command, **options):
    process = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300, **options)
    if process.returncode != 0:
        raise AssertionError(f"{command}: status {process.returncode}\n{process.stdout}{process.stderr}")
    return process.stdout


def expect(actual, expected, what):
    if actual != expected:
        raise AssertionError(f"{what}: expected {expected!r}, got {actual!r}")


def check_run(executable):
    expect(output_of([executable, HERE / "greet.vot"]), "Hello, Vo!\n", executable)


def functions_of(headers):
    return set(re.findall(r"\b(volt_\w+)\(", "".join(path.read_text() for path in headers)))


def check_manual():
    """The page names functions that there are."""
    named = set(re.findall(r"^\.BR (volt_\w+) \(", (ROOT / "runtime" / "cli" / "volt-embed.7").read_text(), re.MULTILINE))
    if len(named) < 12 or named - functions_of((ROOT / "runtime").glob("include/volt/*.h")):
        raise AssertionError(f"volt-embed.7 names {sorted(named)}")


def check_headers(include):
    """All headers are installed, and each can be included alone, in C and in C++."""
    parts = ["runtime", "backend-llvm"] if list(include.parent.rglob("libvolt-llvm.so")) else ["runtime"]
    headers = {path.name for part in parts for path in (ROOT / part).glob("include/volt/*")}
    expect({path.name for path in include.glob("volt/*")}, headers, "installed headers")
    compilers = [["cc", "-std=c17", "-x", "c"], ["c++", "-std=c++17", "-x", "c++"]]
    for compiler in [words for words in compilers if shutil.which(words[0])]:
        for header in sorted(name for name in headers if name.endswith(".h")):
            output_of([*compiler, "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{include}", "-"],
                      input=f"#include <volt/{header}>\n")


def check_pkg_config(prefix, libraries, folder):
    environment = dict(os.environ, PKG_CONFIG_PATH=str(libraries / "pkgconfig"))
    flags = output_of(["pkg-config", "--cflags", "--libs", "volt"], env=environment).split()
    binary = folder / "embed-pkg-config"
    output_of(["cc", HERE / "embed.c", "-o", binary, f"-Wl,-rpath,{libraries}", *flags])
    check_run(binary)
    if shutil.which("c++"):
        binary = folder / "greet"
        output_of(["c++", "-std=c++17", "-Wall", "-Wextra", "-Werror", HERE / "greet.cpp", "-o", binary,
                   f"-Wl,-rpath,{libraries}", *flags])
        check_run(binary)
    check_foreign_machine(folder, environment)


def check_foreign_machine(folder, environment):
    """Compiled as its tutorial says, in the folder of its sources, and run."""
    text = (ROOT / "backend-llvm" / "EMBEDDING.md").read_text()
    command = re.search(r"^cc \*\.c -o machine .*$", text, re.MULTILINE)[0].replace("-o machine", '-o "$MACHINE"')
    machine, sources = folder / "machine", HERE / "foreign"
    output_of(["sh", "-ec", command], cwd=sources, env={**environment, "MACHINE": str(machine)})
    expect(output_of([machine, "--optimised", sources / "squares.vot"]), (sources / "squares.out").read_text(), machine)


def check_cmake_package(prefix, folder):
    (folder / "CMakeLists.txt").write_text(CMAKE_LISTS)
    (folder / "embed.c").write_text((HERE / "embed.c").read_text())
    (folder / "tier.c").write_text(TIER)
    (folder / "reader.c").write_text(READER)
    output_of(["cmake", "-S", folder, "-B", folder / "build", "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}"])
    output_of(["cmake", "--build", folder / "build"])
    check_run(folder / "build" / "embed")
    output_of([folder / "build" / "tier"])
    check_run(folder / "build" / "embed-static")
    output_of([folder / "build" / "reader-static", HERE / "greet.vot"])
    for name in ("embed-static", "reader-static"):
        if "libvolt" in output_of(["readelf", "--dynamic", folder / "build" / name]):
            raise AssertionError(f"{name} is linked with a shared library of Volt")


def check_installed(build):
    with tempfile.TemporaryDirectory() as name:
        prefix, folder = pathlib.Path(name) / "prefix", pathlib.Path(name) / "project"
        folder.mkdir()
        output_of(["cmake", "--install", build, "--prefix", prefix])
        (libraries,) = {path.parent for path in prefix.rglob("libvolt-runtime.so")}
        output_of([prefix / "bin" / "volt", "run", ROOT / "tests" / "programs" / "fib.vot"])
        check_pkg_config(prefix, libraries, folder)
        check_cmake_package(prefix, folder)
        check_headers(prefix / "include")
        for file in ["share/man/man1/volt.1", "share/man/man7/volt-embed.7", "share/bash-completion/completions/volt"]:
            if not (prefix / file).is_file():
                raise AssertionError(f"{file} was not installed")


def main():
    check_run(sys.argv[1])
    check_manual()
    if len(sys.argv) > 2:
        check_installed(sys.argv[2])
    return 0


if __name__ == "__main__":
    sys.exit(main())
