/*
 * The cases of the interpreter once more, one instruction at a time. The files ops_*.h are written against
 * macros; here an operand is a slot of any array and the next instruction is a return.
 */
#include "interpreter/execute.h"

#include "analysis/float_reads.h"
#include "interpreter/calls.h"
#include "interpreter/channel_ops.h"
#include "interpreter/expressions.h"
#include "interpreter/instructions.h"
#include "interpreter/panic.h"
#include "interpreter/unwind.h"
#include "object/heap.h"
#include "object/interfaces.h"
#include "object/maps.h"
#include "object/strings.h"
#include "state/constant_strings.h"
#include "state/vm_state.h"

#define OP(name) case VOLT_OP_##name:
#define NEXT return VOLT_STATUS_OK
#define NEXT_IN_COMPILED_CODE NEXT
#define BEFORE_WORK ((void)0) /* compiled code gives way at its own steps */

#define RUNNING_FUNCTION executed
#define RUNNING_PC executed_pc
#define FRAME_SLOTS ((uint32_t)vm->functions[executed].local_slots)
#define SAVE_PC ((void)0)
#define AFTER_BLOCKING_OPERATION(again) return status

volt_status execute_instruction(volt_vm *vm, volt_fiber *fiber, uint32_t executed, uint32_t executed_pc,
                                volt_slot *slots) {
	const volt_instruction *pc = &vm->module->functions.items[executed].code.items[executed_pc] + 1;
	volt_trap trap;
	volt_status status;
	const char *failure = "the opcode cannot be executed by itself";

	switch ((volt_opcode)pc[-1].op) {
#include "interpreter/ops_loads.h"

#include "interpreter/ops_integers.h"

#include "interpreter/ops_floats.h"

#include "interpreter/ops_pointers.h"

#include "interpreter/ops_strings.h"

#include "interpreter/ops_arrays.h"

#include "interpreter/ops_maps.h"

#include "interpreter/ops_channels.h"

#include "interpreter/ops_islands.h"

#include "interpreter/ops_closures.h"

#include "interpreter/ops_interfaces.h"

	/* Those that are about the frame itself: where it goes on, what it calls, what it defers. */
	case VOLT_OP_Jump:
	case VOLT_OP_JumpIf:
	case VOLT_OP_JumpIfNot:
	case VOLT_OP_ForLoop:
	case VOLT_OP_Call:
	case VOLT_OP_CallExtern:
	case VOLT_OP_CallClosure:
	case VOLT_OP_CallIface:
	case VOLT_OP_Return:
	case VOLT_OP_SelectBegin:
	case VOLT_OP_SelectSend:
	case VOLT_OP_SelectRecv:
	case VOLT_OP_SelectExec: goto fail;
	}
	goto fail;

raise:
	fiber_raise_trap(vm, fiber, trap);
unwind:
	return VOLT_STATUS_PANIC;

fail:
	vm_fail_at(vm, executed, executed_pc, failure);
	return VOLT_STATUS_YIELD;
}
