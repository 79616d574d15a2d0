/*
 * Between a virtual machine (the host) and a tier that compiles its bytecode.
 *
 * The host describes itself as data: where the fields of its context and of its objects are, and which helper
 * functions compiled code may call. The tier answers with entry points. Neither includes the other's headers
 * beyond this one, and the host loads the tier's shared library at run time (symbol VOLT_TIER_SYMBOL).
 *
 * How a host is made: backend-llvm/EMBEDDING.md. Statuses, exits and frames: runtime/tier/README.md, "The
 * contract of compiled code" (installed as TIER.md): a non-zero status is an exit, and at an exit every
 * native frame becomes a frame of the host's fiber.
 */
#ifndef VOLT_TIER_H
#define VOLT_TIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "volt/bytecode.h"
#include "volt/error.h"
#include "volt/value.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

enum { VOLT_TIER_ABI_VERSION = 16 };

/* What a compiled function returns: STATUS(ENUMERATOR, number, name, meaning). Numbers leave no gap. */
#define VOLT_STATUSES(STATUS) \
	STATUS(OK, 0, "ok", "the function has returned") \
	STATUS(PANIC, 1, "panic", "a panic is pending in the fiber") \
	STATUS(CALL, 2, "call", "the host must execute the instruction at the resume pc, and go on from there") \
	STATUS(WAIT_IO, 3, "wait_io", \
	       "the fiber is parked; its native is executed again when the wait completes") \
	STATUS(WAIT_QUEUE, 4, "wait_queue", "the fiber is parked in a queue of a channel, port or select") \
	STATUS(REPLAY, 5, "replay", "a native wants a closure called before it is executed again") \
	STATUS(YIELD, 6, "yield", "the time slice is over")

typedef enum {
#define STATUS(ENUMERATOR, number, ...) VOLT_STATUS_##ENUMERATOR = (number),
	VOLT_STATUSES(STATUS)
#undef STATUS
} volt_status;

enum {
#define STATUS(ENUMERATOR, ...) VOLT_STATUS_ROW_##ENUMERATOR,
	VOLT_STATUSES(STATUS)
#undef STATUS
	    VOLT_STATUS_COUNT, /* of rows */
};

/*
 * What is left until the host looks at a function again, which counts down with its calls and its taken
 * backward jumps. The host sets it; it wraps around.
 */
typedef struct {
	uint32_t calls, loops;
} volt_heat;

/*
 * What conversions to interface types have made of type words, where the payload stays the same. The host has
 * VOLT_CONVERSIONS entries for each thread that runs compiled code and fills them in as it converts; code
 * reads them before it asks for interface_assign or interface_assert. `key` 0: a free entry.
 */
typedef struct {
	uint64_t key;
	volt_slot type; /* the result's type word */
} volt_conversion;

enum { VOLT_CONVERSIONS = 64 };

/*
 * Of the source's type word, which is neither nil's nor of a kind whose payload is cloned, and of the id of
 * the interface's meta, which the module has. `asserted`: by an IfaceAssert that has succeeded. `type` has
 * the source's type as volt_meta_make() does, whatever its type words look like; the upper half is ignored.
 */
static inline uint64_t volt_conversion_key(volt_slot type, uint32_t interface_meta, bool asserted) {
	return (uint64_t)interface_meta << 33 | (uint64_t)asserted << 32 | (uint32_t)type;
}

/* The entry that may have the key. */
static inline uint32_t volt_conversion_index(uint64_t key) {
	return (uint32_t)((key >> 8) + 5 * (key >> 32)) % VOLT_CONVERSIONS;
}

/* ---- The context: what compiled code knows of the running fiber ---- */

/*
 * VOLT_CONTEXT_FIELDS(FIELD) lists the fields that compiled code reads or writes: FIELD(name, C type).
 *
 *   stack               slots of the running fiber; moves when it grows
 *   stack_capacity      slots that `stack` has room for
 *   base                index in `stack` of the running frame's slot 0
 *   stack_pointer       first free index: base + the frame's local_slots
 *   globals             the module's global slots
 *   native_stack_limit  code that will call and finds the stack pointer below this address exits: YIELD, or
 *                       CALL in code compiled with count_steps, whose time slice goes on. A backward jump
 *                       that finds UINT64_MAX here exits too (YIELD); any thread may store that to have the
 *                       running fiber give way. Accessed by atomic loads and stores only
 *   exit_pc             at an exit: where the frame that exits continues; at a resume: where it resumes
 *   forced_exits_left   counts down at each status check in code with testing.force_exits; 0 forces one
 *   status              the status of the function that has just ended, in presets that keep it in memory;
 *                       the host sets it to OK before it enters compiled code
 *   native_stack_end    like native_stack_limit, but never raised
 *   budget              steps left in the time slice, counted down by code compiled with count_steps
 *   heat                by function, counted down by quick code compiled with count_heat
 *   conversions         what the VM's conversions between interfaces have made: volt_conversion
 *   allocator           what new objects come from: volt_free_block. Not looked at where there are none
 */
