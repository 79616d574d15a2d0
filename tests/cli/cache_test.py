"""--cache: compiled code that later runs find, and folders and files that must not be trusted."""

import concurrent.futures
import json
import os
import resource
import shutil
import stat
import subprocess
import unittest

from volt_command import HAS_TIER, OK, PROGRAMS, SANITIZED, SECONDS, USAGE, VOLT, CommandTest, volt

SHORT = """module short
entry @main
native vo_println results=0

fn double params=1 locals=2 results=1 {
	AddI r1, r0, r0
	Return r1, 1
}

fn main {
	LoadInt r0, 21
	Call @double, r0 args=1 results=1
	IfaceAssign r1, r0, iface(int), int
	CallExtern @vo_println, r1, r1 args=2
	Return r0, 0
}
"""
SHORT_OUTPUT = "42\n"
# Where steps are counted, they end turns, and not the clock: what is compiled is the same in each run.
COUNTED = ("--sync", "--max-steps=1000000000")
EVERYTHING = ("--tier=llvm", *COUNTED)
STEADY = [
    EVERYTHING,
    (*COUNTED, "--threshold=1,1"),
    (*COUNTED, "--threshold=1,1", "--level=quick"),
    (*COUNTED, "--threshold=4000000000,1"),
    (*COUNTED, "--threshold=300,300"),
]
# A program with islands is left out: which of its threads waits depends on the machine, and so does what is compiled.
THREADS = "islands"
# Each of them leads to other code than EVERYTHING.
OTHER_CODE = ["--preset=v3", "--preset=record-hinted,prologue=whole", "--hints=none", "--force-exit=1000000000",
              "--cpu=baseline"]
ANOTHER_USER = 12345
NAME_LENGTH = 64


def change_byte(path, position):
    content = bytearray(path.read_bytes())
    content[position] ^= 0x40
    path.write_bytes(content)


@unittest.skipUnless(HAS_TIER, "the build has no compiling tier")
class CacheTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.cache = self.folder / "cache"
        self.short = self.write("short.vot", SHORT)

    def run_program(self, program, *options, cache=None, **more):
        """Standard output, and what the statistics say of the cache."""
        process = volt("run", program, f"--cache={cache or self.cache}", *options, "--stats=json", **more)
        self.assertIn("tier", process.stderr, process.stderr)
        return process, json.loads(process.stderr.splitlines()[-1])["tier"]["cache"]

    def check_short(self, *options, hits, failure=None, cache=None, **more):
        """Everything is found, or nothing; the output is as ever."""
        process, used = self.run_program(self.short, *EVERYTHING, *options, cache=cache, **more)
        self.check(process, OK, SHORT_OUTPUT)
        self.assertEqual(used["hits"] > 0, hits, used)
        self.assertEqual(used["misses"] > 0, not hits, used)
        if failure is None:
            self.assertIsNone(used["failure"])
        else:
            self.assertIn(failure, used["failure"])

    def entries(self):
        return sorted(self.cache.iterdir()) if self.cache.is_dir() else []

    def kept_bytes(self):
        return sum(path.stat().st_size for path in self.entries())


