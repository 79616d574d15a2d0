"""On an x86-64 machine, Valgrind counts the same instructions, loads and stores."""

import os
import platform
import re
import shutil
import unittest

from counting import ROOT, CountTest, about_code, output_of, presets

SMALL, LARGE = 10, 18

DRIVER = """
#include <stdio.h>
#include <stdlib.h>
#include "volt/tier.h"

volt_status volt_f1_fib_entry(void *context, const volt_slot *arguments, volt_slot *results);

#define HELPER(name, ...) void volt_helper_##name(void); void volt_helper_##name(void) { abort(); }
VOLT_HELPERS(HELPER)

__attribute__((noinline)) void counted(volt_context *context, const volt_slot *arguments, volt_slot *results);
void counted(volt_context *context, const volt_slot *arguments, volt_slot *results) {
	if (volt_f1_fib_entry(context, arguments, results) != VOLT_STATUS_OK)
		abort();
}

static volt_slot stack[1 << 16];

int main(int count, char **words) {
	volt_context context = {.stack = stack, .stack_capacity = 1 << 16};
	volt_slot argument = (volt_slot)atoi(words[count - 1]), result = 0;
	counted(&context, &argument, &result);
	printf("%lld\\n", (long long)result);
	return 0;
}
"""


@unittest.skipUnless(platform.machine() == "x86_64" and shutil.which("valgrind"), "needs x86-64 and Valgrind")
@about_code
class Callgrind(CountTest):
    def link(self, preset):
        source, program = self.folder / "driver.c", self.folder / preset
        source.write_text(DRIVER)
        output_of([os.environ.get("CC", "cc"), "-O1", "-I", ROOT / "runtime" / "include", source,
                   self.compile("x86_64", preset), "-z", "noexecstack", "-o", program])
        return program

    def observe(self, program, n):
        """Instructions, loads and stores of `counted`, which adds the same to every call."""
        file = self.folder / "callgrind"
        output_of(["valgrind", "--tool=callgrind", "--cache-sim=yes", "--toggle-collect=counted",
                   f"--callgrind-out-file={file}", program, n])
        text = file.read_text()
        self.assertRegex(text, r"(?m)^events: Ir Dr Dw ")
        return [int(word) for word in re.search(r"(?m)^summary: (.*)$", text)[1].split()[:3]]

    def test_differences_are_equal(self):
        for preset in presets():
            with self.subTest(preset):
                program = self.link(preset)
                path = self.folder / f"{preset}-x86_64.o"
                observed = [large - small for small, large in
                            zip(self.observe(program, SMALL), self.observe(program, LARGE))]
                small, large = self.count(path, "fib", SMALL), self.count(path, "fib", LARGE)
                self.assertEqual([large[name] - small[name] for name in ("instructions", "loads", "stores")], observed)


if __name__ == "__main__":
    unittest.main()