#define VOLT_CONTEXT_FIELDS(FIELD) \
	FIELD(stack, volt_slot *) \
	FIELD(stack_capacity, uint64_t) \
	FIELD(base, uint64_t) \
	FIELD(stack_pointer, uint64_t) \
	FIELD(globals, volt_slot *) \
	FIELD(native_stack_limit, uint64_t) \
	FIELD(exit_pc, uint64_t) \
	FIELD(forced_exits_left, uint64_t) \
	FIELD(status, uint64_t) \
	FIELD(native_stack_end, uint64_t) \
	FIELD(budget, int64_t) \
	FIELD(heat, volt_heat *) \
	FIELD(conversions, const volt_conversion *) \
	FIELD(allocator, void *)

typedef enum {
#define FIELD(name, type) VOLT_CONTEXT_##name,
	VOLT_CONTEXT_FIELDS(FIELD)
#undef FIELD
	    VOLT_CONTEXT_FIELD_COUNT,
} volt_context_field;

/* That of Volt's own VM. Another host may lay its fields out as it likes: the tier uses only the offsets. */
typedef struct {
#define FIELD(name, type) type name;
	VOLT_CONTEXT_FIELDS(FIELD)
#undef FIELD
} volt_context;

/* ---- The heap: what compiled code knows of objects ---- */

/*
 * VOLT_HEAP_FIELDS(FIELD) lists where compiled code finds what it reads itself: FIELD(name, in Volt's own
 * VM). Numbers up to `closure_captures` are bytes from the address in the slot, and may be negative:
 *
 *   array_length        elements, 64 bits
 *   array_elements      the first element, in the object
 *   slice_elements      the address of the first element
 *   slice_length        elements, 64 bits
 *   slice_capacity      elements that there is room for, counted from slice_elements; 64 bits
 *   string_bytes        the address of the first byte
 *   string_length       bytes, 64 bits
 *   closure_function    number of the function, 32 bits
 *   closure_captures    how many there are, 32 bits
 *
 * The others are bits, from the lowest, of the word that an interface value begins with. Nil is a word whose
 * kind is 0; the host and compiled code make it as 0.
 *
 *   interface_kind      volt_kind, 8 bits
 *   interface_type      the dynamic type's number (rttid), 24 bits
 *   interface_table     the dispatch table's number: its index in the module, or above if the host has made
 *                       it; 32 bits
 *
 * A field of 64 bits and an address lie on 8 bytes, one of 32 bits on 4; bits of a type word do not overlap.
 * All else is for bytecode to say, which reads objects word by word, and so alike in every host:
 *
 *   - A reference is the address of word 0, and nil is 0. An address of an element or of a word inside of an
 *     object is as good as one of the object. A host may keep what it likes in front of word 0.
 *   - What PtrNew makes is its words, all 0, from word 0 on. Captures of a closure are its words from 1 on.
 *   - Elements lie one behind the other, in as many bytes as the instruction says; those of 1, 2 and 4 bytes
 *     are the low ones of a slot.
 *   - An interface value is a type word and a payload, in two slots. A struct or an array in one is the
 *     reference of a copy that nothing else refers to.
 *     Code that makes type words as numbers, by LoadInt and not by IfaceAssign, means Volt's own bits.
 *   - The fields above are in no word that bytecode reads or writes as a word of an object or as an element,
 *     but for closure_function and closure_captures in word 0: code keeps what it has read of them meanwhile.
 *   - A slice is a reference to its header. slice_new, slice_slice and slice_append give a header that
 *     nothing else refers to, and compiled code may count its length up in place, to the capacity. It never
 *     changes one of a string, an array or a closure.
 */