class Found(CacheTest):
    def test_second_runs_generate_nothing(self):
        step = 27 if SANITIZED else 16  # with sanitizers LLVM takes minutes for all, and its code is the same
        programs = [path for path in sorted(PROGRAMS.glob("*.vot"))[::step] if THREADS not in path.name]
        self.assertGreater(len(programs), 1 if SANITIZED else 4)
        for program in programs:
            for options in STEADY:
                cold, first = self.run_program(program, *options)
                warm, second = self.run_program(program, *options)
                label = (program.name, options, second)
                self.assertEqual((warm.stdout, warm.returncode), (cold.stdout, cold.returncode), label)
                self.assertEqual((second["misses"], second["failure"]), (0, None), label)
                self.assertEqual(second["hits"] > 0, first["hits"] + first["misses"] > 0, label)

    def test_what_is_found_is_not_compiled(self):
        """What statistics say of the two, for programs and for people."""
        for is_kept in False, True:
            process = volt("run", self.short, f"--cache={self.cache}", *EVERYTHING, "--stats=json")
            tier = json.loads(process.stderr.splitlines()[-1])["tier"]
            if not is_kept:
                self.assertGreaterEqual(tier["compiled"], 2)
                self.assertEqual(tier["from_cache"], 0)
        self.assertGreaterEqual(tier["from_cache"], 2)
        self.assertEqual(tier["compiled"], tier["cache"]["misses"])
        process = volt("run", self.short, f"--cache={self.cache}", *EVERYTHING, "--stats")
        self.assertRegex(process.stderr, r"\nLLVM \S+ compiled \d+ times, and code was taken from the cache \d+ times, in ")

    def test_every_preset(self):
        for preset in volt("compile", "--list-presets").stdout.split():
            self.check_short(f"--preset={preset}", hits=False)
            self.check_short(f"--preset={preset}", hits=True)

    def test_what_is_compiled_beside_the_program(self):
        """Which of it is done in time differs; what the program prints does not."""
        for _ in range(4):
            process, used = self.run_program(self.short, "--threshold=1,1")
            self.check(process, OK, SHORT_OUTPUT)
            self.assertIsNone(used["failure"])

    def test_forced_exits_of_code_that_was_kept(self):
        for n in range(1, 600, 70):
            for _ in range(2):
                process, used = self.run_program(PROGRAMS / "fib.vot", *EVERYTHING, f"--force-exit={n}")
                self.check(process, OK, (PROGRAMS / "fib.out").read_text())
        self.assertGreater(used["hits"], 0)

    def test_options_that_change_code_are_part_of_the_key(self):
        self.check_short(hits=False)
        for option in OTHER_CODE:
            self.check_short(option, hits=False)
            self.check_short(option, hits=True)
        self.check_short(hits=True)

    def test_counting_steps_is_part_of_the_key(self):
        self.check_short(hits=False)
        _, used = self.run_program(self.short, "--tier=llvm", "--sync")
        self.assertEqual(used["hits"], 0)

    def test_the_module_is_part_of_the_key(self):
        program = self.write("changed.vot", SHORT)
        process, used = self.run_program(program, *EVERYTHING)
        self.assertEqual(used["hits"], 0)
        program.write_text(SHORT.replace("LoadInt r0, 21", "LoadInt r0, 22"))
        changed, used = self.run_program(program, *EVERYTHING)
        self.assertEqual(used["hits"], 0)
        self.assertEqual((process.stdout, changed.stdout), ("42\n", "44\n"))

    def test_the_name_of_the_file_is_not(self):
        self.check_short(hits=False)
        copy = self.write("another.vot", SHORT)
        _, used = self.run_program(copy, *EVERYTHING)
        self.assertEqual(used["misses"], 0)

    def test_many_processes_at_once(self):
        command = [VOLT, "run", self.short, *EVERYTHING, f"--cache={self.cache}"]
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            runs = list(pool.map(lambda _: subprocess.run(command, capture_output=True, text=True, timeout=SECONDS),
                                 range(16)))
        for process in runs:
            self.check(process, OK, SHORT_OUTPUT, "")
        self.assertEqual(len(self.entries()), 1)
        self.check_short(hits=True)


