"""Debian packages and the archive of sources: what is in them, lintian, installing and removing in a root of their own."""

import os
import pathlib
import re
import shutil
import subprocess
import tarfile
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("VOLT_BUILD", ROOT / "build" / "release"))
NAMES = ["libvolt0", "libvolt-llvm0", "libvolt-dev", "volt"]
STATIC = re.search(r"`(-Wl,-Bstatic [^`]*)`", (ROOT / "README.md").read_text())[1].split()  # what README.md tells the linker
# Whoever gives packages away answers for them with an address of his own (-DVOLT_MAINTAINER).
NOT_OURS = "bogus-mail-host,bogus-mail-host-in-debian-changelog"


def run(*command, **options):
    process = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                             timeout=900, check=False, **options)
    if process.returncode:
        raise AssertionError(f"{command}: status {process.returncode}\n{process.stdout}{process.stderr}")
    return process.stdout


def field(package, name):
    return run("dpkg-deb", "--field", package, name).strip()


def depends(package):
    """Names of the packages that it depends on."""
    return re.findall(r"(?:^|, )([a-z0-9.+-]+)", field(package, "Depends"))


def files_below(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_symlink() or path.is_file()}


class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        missing = [name for name in ("dpkg-deb", "dpkg-shlibdeps") if not shutil.which(name)]
        if missing:
            raise unittest.SkipTest(f"not installed: {', '.join(missing)}")
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        # Compressed in haste: what is packed is the same.
        run("cpack", "--config", BUILD / "CPackConfig.cmake", "-B", cls.folder, "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip")
        cls.packages = {path.name.split("_")[0]: path for path in cls.folder.glob("*.deb")}

    def test_there_are_four(self):
        self.assertEqual(sorted(self.packages), sorted(NAMES))
        version = re.search(r"project\(volt VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text())[1]
        for package in self.packages.values():
            self.assertEqual(field(package, "Version"), version)

    def test_dependencies(self):
        self.assertIn("libgc1", depends(self.packages["libvolt0"]))
        self.assertIn("libvolt0", depends(self.packages["volt"]))
        self.assertIn("libvolt0", depends(self.packages["libvolt-llvm0"]))
        self.assertFalse([name for package in self.packages.values() for name in depends(package) if "llvm-" in name])
        self.assertNotIn("libstdc++6", depends(self.packages["libvolt-llvm0"]))  # it brings its own along

    @unittest.skipUnless(shutil.which("lintian"), "no lintian")
    def test_lintian_finds_nothing(self):
        run("lintian", "--allow-root", "--fail-on", "error,warning", "--suppress-tags", NOT_OURS, *self.packages.values())

    def make_root(self):
        """An empty system, which believes that it has what the packages need, since this one has it."""
        root = self.folder / "root"
        database = root / "var" / "lib" / "dpkg"
        for name in ("info", "updates", "triggers"):
            (database / name).mkdir(parents=True)
        architecture = run("dpkg", "--print-architecture").strip()
        needed = {name for package in self.packages.values() for name in depends(package)} - set(NAMES)
        records = []
        for name in sorted(needed):
            version, multi = run("dpkg-query", "-W", "-f=${Version} ${Multi-Arch}", f"{name}:{architecture}").split(" ")
            records.append(f"Package: {name}\nStatus: install ok installed\nMaintainer: nobody\nDescription: there\n"
                           f"Architecture: {architecture}\n{f'Multi-Arch: {multi}' + chr(10) if multi else ''}Version: {version}\n")
            (database / "info" / (f"{name}:{architecture}.list" if multi == "same" else f"{name}.list")).write_text("")
        (database / "status").write_text("\n".join(records))
        return root

    def test_installing_and_removing(self):
        as_root = [] if os.geteuid() == 0 else ["fakeroot"]
        if as_root and not shutil.which("fakeroot"):
            self.skipTest("neither root nor fakeroot")
        root = self.make_root()
        before = files_below(root)
        dpkg = [*as_root, "dpkg", f"--root={root}", "--force-script-chrootless", "--log=/dev/null"]
        run(*dpkg, "--install", *self.packages.values())
        self.use(root)
        run(*dpkg, "--purge", *NAMES)
        left = {name for name in files_below(root) - before if not name.startswith("var/lib/dpkg/")}
        self.assertEqual(left, set())

    def use(self, root):
        """What was installed runs a program, and a program is built with it, with shared libraries and with static ones."""
        environment = {**os.environ, "LD_LIBRARY_PATH": str(root / "usr/lib"), "VOLT_CACHE": "off",
                       "PKG_CONFIG_PATH": str(root / "usr/lib/pkgconfig")}
        program = ROOT / "tests" / "programs" / "sum.vot"
        for options in ([], ["--tier=llvm", "--sync"]):
            self.assertEqual(run(root / "usr/bin/volt", "run", program, *options, env=environment), "55\n")
        embed, module = ROOT / "tests" / "embed" / "embed.c", ROOT / "tests" / "embed" / "greet.vot"
        flags = run("pkg-config", "--cflags", "--libs", "volt", env=environment).split()
        run("cc", embed, "-o", self.folder / "shared", *flags)
        self.assertEqual(run(self.folder / "shared", module, env=environment), "Hello, Vo!\n")
        flags = run("pkg-config", "--static", "--cflags", "--libs", "volt", env=environment).split()
        flags = [flag for flag in flags if not flag.startswith("-lvolt")]
        run("cc", embed, "-o", self.folder / "static", *STATIC, *flags)
        self.assertNotIn("libvolt", run("readelf", "--dynamic", self.folder / "static"))
        self.assertEqual(run(self.folder / "static", module), "Hello, Vo!\n")
        self.assertTrue((root / "usr/share/man/man1/volt.1.gz").is_file())


class Sources(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        run("cpack", "--config", BUILD / "CPackSourceConfig.cmake", "-B", cls.folder)
        (archive,) = cls.folder.glob("volt-*.tar.xz")
        with tarfile.open(archive) as content:
            cls.packed = {member.name.split("/", 1)[1] for member in content if not member.isdir()}
        shutil.unpack_archive(archive, cls.folder)
        cls.sources = cls.folder / archive.name.removesuffix(".tar.xz")

    @unittest.skipUnless(shutil.which("git") and (ROOT / ".git").exists(), "no git repository to compare with")
    def test_the_archive_has_what_the_repository_has(self):
        known = set(run("git", "ls-files", cwd=ROOT).splitlines())
        self.assertEqual(known - self.packed, {name for name in known if not (ROOT / name).exists()})
        others = run("git", "ls-files", "--others", "--exclude-standard", cwd=ROOT).splitlines()
        self.assertEqual(self.packed - known, set(others))

    def test_the_archive_builds(self):
        """Away from the repository, and the runtime alone, not optimised: that takes seconds."""
        build = self.folder / "build"
        run("cmake", "-S", self.sources, "-B", build, "-G", "Ninja", "-DVOLT_LLVM=OFF", "-DCMAKE_C_FLAGS=-O0")
        run("cmake", "--build", build, "--parallel", "2", "--target", "volt")
        self.assertEqual(run(build / "volt", "run", self.sources / "tests" / "programs" / "sum.vot"), "55\n")


if __name__ == "__main__":
    unittest.main()