#define VOLT_HEAP_FIELDS(FIELD) \
	FIELD(array_length, offsetof(volt_array, length)) \
	FIELD(array_elements, offsetof(volt_array, data)) \
	FIELD(slice_elements, offsetof(volt_slice, data)) \
	FIELD(slice_length, offsetof(volt_slice, length)) \
	FIELD(slice_capacity, offsetof(volt_slice, capacity)) \
	FIELD(string_bytes, offsetof(volt_slice, data)) \
	FIELD(string_length, offsetof(volt_slice, length)) \
	FIELD(closure_function, offsetof(volt_closure, function)) \
	FIELD(closure_captures, offsetof(volt_closure, capture_count)) \
	FIELD(interface_kind, 0) \
	FIELD(interface_type, 8) \
	FIELD(interface_table, 32)

typedef struct {
#define FIELD(name, own) int32_t name;
	VOLT_HEAP_FIELDS(FIELD)
#undef FIELD
} volt_heap_layout;

/* That of Volt's own VM: volt/value.h. */
static inline volt_heap_layout volt_heap_layout_of_volt(void) {
	volt_heap_layout layout;
#define FIELD(name, own) layout.name = (own);
	VOLT_HEAP_FIELDS(FIELD)
#undef FIELD
	return layout;
}

/*
 * How optimised code makes an object without the host: it takes the first block of a list of free ones, whose
 * first word is the address of the next one or 0, and then stores a header in this word; word 0 of the object
 * is the one behind it. An empty list is the host's to fill again: code calls object_new or slice_append, as
 * it does where there are no lists. A thread that is stopped at any moment has the block in the list, or in a
 * register and its first word as it was in the list, or with the header.
 */
typedef struct {
	uint32_t list;   /* bytes from context.allocator: the address of the list's first block, or 0 */
	uint32_t header; /* bytes from context.allocator: what the host wants in front of such objects */
	uint32_t words;  /* of the object; 0: the host makes them all */
	bool is_clear;   /* the words of free blocks are 0; else code sees to that */
} volt_free_block;

/* ---- Exit sites: constants that compiled code gives to capture_frame ---- */

enum { VOLT_PC_IN_CONTEXT = UINT32_MAX };

/* An instruction where a native frame may end, and what of it the host must know to make a frame of it. */
typedef struct {
	uint32_t function;
	uint32_t pc;     /* where the frame continues, or VOLT_PC_IN_CONTEXT: in `exit_pc` */
	uint8_t by_slot; /* the values are an image of the frame and what compiled code keeps behind it; else one
	                    for each entry of `slots`, in order */
	uint8_t returns; /* the frame has executed the Return at `pc`, and the next inner frame is a deferred call
	                    of it; its values are as the Return found them */
	uint8_t deferred_count;  /* calls that may be pending, in the order in which they are pushed */
	uint8_t deferred_values; /* what is known of them */
	uint32_t slot_count;     /* of the frame itself */
	/*
	 * The slots that may be read again, and those of deferred calls; behind these entries, for each deferred
	 * call: the pc of its DeferPush or ErrDeferPush, and which value is the first of its own. That is 0 if
	 * the call is not pending; the closure, if it is one, and the arguments follow. Or VOLT_DEFERRED_LIST for
	 * the pc: that value is a list of volt_deferred_call.
	 */
	uint32_t slots[];
} volt_exit_site;

enum { VOLT_DEFERRED_LIST = UINT32_MAX };

/* A deferred call in a list, the last one first, which compiled code keeps for one frame. */
typedef struct volt_deferred_call {
	volt_slot next;     /* 0: none */
	uint64_t pc;        /* of its DeferPush */
	volt_slot values[]; /* the closure, if it is one, and the arguments */
} volt_deferred_call;

/* ---- Helpers: functions of the host that compiled code calls ---- */