class Named(CacheTest):
    """Which folder is used."""

    def used_folder(self, *options, **environment):
        process = volt("run", self.short, "--sync", "--threshold=1,1", *options, "--stats=json", cwd=self.folder, env={
            name: value for name, value in {**os.environ, **environment}.items() if value is not None})
        self.check(process, OK, SHORT_OUTPUT)
        used = json.loads(process.stderr.splitlines()[-1])["tier"]["cache"]
        return used and used["folder"]

    def test_folders(self):
        home, caches, named = (str(self.folder / name) for name in ("home", "caches", "named"))
        users = {"HOME": home, "XDG_CACHE_HOME": caches, "VOLT_CACHE": None}
        self.assertEqual(self.used_folder(**users), f"{caches}/volt")
        self.assertEqual(self.used_folder(**{**users, "XDG_CACHE_HOME": None}), f"{home}/.cache/volt")
        self.assertEqual(self.used_folder(**{**users, "XDG_CACHE_HOME": "not/absolute"}), f"{home}/.cache/volt")
        self.assertEqual(self.used_folder(**{**users, "VOLT_CACHE": named}), named)
        self.assertEqual(self.used_folder("--cache", **{**users, "VOLT_CACHE": named}), f"{caches}/volt")
        self.assertEqual(self.used_folder("--cache=here", **users), str(self.folder / "here"))
        self.assertTrue((self.folder / "here").is_dir())

    def test_none(self):
        nobody = {"HOME": None, "XDG_CACHE_HOME": None, "VOLT_CACHE": None}
        self.assertIsNone(self.used_folder(**nobody))
        self.assertIsNone(self.used_folder(**{**nobody, "HOME": "relative"}))
        users = {"HOME": str(self.folder), "XDG_CACHE_HOME": None, "VOLT_CACHE": None}
        self.assertIsNone(self.used_folder("--cache=off", **users))
        self.assertIsNone(self.used_folder(**{**users, "VOLT_CACHE": "off"}))
        self.assertEqual(list(self.folder.iterdir()), [self.short])

    def test_what_was_made_is_the_users_alone(self):
        self.used_folder(f"--cache={self.cache}/in/it")
        made = self.cache / "in" / "it"
        for path in [self.cache, made, *made.iterdir()]:
            self.assertEqual(stat.S_IMODE(path.stat().st_mode) & 0o077, 0, path)

    def test_bad_sizes(self):
        for size in ["", "12Q", "-1", "many"]:
            self.check(volt("run", self.short, f"--cache-size={size}"), USAGE, "", "--cache-size does not take the value")


