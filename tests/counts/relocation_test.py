"""Each kind of relocation: code that reaches the same place in several ways, and kinds that are refused by name."""

import unittest

from counting import CountTest

# Result: the value, plus the differences of its addresses, which are all 0.
X86_64 = """
volt_f0_reach_entry:
    leaq value(%rip), %r8           # R_X86_64_PC32
    movq (%r8), %rax
    movl $value, %ecx               # R_X86_64_32
    subq %r8, %rcx
    addq %rcx, %rax
    movq $value, %rcx               # R_X86_64_32S
    subq %r8, %rcx
    addq %rcx, %rax
    movabsq $value, %rcx            # R_X86_64_64
    subq %r8, %rcx
    addq %rcx, %rax
    movq pointer(%rip), %rcx
    subq %r8, %rcx
    addq %rcx, %rax
    leaq near(%rip), %r9
    movslq (%r9), %rcx
    addq %r9, %rcx
    subq %r8, %rcx
    addq %rcx, %rax
    leaq far(%rip), %r9
    addq (%r9), %r9
    subq %r8, %r9
    addq %r9, %rax
    movq value@GOTPCREL(%rip), %rcx # R_X86_64_REX_GOTPCRELX
    subq %r8, %rcx
    addq %rcx, %rax
    movl value@GOTPCREL(%rip), %ecx # R_X86_64_GOTPCRELX
    subq %r8, %rcx
    addq %rcx, %rax
    pushq value@GOTPCREL(%rip)      # R_X86_64_GOTPCREL or GOTPCRELX, as the assembler likes
    popq %rcx
    subq %r8, %rcx
    addq %rcx, %rax
    callq keep                      # R_X86_64_PLT32
    xorl %eax, %eax
    retq
.section .text.other, "ax"
keep:
    movq %rax, (%rdx)
    retq
.data
    .zero 24
value: .quad 4242
.section .rodata, "a"
pointer: .quad value                # R_X86_64_64
near: .long value - .               # R_X86_64_PC32
    .zero 4
far: .quad value - .                # R_X86_64_PC64
"""

AARCH64 = """
.macro differs register
    sub \\register, \\register, x8
    add x0, x0, \\register
.endm
volt_f0_reach_entry:
    mov x20, x30
    adrp x8, value                  // R_AARCH64_ADR_PREL_PG_HI21
    add x8, x8, :lo12:value         // R_AARCH64_ADD_ABS_LO12_NC
    adrp x9, value
    ldr x0, [x9, :lo12:value]       // R_AARCH64_LDST64_ABS_LO12_NC
    ldrb w10, [x9, :lo12:value+1]   // R_AARCH64_LDST8_ABS_LO12_NC: 0x10
    add x0, x0, x10
    ldrh w10, [x9, :lo12:value+2]   // R_AARCH64_LDST16_ABS_LO12_NC: 3
    add x0, x0, x10
    ldr w10, [x9, :lo12:value+4]    // R_AARCH64_LDST32_ABS_LO12_NC: 0
    add x0, x0, x10
    ldr q0, [x9, :lo12:value+8]     // R_AARCH64_LDST128_ABS_LO12_NC: 1000
    umov x10, v0.d[0]
    add x0, x0, x10
    movz x10, :abs_g3:value         // R_AARCH64_MOVW_UABS_G3 to G0_NC
    movk x10, :abs_g2_nc:value
    movk x10, :abs_g1_nc:value
    movk x10, :abs_g0_nc:value
    differs x10
    movz x10, :abs_g2:value         // R_AARCH64_MOVW_UABS_G2
    movk x10, :abs_g1_nc:value
    movk x10, :abs_g0_nc:value
    differs x10
    movz x10, :abs_g1:value         // R_AARCH64_MOVW_UABS_G1
    movk x10, :abs_g0_nc:value
    differs x10
    adr x10, value                  // R_AARCH64_ADR_PREL_LO21
    differs x10
    ldr x10, pointer                // R_AARCH64_LD_PREL_LO19
    differs x10
    adr x11, near
    ldrsw x10, [x11]
    add x10, x10, x11
    differs x10
    ldr w10, narrow
    differs x10
    adr x11, far
    ldr x10, [x11]
    add x10, x10, x11
    differs x10
    adrp x10, :got:value            // R_AARCH64_ADR_GOT_PAGE
    ldr x10, [x10, :got_lo12:value] // R_AARCH64_LD64_GOT_LO12_NC
    differs x10
    bl keep                         // R_AARCH64_CALL26
    ret x20
.section .text.other, "ax"
keep:
    cmp x0, x0
    b.eq more                       // R_AARCH64_CONDBR19
    brk #1
.section .text.more, "ax"
more:
    mov x10, xzr
    tbz x10, #1, most               // R_AARCH64_TSTBR14
    brk #1
.section .text.most, "ax"
most:
    b last                          // R_AARCH64_JUMP26
.section .text.last, "ax"
last:
    str x0, [x2]
    mov w0, wzr
    ret
.data
    .balign 16
    .zero 40
value: .quad 0x31092                // bytes 0x92, 0x10, 0x03
    .quad 1000, 0
.section .rodata, "a"
pointer: .quad value                // R_AARCH64_ABS64
near: .word value - .               // R_AARCH64_PREL32
narrow: .word value                 // R_AARCH64_ABS32
far: .quad value - .                // R_AARCH64_PREL64
"""

ENTRY = "volt_f0_f_entry:\n"


class Relocations(CountTest):
    def test_supported_kinds_of_x86_64(self):
        self.assertEqual(self.count(self.assemble("x86_64", X86_64), "reach")["result"], 4242)

    def test_supported_kinds_of_aarch64(self):
        expected = 0x31092 + 0x10 + 3 + 0 + 1000
        self.assertEqual(self.count(self.assemble("aarch64", AARCH64), "reach")["result"], expected)

    def test_unsupported_kinds_are_named(self):
        for target, line, name in [
            ("x86_64", "movl other@GOT, %eax", "R_X86_64_GOT32"),
            ("x86_64", "movq %fs:other@TPOFF, %rax", "R_X86_64_TPOFF32"),
            ("aarch64", "add x8, x8, :tprel_hi12:other", "R_AARCH64_TLSLE_ADD_TPREL_HI12"),
        ]:
            with self.subTest(name):
                self.check_fails(rf"section \d+\+0x\w+: relocation {name} is not supported",
                                 self.assemble(target, ENTRY + line), "f")

    def test_unknown_kinds_have_a_number(self):
        path = self.assemble("x86_64", ENTRY + ".reloc 0, R_X86_64_COPY, other\n.quad 0")
        self.check_fails("relocation of the unknown kind 5", path, "f")

    def test_values_out_of_range(self):
        path = self.assemble("x86_64", ENTRY + "movl $other + 0x7fffffff00, %eax")
        self.check_fails("R_X86_64_32: 0x\\w+ is out of range", path, "f")
        path = self.assemble("aarch64", ENTRY + ".reloc 0, R_AARCH64_CALL26, other + 0x10000000\n.word 0")
        self.check_fails("R_AARCH64_CALL26: 0x\\w+ is out of range", path, "f")
        path = self.assemble("aarch64", ENTRY + "movz x0, :abs_g0:other")
        self.check_fails("R_AARCH64_MOVW_UABS_G0: 0x\\w+ is out of range", path, "f")


if __name__ == "__main__":
    unittest.main()