/*
 * A host may leave out those that its modules, preset and options do not lead to, and those that `execute`
 * can do (EMBEDDING.md has the table): NULL.
 *
 * VOLT_HELPERS(HELPER) lists them: HELPER(name, result, parameters...). Types: status, slot (64 bits), word
 * (32 bits), pointer, pair (volt_pair), none. The first parameter is always the context. A helper that
 * returns a status other than OK has set `exit_pc` from the pc it was given and, for PANIC, made the panic
 * pending in the fiber. Of those that work on the heap, "pair" gives the value first and the status second
 * where nothing else is said; they execute the instruction that is named, and their numbers are its fields
 * and the slots it reads.
 *
 *   call_native
 *       CallExtern: native, arguments, their count, results, pc.
 *   trap
 *       Makes a runtime error pending and sets exit_pc: volt_trap_kind, its two numbers, pc. Cold.
 *   grow_stack
 *       Makes room for this many slots in the fiber's stack, which may move. Cold.
 *   write_frame
 *       For frames that are too large to be written inline: sets base and stack pointer, makes room and
 *       copies the slots: base, slots, their count. Cold.
 *   push_resume_point
 *       Records that a callee's native frame becomes a frame of the fiber: its function and base, the
 *       caller's result slot and count. Its pc is `exit_pc`, which then becomes the given pc, where the
 *       caller continues. Innermost callee first. Cold.
 *   spill_frame
 *       The whole exit of a frame in one call: base, slots, their count, the pc where it continues (or
 *       VOLT_PC_IN_CONTEXT); then, for an exit after a call, as push_resume_point: callee, its base, result
 *       slot and count. Callee UINT32_MAX: there was no call. Last the status. Cold.
 *   capture_frame
 *       Notes that a native frame becomes a frame of the fiber: a volt_exit_site and the values of its slots.
 *       The host finds out bases and where results go when it lays the frames out. Innermost first. Cold.
 *   capture_skipped
 *       Notes frames of the same function that have no native frame: tail calls became jumps. A
 *       volt_exit_site without slots, and how many frames; called behind capture_frame of the frame that
 *       they lead to. Cold.
 *   raise
 *       An exit of a function that returns no status: stores the given one in the context and unwinds the
 *       native stack to the next frame that ends it (DWARF tables). Does not return. Cold.
 *   string_new
 *       StrNew: the string of a constant.
 *   execute
 *       Executes one instruction: function, pc, and an array as long as the frame in which the slots that it
 *       reads are filled in, and those that it writes are found afterwards.
 *   channel_send
 *       ChanSend: pc, channel, value, its slots.
 *   channel_receive
 *       ChanRecv: pc, channel, where the value goes, its slots, and 1 if the slot behind them is to tell
 *       whether the channel was open, else 0.
 *   channel_new
 *       ChanNew: pc, metadata of the elements, capacity, slots of an element.
 *   channel_close
 *       ChanClose: pc, channel. YIELD: it is done, and others are to go on first.
 *   select
 *       A select whose instructions, from its SelectBegin to its SelectExec, follow each other, with at most
 *       VOLT_READY_SELECT_CASES cases: function, pc of the SelectBegin, and an image of the frame as for
 *       `execute`, where the slots of all cases stand, and the one that the SelectExec writes. CALL: no case
 *       is ready, there is no default, and nothing has changed; the host executes the select from its
 *       SelectBegin on. A host may always say so.
 *   channel_length, channel_capacity
 *       ChanLen, ChanCap: channel.
 *   go, go_closure
 *       GoStart: pc, function or closure, the arguments, their number.
 *   call_closure
 *       CallClosure: function and pc of the instruction, closure, an array with the arguments that receives
 *       the results, base of the callee's frame (0 where exits capture frames), the site's cache or NULL.
 *       CALL: the host must make the call itself; it then counts it, and the step that code with
 *       count_steps has counted is given back.
 *   call_method
 *       CallIface: the same with the interface's two slots for the closure.
 *   interface_assign
 *       IfaceAssign: source kind, source slots (two), constant word, result slots (two).
 *   hot
 *       A counter of context.heat has come to 0: the function, and 0 for its calls or 1 for its loops. Cold.
 *   unexpected_call
 *       Optimised code makes a call that its profile gave no reason to expect, and that is slower for it: the
 *       function and pc of the instruction, the callee that was built in there, plus 1, or 0, and the one
 *       that is called. For counting only: nothing depends on it. Cold.
 *   interface_assert
 *       IfaceAssert: pc, source slots, target, flags, result slots (as many as the flags say).
 *   interface_equal
 *       IfaceEq: pc, the two slots of either side.
 *   string_concatenate, string_equal, string_compare
 *       StrConcat, StrEq, and the order of two strings: negative, 0 or positive.
 *   string_slice, string_part
 *       StrSlice: pc, string, its bounds. Where these are known to hold: string, its bounds.
 *   string_part_equal
 *       StrEq of what string_part would make: string, its bounds, the other string.
 *   string_decode_rune
 *       StrDecodeRune: string, position. The rune and its width.
 *   object_new
 *       PtrNew: metadata, slots, and b, which is 0 where the metadata must not be trusted.
 *   closure_new
 *       ClosureNew: function, number of captures.
 *   array_new, slice_new
 *       ArrayNew, SliceNew: pc, metadata, length, of a slice its capacity, bytes of an element.
 *   slice_slice
 *       SliceSlice: pc, slice or array, its bounds, the maximum if the flags tell of one, flags.
 *   slice_append
 *       SliceAppend: pc, slice, metadata, flags, bytes of the element, the element's slots.
 *   map_new
 *       MapNew: the two slots of metadata, c.
 *   map_get
 *       MapGet: function, pc, map, the key's slots, descriptor. The value is the address of the value's slots
 *       in the map, which holds until something else happens, or 0.
 *   map_place
 *       MapGet of a key of one slot: map, key, slots of the value. The pair is the address of the value's
 *       slots or 0, and the same again if all that MapSet of this key would do is to store them there, else
 *       0; a host may always say 0. Both hold until a map changes. VOLT_MAP_WIDTHS_DIFFER for the second,
 *       which no address is: the map has other widths, and map_get, which is called then, says so.
 *   map_place_of_part
 *       The same for the key that string_part would make: string, its bounds, map, slots of the value.
 *   map_set
 *       MapSet: function, pc, map, the key's slots, descriptor, the value's slots.
 *   map_delete
 *       MapDelete: function, pc, map, the key's slots, their number.
 *   map_length
 *       MapLen: map.
 *   map_iterator_start
 *       MapIterInit: where the iterator's slots go, map.
 *   map_iterator_next
 *       MapIterNext: function, pc, the iterator's slots, where the entry goes, flags. The value tells
 *       whether there is an entry.
 *   defer
 *       DeferPush in a function that keeps a list: pc, the list, the new call's values, their number. The new
 *       list.
 *   recover
 *       Recover in a frame that the fiber holds: result slots (two). In any other frame it gives nil: the
 *       host runs the frames of deferred calls in the resume form where that matters.
 */