class Damaged(CacheTest):
    def setUp(self):
        super().setUp()
        self.check_short(hits=False)
        self.entry, = self.entries()
        self.assertEqual(len(self.entry.name), NAME_LENGTH)

    def check_replaced(self):
        self.check_short(hits=False)
        self.check_short(hits=True)

    def test_any_byte(self):
        size = self.entry.stat().st_size
        for position in {*range(0, 88, 11), *range(88, size, size // 12), size - 1}:
            change_byte(self.entry, position)
            self.check_short(hits=False)
        self.check_short(hits=True)

    def test_any_length(self):
        content = self.entry.read_bytes()
        for length in (0, 1, 79, 80, 81, 200, len(content) // 2, len(content) - 1):
            self.entry.write_bytes(content[:length])
            self.check_short(hits=False)
        self.entry.write_bytes(content + b"\0")
        self.check_replaced()

    def test_an_entry_of_another_key(self):
        self.check_short("--preset=v3", hits=False)
        other, = set(self.entries()) - {self.entry}
        shutil.copy(other, self.entry)
        self.check_replaced()

    def test_what_is_no_file(self):
        content = self.entry.read_bytes()
        elsewhere = self.write("elsewhere", content)
        self.entry.unlink()
        self.entry.symlink_to(elsewhere)
        self.check_replaced()
        self.assertFalse(self.entry.is_symlink())
        self.assertEqual(elsewhere.read_bytes(), content)
        self.entry.unlink()
        os.mkfifo(self.entry)
        self.check_replaced()
        self.entry.unlink()
        self.entry.mkdir()
        self.check_short(hits=False, failure="a file cannot be written")

    def test_a_file_that_others_may_write(self):
        self.entry.chmod(0o666)
        self.check_replaced()

    @unittest.skipUnless(os.geteuid() == 0, "needs another user's file")
    def test_a_file_of_another_user(self):
        os.chown(self.entry, ANOTHER_USER, -1)
        self.check_replaced()


class Untrusted(CacheTest):
    """Who can write to the folder can run code in every process that uses it."""

    def refuse(self, why):
        names = self.entries()
        self.check_short(hits=False, failure=why)
        self.assertEqual(self.entries(), names)

    def test_others_may_write(self):
        self.check_short(hits=False)
        for mode in (0o777, 0o770, 0o702):
            self.cache.chmod(mode)
            self.refuse("others than its owner may write to it")
        self.cache.chmod(0o755)
        self.check_short(hits=True)

    @unittest.skipUnless(os.geteuid() == 0, "needs another user's folder")
    def test_of_another_user(self):
        self.check_short(hits=False)
        os.chown(self.cache, ANOTHER_USER, -1)
        self.refuse("belongs to another user")

    def test_a_link(self):
        real = self.folder / "real"
        real.mkdir(mode=0o700)
        self.cache.symlink_to(real)
        self.refuse("cannot be opened")
        self.check_short(hits=False, failure="cannot be opened", cache=f"{self.cache}/")
        self.assertEqual(list(real.iterdir()), [])

    def test_no_folder_and_none_to_be_made(self):
        self.write("cache", "a file")
        self.check_short(hits=False, failure="cannot be opened")
        self.check_short(hits=False, failure="/proc/volt: cannot be made", cache="/proc/volt")

    @unittest.skipIf(os.geteuid() == 0, "permissions do not bind this user")
    def test_read_only(self):
        self.check_short(hits=False)
        self.cache.chmod(0o500)
        self.check_short(hits=True)
        self.check_short("--preset=v3", hits=False, failure="no file can be made there")

    def test_limit_of_file_sizes(self):
        def only_small_files():
            resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

        self.check_short(hits=False, preexec_fn=only_small_files)
        self.assertEqual(self.entries(), [])


class Bounded(CacheTest):
    def size_of_one(self):
        self.check_short(hits=False)
        return self.kept_bytes()

    def test_the_limit_holds(self):
        limit = 3 * self.size_of_one()
        for n, preset in enumerate(volt("compile", "--list-presets").stdout.split()):
            self.check_short(f"--preset={preset}", f"--cache-size={limit}", hits=n == 0)
            self.assertLessEqual(self.kept_bytes(), limit)
        self.assertGreater(len(self.entries()), 1)

    def test_what_was_used_last_stays(self):
        limit = 4 * self.size_of_one()
        fib, = self.entries()
        for preset in ["v1", "v2", "v3", "hinted", "callback"]:
            self.check_short(f"--preset={preset}", f"--cache-size={limit}", hits=False)
            self.check_short(hits=True)
            self.assertIn(fib, self.entries())

    def test_what_is_larger_than_the_limit_is_not_kept(self):
        self.check_short("--cache-size=1K", hits=False)
        self.assertEqual(self.entries(), [])

    def test_files_of_others_are_left_alone(self):
        size = self.size_of_one()
        foreign = [self.cache / "README", self.cache / ("g" * NAME_LENGTH)]
        for path in foreign:
            path.write_bytes(bytes(10 * size))
        self.check_short("--preset=v3", f"--cache-size={size + 1}", hits=False)
        for path in foreign:
            self.assertTrue(path.exists())

    def test_what_a_killed_process_left_goes(self):
        self.check_short(hits=False)
        old, young = self.cache / ".volt-1-0", self.cache / ".volt-1-1"
        for path in (old, young):
            path.write_bytes(b"half an entry")
        os.utime(old, (0, 0))
        self.check_short("--preset=v3", hits=False)
        self.assertFalse(old.exists())
        self.assertTrue(young.exists())


if __name__ == "__main__":
    unittest.main()
