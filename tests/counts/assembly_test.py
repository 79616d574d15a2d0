"""Counts of assembly that is written here, worked out by hand: each line says what it adds."""

import unittest

from counting import COUNTS, CountTest

ADD = {
    "x86_64": """
volt_f0_add_entry:
    movq (%rsi), %rax       # load
    addq 8(%rsi), %rax      # load
    movq %rax, (%rdx)       # store
    xorl %eax, %eax
    retq                    # load of the return address, taken
""",
    "aarch64": """
volt_f0_add_entry:
    ldp x8, x9, [x1]        // one load of two registers
    add x8, x8, x9
    str x8, [x2]            // store
    mov w0, wzr
    ret                     // taken
""",
}

# The sum of 1 to n, stored by a function in another section.
SUM = {
    "x86_64": """
volt_f12_sum_entry:
    movq (%rsi), %rcx       # load
    xorl %eax, %eax
1:  addq %rcx, %rax         # n times
    decq %rcx               # n times
    jne 1b                  # n times, taken n - 1 times
    callq keep              # call, store of the return address, taken
    xorl %eax, %eax
    retq                    # load, taken
.section .text.other, "ax"
keep:
    movq %rax, (%rdx)       # store
    retq                    # load, taken
""",
    "aarch64": """
volt_f12_sum_entry:
    str x30, [sp, #-16]!    // store
    ldr x9, [x1]            // load
    mov x8, xzr
1:  add x8, x8, x9          // n times
    subs x9, x9, #1         // n times
    b.ne 1b                 // n times, taken n - 1 times
    bl keep                 // call, taken
    ldr x30, [sp], #16      // load
    mov w0, wzr
    ret                     // taken
.section .text.other, "ax"
keep:
    str x8, [x2]            // store
    ret                     // taken
""",
}

# Calls through a register, an instruction that reads and writes, 16 bytes at once, a branch to the next instruction.
MIXED = {
    "x86_64": """
volt_f0_mixed_entry:
    leaq next(%rip), %rax
    callq *%rax             # call, store, taken
    addq $1, (%rdx)         # load, store
    movups (%rsi), %xmm0    # load
    movups %xmm0, 16(%rdx)  # store
    jmp 1f                  # its target is the next instruction: not taken
1:  xorl %eax, %eax
    retq                    # load, taken
.section .text.other, "ax"
next:
    movq (%rsi), %r8        # load
    movq %r8, (%rdx)        # store
    retq                    # load, taken
""",
    "aarch64": """
volt_f0_mixed_entry:
    mov x19, x30
    adrp x8, next
    add x8, x8, :lo12:next
    blr x8                  // call, taken
    ldr x9, [x2]            // load
    add x9, x9, #1
    str x9, [x2]            // store
    ldp q0, q1, [x1]        // one load
    stp q0, q1, [x2, #16]   // one store
    b 1f                    // its target is the next instruction: not taken
1:  mov w0, wzr
    ret x19                 // taken
.section .text.other, "ax"
next:
    ldr x9, [x1]            // load
    str x9, [x2]            // store
    ret                     // taken
""",
}

FILL = """
volt_f0_fill_entry:
    movq (%rsi), %rcx       # load
    movq %rdx, %rdi
    movl $7, %eax
    rep stosq               # one instruction and one store, however often it repeats
    xorl %eax, %eax
    retq                    # load, taken
"""


class Assembly(CountTest):
    def check(self, target, text, function, arguments, result, *counts):
        counted = self.count(self.assemble(target, text), function, *arguments)
        expected = {"function": function, "target": target, **dict(zip(COUNTS, counts)), "result": result}
        self.assertEqual(counted, expected)

    def test_add(self):
        self.check("x86_64", ADD["x86_64"], "add", (-40, 82), 42, 5, 3, 1, 1, 0)
        self.check("aarch64", ADD["aarch64"], "add", (-40, 82), 42, 5, 1, 1, 1, 0)

    def test_loop_and_call(self):
        for n in (1, 2, 1000):
            total = n * (n + 1) // 2
            self.check("x86_64", SUM["x86_64"], "sum", (n,), total, 3 * n + 7, 3, 2, n + 2, 1)
            self.check("aarch64", SUM["aarch64"], "sum", (n,), total, 3 * n + 9, 2, 2, n + 2, 1)

    def test_mixed(self):
        self.check("x86_64", MIXED["x86_64"], "mixed", (5,), 6, 11, 5, 4, 3, 1)
        self.check("aarch64", MIXED["aarch64"], "mixed", (5,), 6, 15, 3, 3, 3, 1)

    def test_repeated_instruction(self):
        self.check("x86_64", FILL, "fill", (10,), 7, 6, 2, 1, 1, 0)
        self.check("x86_64", FILL, "fill", (1,), 7, 6, 2, 1, 1, 0)
        self.check("x86_64", FILL, "fill", (0,), 0, 6, 2, 0, 1, 0)

    def test_extreme_integers(self):
        for target, text in ADD.items():
            path = self.assemble(target, text)
            self.assertEqual(self.count(path, "add", -2**63, 2**63 - 1)["result"], -1)
            self.assertEqual(self.count(path, "add", 2**63 - 1, 1)["result"], -2**63)


if __name__ == "__main__":
    unittest.main()