#define VOLT_HELPERS(HELPER) \
	HELPER(call_native, status, pointer, word, pointer, word, pointer, word) \
	HELPER(trap, none, pointer, word, slot, slot, word) \
	HELPER(grow_stack, none, pointer, slot) \
	HELPER(write_frame, none, pointer, slot, pointer, word) \
	HELPER(push_resume_point, none, pointer, word, slot, word, word, word) \
	HELPER(spill_frame, none, pointer, slot, pointer, word, word, word, slot, word, word, word) \
	HELPER(capture_frame, none, pointer, pointer, pointer) \
	HELPER(capture_skipped, none, pointer, pointer, slot) \
	HELPER(raise, none, pointer, word) \
	HELPER(string_new, slot, pointer, word) \
	HELPER(execute, status, pointer, word, word, pointer) \
	HELPER(channel_send, status, pointer, word, slot, pointer, word) \
	HELPER(channel_receive, status, pointer, word, slot, pointer, word, word) \
	HELPER(channel_new, pair, pointer, word, slot, slot, word) \
	HELPER(channel_close, status, pointer, word, slot) \
	HELPER(select, status, pointer, word, word, pointer) \
	HELPER(channel_length, slot, pointer, slot) \
	HELPER(channel_capacity, slot, pointer, slot) \
	HELPER(go, status, pointer, word, word, pointer, word) \
	HELPER(go_closure, status, pointer, word, slot, pointer, word) \
	HELPER(call_closure, status, pointer, word, word, slot, pointer, slot, pointer) \
	HELPER(call_method, status, pointer, word, word, slot, slot, pointer, slot, pointer) \
	HELPER(interface_assign, none, pointer, word, pointer, slot, pointer) \
	HELPER(hot, none, pointer, word, word) \
	HELPER(unexpected_call, none, pointer, word, word, word, word) \
	HELPER(interface_assert, status, pointer, word, slot, slot, word, word, pointer) \
	HELPER(interface_equal, pair, pointer, word, slot, slot, slot, slot) \
	HELPER(string_concatenate, slot, pointer, slot, slot) \
	HELPER(string_equal, slot, pointer, slot, slot) \
	HELPER(string_compare, slot, pointer, slot, slot) \
	HELPER(string_slice, pair, pointer, word, slot, slot, slot) \
	HELPER(string_part, slot, pointer, slot, slot, slot) \
	HELPER(string_part_equal, slot, pointer, slot, slot, slot, slot) \
	HELPER(string_decode_rune, pair, pointer, slot, slot) \
	HELPER(object_new, slot, pointer, slot, word, word) \
	HELPER(closure_new, slot, pointer, word, word) \
	HELPER(array_new, pair, pointer, word, slot, slot, slot) \
	HELPER(slice_new, pair, pointer, word, slot, slot, slot, slot) \
	HELPER(slice_slice, pair, pointer, word, slot, slot, slot, slot, word) \
	HELPER(slice_append, pair, pointer, word, slot, slot, word, slot, pointer) \
	HELPER(map_new, slot, pointer, slot, slot, word) \
	HELPER(map_get, pair, pointer, word, word, slot, pointer, slot) \
	HELPER(map_place, pair, pointer, slot, slot, word) \
	HELPER(map_place_of_part, pair, pointer, slot, slot, slot, slot, word) \
	HELPER(map_set, status, pointer, word, word, slot, pointer, slot, pointer) \
	HELPER(map_delete, status, pointer, word, word, slot, pointer, slot) \
	HELPER(map_length, slot, pointer, slot) \
	HELPER(map_iterator_start, none, pointer, pointer, slot) \
	HELPER(map_iterator_next, pair, pointer, word, word, pointer, pointer, word) \
	HELPER(defer, slot, pointer, word, slot, pointer, word) \
	HELPER(recover, none, pointer, pointer)

