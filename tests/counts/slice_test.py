"""Slices as arguments, laid out as compiled code reads them, and words that describe none."""

import unittest

from counting import FAILED, TARGETS, USAGE, CountTest, run, BUILD

# Length, first element's address minus the array's, and the last byte of the first slice in it, added up.
READING = {
    "x86_64": "movq (%rsi), %r8\nmovq 16(%r8), %rax\naddq 24(%r8), %rax\nmovq 8(%r8), %rcx\nsubq (%r8), %rcx\n"
              "addq %rcx, %rax\nmovq (%r8), %rcx\nmovl 12(%rcx), %ecx\naddq %rcx, %rax\nmovq %rax, (%rdx)\n"
              "xorl %eax, %eax\nretq",
    "aarch64": "ldr x8, [x1]\nldr x0, [x8, #16]\nldr x9, [x8, #24]\nadd x0, x0, x9\nldp x9, x10, [x8]\n"
               "sub x10, x10, x9\nadd x0, x0, x10\nldr w9, [x9, #12]\nadd x0, x0, x9\nstr x0, [x2]\nmov w0, wzr\nret",
}
LENGTH_OF_SECOND_ROW = {
    "x86_64": "movq (%rsi), %r8\nmovq 8(%r8), %r8\nmovq 8(%r8), %r8\nmovq 16(%r8), %rax\nmovq %rax, (%rdx)\n"
              "xorl %eax, %eax\nretq",
    "aarch64": "ldr x8, [x1]\nldr x8, [x8, #8]\nldr x8, [x8, #8]\nldr x0, [x8, #16]\nstr x0, [x2]\nmov w0, wzr\nret",
}


class Slices(CountTest):
    def assembled(self, target, texts):
        return self.assemble(target, f"volt_f0_f_entry:\n{texts[target]}\n")

    def test_header_and_array(self):
        """Length and capacity, 16 bytes of the array's header in front of the elements, and bytes of an element."""
        for target in TARGETS:
            self.assertEqual(self.count(self.assembled(target, READING), "f", "slice:7:4")["result"], 7 + 7 + 16 + 4)

    def test_slices_of_slices(self):
        for target in TARGETS:
            path = self.assembled(target, LENGTH_OF_SECOND_ROW)
            self.assertEqual(self.count(path, "f", "slice:3:slice:5:8")["result"], 5)

    def test_words_that_are_no_slices(self):
        path = self.assembled("x86_64", READING)
        for word, reason in [("slice:", "is not slice:COUNT:BYTES"), ("slice:3", "is not slice:COUNT:BYTES"),
                             ("slice::8", "is not slice:COUNT:BYTES"), ("slice:3:x", "'x' is not an integer"),
                             ("slice:3:0", "elements have 1 to 4096 bytes"), ("slice:-1:8", "is not slice:COUNT:BYTES"),
                             ("slice:3:slice:2", "is not slice:COUNT:BYTES"),
                             ("slice:60000000:8", "larger than 67108864 bytes together"),
                             ("slice:60000:slice:60000:1", "larger than 67108864 bytes together")]:
            process = run([BUILD / "volt-count", f"--object={path}", "--function=f", "--", word])
            self.assertIn(process.returncode, (USAGE, FAILED), word)
            self.assertIn(reason, process.stderr, word)


if __name__ == "__main__":
    unittest.main()
