"""For gdb: frames of programs that Volt runs, whatever tier they are in.

    (gdb) source volt-gdb.py
    (gdb) volt-backtrace

prints the frames of the fiber that the selected thread runs: those that compiled code has on the native stack, if the
process was started with --debugger, and behind them those that the fiber itself holds. The runtime must have its
debugging symbols.
"""

import re

import gdb

INTERPRETERS = re.compile(r"interpreter_run(_\w+)?$")
IN_MEMORY = re.compile(r"<in-memory|.*JIT")  # what versions of gdb call object files that a process tells of


def text(value):
    """A volt_text, without what a terminal would obey."""
    length = int(value["length"])
    characters = value["bytes"].string(length=length, errors="replace") if length else ""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in characters)


def location(module, function, pc):
    """Where an instruction comes from, as ' at FILE:LINE'; '' if the module does not say."""
    debug = module["function_debug"]
    if function >= int(debug["count"]):
        return ""
    locations = debug["items"][function]["locations"]
    found = None
    for index in range(int(locations["count"])):
        if int(locations["items"][index]["pc"]) > pc:
            break
        found = locations["items"][index]
    if found is None:
        return ""
    return f" at {text(module['debug_files']['items'][int(found['file'])])}:{int(found['line'])}"


def variable(frame, name):
    """A local variable or parameter; None if there is none or the compiler has not kept it."""
    try:
        value = frame.read_var(name)
    except ValueError:
        return None
    return None if value.is_optimized_out else value


def running_vm(frame):
    """The VM that runs here: the scheduler has it, while the interpreter's frame may hold it no longer."""
    while frame is not None:
        vm = variable(frame, "vm") if frame.name() == "scheduler_run" else None
        if vm is not None:
            return vm
        frame = frame.older()
    raise gdb.GdbError("the runtime was built without what says where its variables are")


def is_compiled(frame):
    """Is it code that was compiled from bytecode?"""
    symbols = frame.find_sal().symtab
    return symbols is not None and IN_MEMORY.match(symbols.objfile.filename) is not None


def running_pc(frame):
    """The pc of the instruction that this frame of the interpreter executes; None if nobody knows."""
    pc, code = variable(frame, "pc"), variable(frame, "code")
    return None if pc is None or code is None else int(pc - code) - 1


class Backtrace(gdb.Command):
    """Print the frames of the running fiber: of compiled code, and of the interpreter."""

    def __init__(self):
        super().__init__("volt-backtrace", gdb.COMMAND_STACK)
        self.count = 0

    def say(self, name, place, tier):
        print(f"#{self.count:<3} {name}{place} ({tier})")
        self.count += 1

    def say_fiber(self, vm, fiber, entered, pc):
        """All frames that the fiber holds; `entered`: compiled code runs the newest, which has been said."""
        module = vm["module"]
        for index in reversed(range(int(fiber["frame_count"]))):
            if entered and index == int(fiber["frame_count"]) - 1:
                continue
            frame = fiber["frames"][index]
            function, at = int(frame["function"]), int(frame["pc"])
            is_newest = index == int(fiber["frame_count"]) - 1
            # What a caller holds is where it goes on.
            at = pc if is_newest and pc is not None else max(at - 1, 0)
            self.say(text(module["functions"]["items"][function]["name"]), location(module, function, at), "interpreted")

    def invoke(self, argument, from_tty):
        self.count = 0
        entered, frame = False, gdb.newest_frame()
        while frame is not None:
            if is_compiled(frame):
                place = frame.find_sal()
                self.say(frame.name(), f" at {place.symtab.filename}:{place.line}" if place.line else "", "compiled")
                entered = True
            elif INTERPRETERS.match(frame.name() or ""):
                vm = running_vm(frame)
                self.say_fiber(vm, vm["fibers"]["current"], entered, None if entered else running_pc(frame))
                return
            frame = frame.older()
        raise gdb.GdbError("this thread runs no fiber")


Backtrace()