/*
 * What a helper of type `pair` returns: in two registers, which is what the calling conventions of both
 * machines do with such a structure.
 */
typedef struct {
	volt_slot first, second;
} volt_pair;

enum { VOLT_MAP_WIDTHS_DIFFER = 1 };

/* Of a select that is one call of a helper. */
enum { VOLT_READY_SELECT_CASES = 16 };

/*
 * The cache of a call site of CallClosure or CallIface: words that the host stores and compiled code reads,
 * both as a whole, or 0. The low half is a key, the number of the closure's function or of the interface's
 * dispatch table plus 1; it selects the word by its low bits. The high half is the function that is called.
 * The host stores it only if the key says all about the call: the callee is compiled, its slot 0 is the
 * closure or the interface's payload, the arguments are all its other parameters, and it gives as many result
 * slots as the site takes.
 */
enum { VOLT_CALL_CACHE_WORDS = 4 };

typedef enum {
#define HELPER(name, ...) VOLT_HELPER_##name,
	VOLT_HELPERS(HELPER)
#undef HELPER
	    VOLT_HELPER_COUNT,
} volt_helper;

/*
 * A native as a function: it takes the context and the slots of its arguments, and gives the slot of its one
 * result. It may allocate as helpers do, but neither panics nor waits nor calls closures.
 */
typedef struct {
	void (*function)(void); /* cast from volt_slot (*)(void *context, volt_slot...); NULL: there is none */
	uint32_t arguments;     /* slots */
} volt_direct_native;

typedef struct {
	size_t context_offsets[VOLT_CONTEXT_FIELD_COUNT]; /* bytes */
	volt_heap_layout heap;
	void (*helpers[VOLT_HELPER_COUNT])(void); /* cast from the helper's own type; NULL: left out */
	void *user;
	/*
	 * Is this import of the module bound to what NATIVES.md, "Mathematics" says of its name ("math_Sqrt")?
	 * Then the tier may do the same without calling it; else, and for all imports if this is NULL, it calls
	 * what the host has. The answer is always the same; asked on any thread that compiles, by several at a
	 * time.
	 */
	bool (*native_is_standard)(void *user, uint32_t native);
	/*
	 * What code may call in the place of call_native for this import, where it passes so many slots and takes
	 * one. NULL: nothing. The answer is always the same; asked on any thread that compiles, by several at a
	 * time.
	 */
	volt_direct_native (*direct_native)(void *user, uint32_t native);
	/*
	 * By struct meta: what PtrNew of as many words takes, if its b is not 0. Behind them, for a slice's
	 * header, whose words but for the fields of `heap` are then those of the header that it was made from.
	 * NULL: the host makes all objects.
	 */
	const volt_free_block *free_blocks;
} volt_tier_host;

/* ---- Entry points ---- */

/*
 * What the host calls: `arguments` are the frame's parameter slots, `results` has room for the function's
 * result slots (at least one). `context->base` and `stack_pointer` are the frame's, and `stack` has room for
 * it.
 */
typedef volt_status (*volt_compiled_function)(void *context, const volt_slot *arguments, volt_slot *results);

/* ---- The tier ---- */

