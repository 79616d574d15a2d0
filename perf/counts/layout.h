/* Where things are in the emulated machine: below 2 GiB, so that every kind of relocation reaches them. */
#ifndef COUNTS_LAYOUT_H
#define COUNTS_LAYOUT_H

enum {
	PAGE_SIZE = 4096,

	IMAGE_BASE = 0x10000000, /* the object's sections, in their order */
	IMAGE_SIZE_MAXIMUM = 0x02000000,

	/* Addresses that mean "outside of compiled code": where the entry returns to, then undefined symbols. */
	OUTSIDE_BASE = 0x12000000,
	OUTSIDE_SIZE = 0x00100000,
	OUTSIDE_STEP = 16,

	CALL_BASE = 0x20000000, /* context, arguments, results */
	GLOBALS_BASE = 0x21000000,
	GLOBALS_SIZE = 0x00100000,
	FIBER_STACK_BASE = 0x30000000,
	FIBER_STACK_SIZE = 0x04000000,
	NATIVE_STACK_BASE = 0x40000000,
	NATIVE_STACK_SIZE = 0x04000000,
	DATA_BASE = 0x50000000, /* objects that arguments refer to */
	DATA_SIZE = 0x04000000,
	INNER_TABLE_BASE = 0x60000000, /* addresses of inner forms, by function index */
	INNER_TABLE_SIZE = 0x00100000,
	OFFSET_TABLE_BASE = 0x61000000, /* the global offset table: addresses of symbols, by their index */
	OFFSET_TABLE_SIZE = 0x00100000,
	NATIVE_STACK_MARGIN = 0x00010000,
};

#endif
