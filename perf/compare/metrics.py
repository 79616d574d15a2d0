"""What can be said exactly about the compiled code of a program."""

import concurrent.futures
import dataclasses
import hashlib
import json
import os
import pathlib
import subprocess
import tempfile

from compare import intermediate, measure

TARGETS = ("x86_64", "aarch64")
NAMES = ("code_bytes", "hot_bytes", "cold_bytes", "callee_saved", "frame_bytes", "spills", "reloads")
TIMEOUT = 600  # seconds for one compilation or one run


@dataclasses.dataclass(frozen=True)
class Facts:
    """What is known of one back end's code of one program."""

    code: dict  # {target: numbers of the hot function}
    same_code: dict  # {target: name of an earlier back end with the same code, or None}
    status: str  # what the optimiser left of the hot function's status


def emit(volt, program, backend, kind, *options):
    command = [volt, "compile", str(program.path), *backend.compile_options(), f"--emit={kind}", *options]
    return subprocess.run(command, capture_output=True, timeout=TIMEOUT)


def fingerprint(volt, program, backend, target):
    """Of the object file with all functions of the program: the code, what it refers to, and where it stands."""
    process = emit(volt, program, backend, "obj", f"--target={target}", "--output=-")
    return hashlib.sha256(process.stdout).hexdigest() if process.returncode == 0 and process.stdout else None


def of_hot_function(volt, program, backend, target):
    """What `volt compile --emit=metrics` prints; {"reason": why} of a function that stays interpreted."""
    process = emit(volt, program, backend, "metrics", f"--target={target}", f"--func={program.hot_function}")
    if process.returncode != 0:
        return {"reason": process.stderr.decode(errors="replace").strip()}
    return json.loads(process.stdout)[0]


def status_of(volt, program, backend):
    process = emit(volt, program, backend, "ir")
    if process.returncode != 0:
        return None
    results = intermediate.results_of(program.text, program.hot_function)
    return intermediate.exit_mark(process.stdout.decode(), program.hot_function, results)


def first_of_each(fingerprints):
    """{name: the first name with the same fingerprint, or None for the first itself}."""
    first = {}
    return {name: found if (found := first.setdefault(mark, name)) != name and mark else None
            for name, mark in fingerprints.items()}


def parallel(function, keys, progress, what):
    """{key: function(*key)}. Nothing here is a time, so all processors work on it."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        futures = {key: pool.submit(function, *key) for key in keys}
        done = {}
        for number, (key, future) in enumerate(futures.items(), 1):
            done[key] = future.result()
            progress(f"{what}: {number} of {len(futures)}")
    return done


def same_code(volt, prepared_by_program, progress):
    """{program: {target: {back end: the first back end whose code of the whole program is the same, or None}}}"""
    keys = [(program, item.backend, target) for program, group in prepared_by_program for item in group
            if item.backend.preset for target in TARGETS]
    marks = parallel(lambda *key: fingerprint(volt, *key), keys, progress, "code of programs")
    return {program.name: {target: first_of_each({item.backend.name: marks[program, item.backend, target]
                                                  for item in group if item.backend.preset})
                           for target in TARGETS} for program, group in prepared_by_program}


def own_facts(volt, program, backend, same, host):
    """What is looked at for this back end itself, since no earlier one has the same code."""
    code = {target: of_hot_function(volt, program, backend, target) for target in TARGETS if not same[target]}
    return Facts(code, same, None if same.get(host) else status_of(volt, program, backend))


def completed(of_program, host):
    """The same with what is known from back ends with the same code."""
    done = {}
    for name, facts in of_program.items():
        code = {target: facts.code.get(target) or done[facts.same_code[target]].code[target] for target in TARGETS}
        done[name] = Facts(code, facts.same_code, done.get(facts.same_code.get(host), facts).status)
    return done


def gather(volt, prepared_by_program, host, progress):
    """{program name: {back end name: Facts}} of what Volt compiles."""
    same = same_code(volt, prepared_by_program, progress)

    def facts(program, backend):
        mine = {target: same[program.name][target][backend.name] for target in TARGETS}
        return own_facts(volt, program, backend, mine, host)

    keys = [(program, item.backend) for program, group in prepared_by_program for item in group if item.backend.preset]
    found = parallel(facts, keys, progress, "hot functions")
    return {program.name: completed({item.backend.name: found[program, item.backend] for item in group
                                     if item.backend.preset}, host) for program, group in prepared_by_program}


def machine(volt, program):
    """What code is made for, and by what."""
    ir = subprocess.run([volt, "compile", str(program.path), "--emit=ir"], capture_output=True, text=True,
                        timeout=TIMEOUT).stdout
    with tempfile.TemporaryDirectory(prefix="compare-backends-") as folder:
        started = pathlib.Path(folder) / program.path.name
        started.write_text(program.with_size(0))
        run = subprocess.run([volt, "run", str(started), "--tier=llvm", "--sync", "--cache=off", "--stats=json"], capture_output=True,
                             timeout=TIMEOUT)
    return {"triple": intermediate.target_triple(ir), "compiler": measure.tier_statistics(run.stderr).get("name")}