typedef enum {
	VOLT_EMIT_IR,       /* LLVM IR, as it goes into code generation */
	VOLT_EMIT_ASSEMBLY, /* with comments that name the bytecode instructions that code comes from */
	VOLT_EMIT_OBJECT,
	VOLT_EMIT_METRICS, /* JSON: an array of objects, one for each function */
	/*
	 * JSON: an object; its array "forms" has one for each LLVM function: "symbol", "function" (the index of
	 * the bytecode function that it is a form of, or null), and "ir" and "assembly", arrays of blocks. A
	 * block has "label", "cold" (only exits run it) and "lines", arrays of a text and, where it comes from
	 * an instruction of the bytecode, that one's function and pc; in assembly also "depth" (of loops),
	 * "instructions", "spills", "reloads" and "saved" (registers that it saves for the caller).
	 */
	VOLT_EMIT_LISTING,
} volt_emit_kind;

/* How much work goes into a function. */
typedef enum {
	VOLT_LEVEL_NONE,      /* none: not compiled, or not chosen; no request has it */
	VOLT_LEVEL_QUICK,     /* few passes */
	VOLT_LEVEL_OPTIMISED, /* inlining and loop passes */
} volt_level;

/* What only tests want. */
typedef struct {
	bool force_exits; /* every status check counts down `forced_exits_left` and exits when it reaches 0 */
} volt_tier_testing;

/* All zero: the defaults. */
typedef struct {
	const char *preset; /* NULL: the tier's default */
	const char *hints;  /* NULL: the preset's */
	const char *target; /* "x86_64", "aarch64"; NULL: the machine that this runs on */
	/*
	 * The target's processor. "native": the one that this runs on, or the baseline where it is not known;
	 * "baseline": a fixed one that is always there, so that code is the same on every machine; or a name of
	 * the tier's, which the error for an unknown one lists. NULL: "baseline". Results are the same bits with
	 * each.
	 */
	const char *cpu;
	/*
	 * Calls and backward jumps count down `budget` as the interpreter does, and exit (YIELD) below 0:
	 * time slices then end where the interpreter's do. Without it compiled code runs until it is asked.
	 */
	bool count_steps; /* false */
	/*
	 * Absolute path of a folder where code is kept, for later processes that ask for the same: NULL: nowhere.
	 * It is made if there is none. One that others than this user may write to, or that cannot be used, is no
	 * error: `cache_failure` of what is compiled tells. Any number of tiers and processes may share it. 0
	 * bytes: 64 MiB; what was not used for the longest time goes.
	 */
	const char *cache_folder;
	uint64_t cache_bytes;
	/* What emit() shows: functions as compile() makes them at this level; NONE: as compile_module() does. */
	volt_level emit_level;
	/*
	 * Code of the quick level counts calls and backward jumps in context.heat, as the interpreter does, and
	 * tells the host (helper `hot`): what is called and what loops is counted exactly, whoever runs it.
	 */
	bool count_heat; /* false */
	/*
	 * Names and lines of the source for those who look at the process from outside, from the module's debug
	 * section. `debugger`: gdb and lldb are told of all code. `perf_folder`: jit-PID.dump is written there,
	 * and /tmp/perf-PID.map, one of each for the process; NULL: none. Code is the same without, but takes
	 * longer to make.
	 */
	bool debugger; /* false */
	const char *perf_folder;
	volt_tier_testing testing; /* all zero: nothing of it */
} volt_tier_options;

/* What a function is compiled for. */
typedef enum {
	VOLT_FORM_CALL,   /* to be called: `arguments` are its parameters' slots */
	VOLT_FORM_RESUME, /* to continue a frame of the fiber, at one of its resume points, from context.exit_pc;
	                     `arguments` are not looked at. The host has set context.base and stack_pointer */
	VOLT_FORM_COUNT,
} volt_form;

/*
 * How often an instruction was seen, in some of the program's time: JumpIf, JumpIfNot and ForLoop are taken
 * or not, Call, CallClosure and CallIface count as taken when they are executed. Numbers stop at UINT32_MAX.
 * `callee` is of CallClosure and CallIface: the number of the function that they have called, plus 1, or one
 * of the numbers below. `other_callee`: beside the only one that was seen, another that is to be expected
 * there; 0: none.
 */
typedef struct {
	uint32_t taken, not_taken;
	uint32_t callee, other_callee;
} volt_branch_profile;

enum { VOLT_NO_CALLEE = 0 };
#define VOLT_SEVERAL_CALLEES UINT32_MAX

/*
 * `profile` has an element for each instruction of the function, by pc; NULL: nothing is known. It is the
 * host's, does not change while the request is being worked on, and is not looked at afterwards. A tier may
 * ignore it: it says what is likely and never what is possible.
 */
typedef struct {
	uint32_t function;
	volt_form form;
	volt_level level;
	const volt_branch_profile *profile;
} volt_compile_request;

/* What the cache had to do with compiled code. */
typedef enum {
	VOLT_CACHE_UNUSED, /* there is none */
	VOLT_CACHE_HIT,    /* it was kept, or linked before, and nothing was generated */
	VOLT_CACHE_MISS,   /* it was generated */
} volt_cache_use;

typedef struct {
	volt_compiled_function entry; /* NULL: this function stays interpreted */
	volt_level level;             /* what it was compiled at: what was asked for, less, or more (compile()) */
	const char *reason;           /* why `entry` is NULL, or `level` lower than it could be; the tier's, valid
	                                 until it is destroyed */
	uint32_t result_slots;        /* slots that `entry` stores to its results */
	const bool *resume_points;    /* form RESUME: by pc, where it can be entered; owned by the tier */
	uint64_t code_bytes;
	uint64_t compile_nanoseconds;
	volt_cache_use cache;
	const char *cache_failure; /* what went wrong with the cache at first; NULL: nothing. The tier's */
} volt_compiled;

typedef struct volt_tier volt_tier;

typedef struct {
	uint32_t abi_version;
	const char *name;           /* "LLVM 22.1.8" */
	const char *const *presets; /* names, NULL at the end; the first is the default */

	/*
	 * `host` and `module`, which is verified, must outlive the tier; `options` is copied, its texts are not
	 * needed afterwards; NULL: the defaults. A tier without a host (NULL) only emits, and takes all natives
	 * for standard ones. *tier is the caller's. Errors: VOLT_ERROR_ARGUMENT (a preset, hints, target or cpu
	 * that there is not, a cpu that code for the host cannot run on, a heap layout that cannot be, or a
	 * helper that the module, the preset or the options need and the host has not), VOLT_ERROR_TIER,
	 * VOLT_ERROR_MEMORY.
	 */
	volt_error *(*create)(const volt_tier_host *host, const volt_module *module,
	                      const volt_tier_options *options, volt_tier **tier);
	/* Ends a tier and its code, in which no frame may run any more. NULL is allowed. */
	void (*destroy)(volt_tier *tier);

	/*
	 * Compiles every function of the module; `compiled` has room for one record for each. Direct calls
	 * between compiled functions do not go through the host. A function that cannot be compiled is not an
	 * error: whatever is wrong with it, or that there is no memory for it, is its reason. Can be called
	 * again, before or after compile(): code that was made before stays. Errors: VOLT_ERROR_ARGUMENT (there
	 * is no host), VOLT_ERROR_TIER: the tier can compile nothing any more; code that it has made stays valid.
	 */
	volt_error *(*compile_module)(volt_tier *tier, volt_compiled *compiled);

	/*
	 * Compiles one function. It can be compiled any number of times; code that is replaced stays until the
	 * tier is destroyed, since frames may run in it. Its calls go to the newest form of the callee, or
	 * through the host (status CALL) while there is none; calls between functions that compile_module made
	 * stay among them. Several threads may compile at a time, and all else is for one: while a function is
	 * being optimised, others are compiled quickly. Reasons and errors: as compile_module.
	 *
	 * A call cannot be broken off, but what it may take is bounded by exact numbers of the function's
	 * bytecode: what is too large is compiled at the quick level only, and what is larger still not at all.
	 * `reason` tells of both. What would only become the same code again is the same entry again.
	 *
	 * With a cache and `count_heat`, the answer to a request for the quick level is optimised code if that is
	 * kept, whatever its profile was: it is there as soon, and counts nothing.
	 */
	volt_error *(*compile)(volt_tier *tier, const volt_compile_request *request, volt_compiled *compiled);

	/*
	 * Text or bytes of one function, or of all (-1). free(*bytes) is the caller's. Errors:
	 * VOLT_ERROR_ARGUMENT (no such function or kind), VOLT_ERROR_TIER (the function stays interpreted, or
	 * LLVM refuses it), VOLT_ERROR_MEMORY.
	 */
	volt_error *(*emit)(volt_tier *tier, int64_t function, volt_emit_kind kind, char **bytes, size_t *size);
} volt_tier_interface;

#define VOLT_TIER_SYMBOL "volt_tier_get_interface"
typedef const volt_tier_interface *(*volt_tier_get_interface_function)(void);

VOLT_DECLARATIONS_END

#endif
