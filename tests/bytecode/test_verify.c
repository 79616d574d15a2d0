/* The verifier: for each rule one refused module with its message, and a neighbour that is accepted. */
#include <stdio.h>

#include "support.h"

#define MAIN(lines) "fn main locals=4 {\n" lines "\n\tReturn r0, 0\n}\n"
#define AT(pc, op, reason) "t.vot: function main (#0), pc " pc " (" op "): " reason
#define FRAME(first, last) "slots r" first " to r" last " are outside of the frame of 4 slots"

typedef struct {
	const char *refused;
	const char *message;
	const char *accepted;
} rule;

static const rule instruction_rules[] = {
    {MAIN("\traw 131, 0, 0, 0, 0"), AT("0", "unknown", "unknown opcode 131"),
     MAIN("\traw 130, 0, 0, 1, 65535")},
    {MAIN("\tCopy r4, r0"), AT("0", "Copy", FRAME("4", "4")), MAIN("\tCopy r3, r0")},
    {MAIN("\tCopy r0, r4"), AT("0", "Copy", FRAME("4", "4")), MAIN("\tCopy r0, r3")},
    {MAIN("\tCopyN r1, r0, 4"), AT("0", "CopyN", FRAME("1", "4")),
     MAIN("\tCopyN r1, r0, 3\n\tCopyN r9, r9, 0")},
    {MAIN("\tSlotSet r4, r0, r0"), AT("0", "SlotSet", FRAME("4", "4")), MAIN("\tSlotSet r3, r0, r0")},
    {MAIN("\tSliceGet r0, r1, r3 bytes=0"), AT("0", "SliceGet", FRAME("3", "4")),
     MAIN("\tSliceGet r0, r1, r3 bytes=8")},
    {MAIN("\tMapGet r0, r1, r4"), AT("0", "MapGet", FRAME("4", "4")), MAIN("\tMapGet r0, r1, r3")},
    {MAIN("\tIfaceAssign r0, r3, 0, 16"), AT("0", "IfaceAssign", FRAME("3", "4")),
     MAIN("\tIfaceAssign r0, r2, 0, 16")},
    {"fn main locals=0 {\n\tClosureGet r0, 0\n\tReturn r0, 0\n}\n",
     "t.vot: function main (#0), pc 0 (ClosureGet): slots r0 to r0 are outside of the frame of 0 slots",
     "fn main locals=1 {\n\tClosureGet r0, 0\n\tReturn r0, 0\n}\n"},
    {MAIN("\tLoadConst r0, c0"), AT("0", "LoadConst", "constant 0, but there are 0"),
     "const 1\n" MAIN("\tLoadConst r0, c0")},
    {"global g\n" MAIN("\tGlobalGet r0, g1"), AT("0", "GlobalGet", "global slots 1 to 1, but there are 1"),
     "global g\n" MAIN("\tGlobalGet r0, g0")},
    {"global g\n" MAIN("\tGlobalSetN g0, r0, 2"),
     AT("0", "GlobalSetN", "global slots 0 to 1, but there are 1"),
     "global g slots=2\n" MAIN("\tGlobalSetN g0, r0, 2")},
    {MAIN("\tCall f1, r0 args=0 results=0"), AT("0", "Call", "function 1, but there are 1"),
     MAIN("\tCall f0, r0")},
    {MAIN("\tCall @main, r2 args=3"), AT("0", "Call", FRAME("2", "4")), MAIN("\tCall @main, r1 args=3")},
    {"fn main locals=9 {\n\tCall @f, r0 args=3\n\tReturn r0, 0\n}\nfn f locals=2 {\n\tReturn r0, 0\n}\n",
     AT("0", "Call", "3 argument slots for a frame of 2"),
     "fn main locals=9 {\n\tCall @f, r0 args=2\n\tReturn r0, 0\n}\nfn f locals=2 {\n\tReturn r0, 0\n}\n"},
    {MAIN("\tCall @main, r0 results=1"), AT("0", "Call", "1 result slots from a function with 0"),
     MAIN("\tCall @f, r0 results=1") "fn f {\n\tReturn r0, 1\n}\n"},
    {MAIN("\tCallExtern n0, r0, r0 args=0"), AT("0", "CallExtern", "native 0, but there are 0"),
     "native x\n" MAIN("\tCallExtern n0, r9, r9 args=0")},
    /* Results are the module's widest use: they may end behind the frame, but begin in it. */
    {MAIN("\tCallExtern @x, r4, r0 args=0 results=2"), AT("0", "CallExtern", FRAME("4", "4")),
     MAIN("\tCallExtern @x, r3, r0 args=0 results=2")},
    {MAIN("\tCallExtern @x, r4, r0 args=0 results=1"), AT("0", "CallExtern", FRAME("4", "4")),
     MAIN("\tCallExtern @x, r4, r0 args=0 results=0")},
    {MAIN("\tCallExtern @x, r0, r3 args=2"), AT("0", "CallExtern", FRAME("3", "4")),
     MAIN("\tCallExtern @x, r0, r2 args=2")},
    {MAIN("\tCallClosure r4, r0 args=0"), AT("0", "CallClosure", FRAME("4", "4")),
     MAIN("\tCallClosure r3, r0 args=0")},
    {MAIN("\tCallIface r3, r0 method=0 args=0"), AT("0", "CallIface", FRAME("3", "4")),
     MAIN("\tCallIface r2, r0 method=0 args=0")},
    {MAIN("\tGoStart r4, r0 args=0"), AT("0", "GoStart", "slot r4 is outside of the frame of 4 slots"),
     MAIN("\tGoStart r3, r0 args=0")},
    {MAIN("\tGoStart f1, r0 args=0"), AT("0", "GoStart", "function 1, but there are 1"),
     MAIN("\tGoStart f0, r0")},
    {MAIN("\tGoStart @f, r0 args=3") "fn f locals=2 {\n\tReturn r0, 0\n}\n",
     AT("0", "GoStart", "3 argument slots for a frame of 2"),
     MAIN("\tGoStart @f, r0 args=2") "fn f locals=2 {\n\tReturn r0, 0\n}\n"},
    {"fn main defer=0 {\n\tDeferPush @main, r0\n\tReturn r0, 0\n}\n",
     AT("0", "DeferPush", "the function is not marked as one that defers"), MAIN("\tDeferPush @main, r0")},
    {MAIN("\tClosureNew r0, @f, 1") "fn f {\n\tReturn r0, 0\n}\n",
     AT("0", "ClosureNew", "1 captures for a function without slots"),
     MAIN("\tClosureNew r0, @f, 0") "fn f {\n\tReturn r0, 0\n}\n"},
    {"fn main locals=4 results=0 {\n\tReturn r0, 1\n}\n",
     AT("0", "Return", "1 result slots, but the function has 0"),
     "fn main locals=4 results=1 {\n\tReturn r0, 1\n}\n"},
    {"fn main locals=4 results=1 {\n\tReturn r0, 1 flags=2\n}\n",
     AT("0", "Return", "1 results on the heap, but the function has 0"),
     "fn main locals=4 heap_slots=[1] {\n\tReturn r0, 1 flags=2\n}\n"},
    {"fn main locals=4 results=3 error=1 {\n\tReturn r3, 0\n}\n",
     AT("0", "Return", "the error result, slot r4, is outside of the frame of 4 slots"),
     "fn main locals=4 results=3 error=1 {\n\tReturn r2, 0\n}\n"},
    {MAIN("\tSliceGet r0, r1, r2 bytes=3"),
     AT("0", "SliceGet", "element flags 0x03 are no size of an element"),
     MAIN("\tSliceGet r0, r1, r2 bytes=132\n\tSliceAddr r0, r1, r2 bytes=72")},
    {MAIN("\tSliceAppend r0, r0, r1 bytes=12"),
     AT("0", "SliceAppend", "element flags 0x0c are no size of an element"),
     MAIN("\tSliceAppend r0, r0, r1 bytes=16")},
    {MAIN("\tArrayGet r0, r1, r2 bytes=72"),
     AT("0", "ArrayGet", "element flags 0x48 are no size of an element"),
     MAIN("\tArrayGet r0, r1, r2 bytes=16")},
    {MAIN("\tIfaceAssign r0, r2, 1.5, int"), AT("0", "IfaceAssign", "constant 0 is no integer"),
     MAIN("\tIfaceAssign r0, r2, iface(int), int")},
    {MAIN("\tIfaceAssign r0, r2, 0, 25"), AT("0", "IfaceAssign", "unknown kind 25"),
     "type island\n" MAIN("\tIfaceAssign r0, r2, 0, 24")},
    {MAIN("\tIfaceAssign r0, r2, iface(18), int"), AT("0", "IfaceAssign", "runtime type 18, but there are 0"),
     MAIN("\tIfaceAssign r0, r2, iface(17), string")},
    {MAIN("\tIfaceAssign r0, r2, iface(int), string"),
     AT("0", "IfaceAssign", "kind string, but runtime type 2 is int"),
     MAIN("\tIfaceAssign r0, r2, iface(int), void")},
    {"type basic int\ntype slice int:0\n" MAIN("\tIfaceAssign r0, r2, iface(1), string"),
     AT("0", "IfaceAssign", "kind string, but runtime type 1 is slice"),
     "type basic int\ntype slice int:0\n" MAIN("\tIfaceAssign r0, r2, iface(1), slice")},
    {"named T int:0\ntype basic int\ntype named 0\n" MAIN("\tIfaceAssign r0, r2, iface(1), pointer"),
     AT("0", "IfaceAssign", "kind pointer, but runtime type 1 is int"),
     "named T int:0\ntype basic int\ntype named 0\n" MAIN("\tIfaceAssign r0, r2, iface(1), int")},
    {MAIN("\tIfaceAssign r0, r2, iface(int, 1), int"), AT("0", "IfaceAssign", "itab 1, but there are 0"),
     "itab []\nitab []\n" MAIN("\tIfaceAssign r0, r2, iface(int, 1), int")},
    {MAIN("\tIfaceAssign r0, r2, 1, interface"), AT("0", "IfaceAssign", "interface 1, but there are 0"),
     MAIN("\tIfaceAssign r0, r2, 0, interface")},
    {MAIN("\tIfaceAssert r0, r2, 18"), AT("0", "IfaceAssert", "runtime type 18, but there are 0"),
     MAIN("\tIfaceAssert r0, r2, 17")},
    {MAIN("\tIfaceAssert r0, r2, 0 kind=1"), AT("0", "IfaceAssert", "interface 0, but there are 0"),
     "interface any\n" MAIN("\tIfaceAssert r0, r2, 0 kind=1")},
    {MAIN("\tIfaceAssert r0, r2, 0 kind=2"), AT("0", "IfaceAssert", "unknown kind of assertion 2"),
     MAIN("\tIfaceAssert r0, r2, 0 kind=0")},
};

static const rule flow_rules[] = {
    {"fn main {\n\tLoadInt r0, 1\n}\n", AT("0", "LoadInt", "control falls off the end of the function"),
     "fn main {\n\tPanic r0\n}\n"},
    {"fn main {\n\tReturn r0, 0\n\tJump -3\n}\n", AT("1", "Jump", "jump to pc -2 of 2"),
     "fn main {\n\tReturn r0, 0\n\tJump -1\n}\n"},
    {"fn main {\n\tJumpIf r0, +2\n\tReturn r0, 0\n}\n", AT("0", "JumpIf", "jump to pc 2 of 2"),
     "fn main {\n\tJumpIf r0, +1\n\tReturn r0, 0\n}\n"},
    {"fn main {\n\tForLoop r0, r1, 1\n\tReturn r0, 0\n}\n", AT("0", "ForLoop", "jump to pc 2 of 2"),
     "fn main {\n\tForLoop r0, r1, 0\n\tReturn r0, 0\n}\n"},
    {"fn main {\n\tJump +2\n\tReturn r0, 0\n\tJumpIf r0, -1\n}\n",
     AT("2", "JumpIf", "control falls off the end of the function"),
     "fn main {\n\tReturn r0, 0\n\tJumpIf r0, -1\n}\n"},
};

#define RETURN "{\n\tReturn r0, 0\n}\n"

static const rule function_rules[] = {
    {"fn main {\n}\n", "t.vot: function main (#0): it has no code", "fn main " RETURN},
    {"fn main " RETURN "fn f params=2 locals=1 " RETURN,
     "t.vot: function f (#1): 2 parameter slots in a frame of 1",
     "fn main " RETURN "fn f params=2 locals=2 " RETURN},
    {"fn main " RETURN "fn f params=1 receiver=2 " RETURN,
     "t.vot: function f (#1): 2 receiver slots in 1 parameter slots",
     "fn main " RETURN "fn f params=2 receiver=2 " RETURN},
    {"fn main locals=1 types=vv " RETURN, "t.vot: function main (#0): 2 slot types in a frame of 1",
     "fn main locals=2 types=v " RETURN},
    {"fn main closure " RETURN, "t.vot: function main (#0): a closure's frame has no slot for the closure",
     "fn main closure locals=1 " RETURN},
    {"fn main locals=4 heap_count=2 heap_slots=[1] " RETURN,
     "t.vot: function main (#0): 2 results on the heap, but sizes of 1",
     "fn main locals=4 heap_slots=[1, 1] " RETURN},
    {"fn main locals=4 results=1 heap_slots=[2] " RETURN,
     "t.vot: function main (#0): results on the heap have 2 slots, but there are 1 result slots",
     "fn main locals=4 results=2 heap_slots=[2] " RETURN},
    {"fn main locals=4 heap_start=3 heap_slots=[1, 1] " RETURN,
     "t.vot: function main (#0): references to results lie in slots 3 to 4 of a frame of 4",
     "fn main locals=4 heap_start=2 heap_slots=[1, 1] " RETURN},
    {"fn main results=1 error=1 " RETURN,
     "t.vot: function main (#0): the error result is slot 1 of 1 result slots",
     "fn main locals=2 results=2 error=1 " RETURN},
    {"fn main error=-2 " RETURN, "t.vot: function main (#0): the error result is slot -2 of 0 result slots",
     "fn main error=-1 " RETURN},
    {"fn main captures=[25 1] " RETURN, "t.vot: function main (#0): capture types: unknown kind 25",
     "fn main captures=[24 1] " RETURN},
    {"fn main captures=[struct:0 1] " RETURN,
     "t.vot: function main (#0): capture types: struct 0, but there are 0",
     "struct types=r\nfn main captures=[struct:0 1] " RETURN},
    {"struct types=rr\nfn main captures=[struct:0 1] " RETURN,
     "t.vot: function main (#0): capture types: 1 slots for a struct of 2",
     "struct types=rr\nfn main captures=[struct:0 2] " RETURN},
    {"fn main " RETURN "fn f params=1 param_types=[int 2] " RETURN,
     "t.vot: function f (#1): parameter types cover 2 slots, but there are 1 parameter slots",
     "fn main " RETURN "fn f params=2 param_types=[int 2] " RETURN},
    {"entry f1\nfn main " RETURN, "t.vot: entry function #1, but there are 1 functions",
     "entry f0\nfn main " RETURN},
    {"fn main params=1 " RETURN, "t.vot: function main (#0): the entry function has parameters",
     "fn main params=0 " RETURN},
    {"global g slots=1 types=vv\nfn main " RETURN, "t.vot: globals[0]: 2 slot types for 1 slots",
     "global g slots=2 types=v\nfn main " RETURN},
    {"fn main " RETURN "debug {\n\tfunction {\n\t\tat 0 file=0\n\t}\n}\n",
     "t.vot: function_debug[0]: location 0 names file 0, but there are 0",
     "fn main " RETURN "debug {\n\tfile \"a\"\n\tfunction {\n\t\tat 0 file=0\n\t}\n}\n"},
};

#define MODULE "fn main " RETURN "fn get params=1 receiver=1 " RETURN

#define BASIC_TYPES \
	"type basic void\ntype basic bool\ntype basic int\ntype basic int8\ntype basic int16\ntype basic " \
	"int32\n" \
	"type basic int64\ntype basic uint\ntype basic uint8\ntype basic uint16\ntype basic uint32\n" \
	"type basic uint64\ntype basic float32\ntype basic float64\ntype basic void\ntype basic void\n" \
	"type basic void\ntype basic string\n"

static const rule type_rules[] = {
    {MODULE "struct types=v {\n\tfield a int:0 offset=1 slots=1\n}\ntype basic int\n",
     "t.vot: struct_metas[0]: field 0 ends at slot 2 of 1",
     MODULE "struct types=v {\n\tfield a int:0 offset=0 slots=1\n}\ntype basic int\n"},
    {MODULE "struct types=v {\n\tfield a int:1 slots=1\n}\ntype basic int\n",
     "t.vot: struct_metas[0]: field 0: runtime type 1, but there are 1",
     MODULE "struct types=v {\n\tfield a int:0 slots=1\n}\ntype basic int\n"},
    {MODULE "struct types=v {\n\tfield a 25 slots=1\n}\ntype basic int\n",
     "t.vot: struct_metas[0]: field 0: unknown kind 25",
     MODULE "struct types=r {\n\tfield a 24 slots=1\n}\ntype basic int\n"},
    {MODULE "interface a {\n\tname x\n}\n", "t.vot: interface_metas[0]: 1 method names, but 0 methods",
     MODULE "interface a {\n\tname x\n\tmethod x signature=0\n}\ntype basic int\n"},
    {MODULE "interface a {\n\tname x\n\tmethod x signature=1\n}\ntype basic int\n",
     "t.vot: interface_metas[0]: signature: runtime type 1, but there are 1",
     MODULE "interface a {\n\tname x\n\tmethod x signature=0\n}\ntype basic int\n"},
    {MODULE "named N struct:0\n",
     "t.vot: named_types[0]: underlying type: 0 is no struct (there are 0) and no runtime type of one",
     MODULE "struct types=v\nnamed N struct:0\n"},
    {MODULE "named N interface:0\n",
     "t.vot: named_types[0]: underlying type: 0 is no interface (there are 0) and no runtime type of one",
     MODULE "interface a\nnamed N interface:0\n"},
    {MODULE "named N int:0\ntype basic bool\n",
     "t.vot: named_types[0]: underlying type: kind int, but runtime type 0 is bool",
     MODULE "named N int:0\ntype basic int\n"},
    {MODULE "named N int:0\ntype named 0\n",
     "t.vot: named_types[0]: underlying type: runtime type 0 does not lead to a type of kind int (there are "
     "1)",
     MODULE "named N int:1\ntype named 0\ntype basic int\n"},
    {MODULE "named A int:1\nnamed B int:0\ntype named 0\ntype named 1\n",
     "t.vot: named_types[0]: underlying type: runtime type 1 does not lead to a type of kind int (there are "
     "2)",
     MODULE "named A int:1\nnamed B int:2\ntype named 0\ntype named 1\ntype basic int\n"},
    {MODULE "named A int:1\nnamed B bool:2\ntype named 0\ntype named 1\ntype basic bool\n",
     "t.vot: named_types[0]: underlying type: runtime type 1 does not lead to a type of kind int (there are "
     "3)",
     MODULE "named A bool:1\nnamed B bool:2\ntype named 0\ntype named 1\ntype basic bool\n"},
    {MODULE "struct types=v\nstruct types=r\nnamed N struct:1\ntype named 0 struct=0\n",
     "t.vot: named_types[0]: underlying type: struct 1, but its runtime type says otherwise",
     MODULE "struct types=v\nstruct types=r\nnamed N struct:1\ntype named 0 struct=1\n"},
    {MODULE
     "struct types=v\nstruct types=r\nnamed N struct:1\ntype named 0 struct=0\ntype named 0 struct=1\n",
     "t.vot: runtime_types[0]: struct 0, but named type 0 is another type",
     MODULE
     "struct types=v\nstruct types=r\nnamed N struct:1\ntype named 0 struct=1\ntype named 0 struct=1\n"},
    {MODULE "struct types=v\nnamed N int:2\ntype named 0 struct=0\ntype named 0\ntype basic int\n",
     "t.vot: named_types[0]: underlying type: runtime type 2 does not lead to a type of kind int (there are "
     "3)",
     MODULE "struct types=v\nnamed N int:2\ntype named 0\ntype named 0\ntype basic int\n"},
    {MODULE "struct types=v\nnamed A struct:17\nnamed B struct:0\n" BASIC_TYPES "type named 1 struct=0\n",
     "t.vot: named_types[0]: underlying type: 17 is no struct (there are 1) and no runtime type of one",
     MODULE "struct types=v\nnamed A struct:18\nnamed B struct:0\n" BASIC_TYPES "type named 1 struct=0\n"},
    {MODULE "struct types=v\nnamed A struct:18\nnamed B int:2\n" BASIC_TYPES "type named 1\ntype named 0\n",
     "t.vot: named_types[0]: underlying type: 18 is no struct (there are 1) and no runtime type of one",
     MODULE "struct types=v\nnamed A int:18\nnamed B int:2\n" BASIC_TYPES "type named 1\ntype named 0\n"},
    {MODULE "interface \"\"\nnamed A interface:18\nnamed B int:2\n" BASIC_TYPES
            "type named 1\ntype named 0\n",
     "t.vot: named_types[0]: underlying type: 18 is no interface (there are 1) and no runtime type of one",
     MODULE "interface error\nnamed A interface:18\nnamed B int:2\n" BASIC_TYPES
            "type named 1\ntype named 0\nwellknown error_interface=0\n"},
    {MODULE "interface a\ntype interface 0 {\n\tmethod m signature=closure:1\n}\n",
     "t.vot: runtime_types[0]: signature: runtime type 1, but there are 1",
     MODULE "interface a\ntype interface 0 {\n\tmethod m signature=closure:1\n}\ntype func [] []\n"},
    {MODULE "interface a\ntype interface 0 {\n\tmethod m signature=25\n}\n",
     "t.vot: runtime_types[0]: signature: unknown kind 25",
     MODULE "interface a\ntype interface 0 {\n\tmethod m signature=21\n}\n"},
    {MODULE "struct types=v {\n\tfield a string:17 slots=1\n}\n" BASIC_TYPES,
     "t.vot: struct_metas[0]: field 0 is of kind string, but the types of its slots say otherwise",
     MODULE "struct types=r {\n\tfield a string:17 slots=1\n}\n" BASIC_TYPES},
    {MODULE "struct types=vv {\n\tfield a interface:18 slots=2\n}\ninterface a\n" BASIC_TYPES
            "type interface 0\n",
     "t.vot: struct_metas[0]: field 0 is of kind interface, but the types of its slots say otherwise",
     MODULE "struct types=ip {\n\tfield a interface:18 slots=2\n}\ninterface a\n" BASIC_TYPES
            "type interface 0\n"},
    {MODULE
     "struct types=r {\n\tfield a string:17 slots=1\n}\nstruct types=v {\n\tfield b struct:18 slots=1\n}\n"
     "named N struct:0\n" BASIC_TYPES "type named 0 struct=0\n",
     "t.vot: struct_metas[1]: field 0 is of kind struct, but the types of its slots say otherwise",
     MODULE
     "struct types=r {\n\tfield a string:17 slots=1\n}\nstruct types=r {\n\tfield b struct:18 slots=1\n}\n"
     "named N struct:0\n" BASIC_TYPES "type named 0 struct=0\n"},
    {MODULE "struct types=rv {\n\tfield a array:18 slots=2\n}\n" BASIC_TYPES "type array 2 string:17\n",
     "t.vot: struct_metas[0]: field 0 is of kind array, but the types of its slots say otherwise",
     MODULE "struct types=rr {\n\tfield a array:18 slots=2\n}\n" BASIC_TYPES "type array 2 string:17\n"},
    {MODULE "struct types=rr {\n\tfield a string:17 slots=1\n\tfield b string:17 slots=1\n}\n" BASIC_TYPES,
     "t.vot: struct_metas[0]: field 1 begins at slot 0, but the one before ends at 1",
     MODULE
     "struct types=rr {\n\tfield a string:17 slots=1\n\tfield b string:17 offset=1 slots=1\n}\n" BASIC_TYPES},
    {MODULE "struct types=vr {\n\tfield a string:17 slots=0\n}\n" BASIC_TYPES,
     "t.vot: struct_metas[0]: field 0 is of kind string, but the types of its slots say otherwise",
     MODULE "struct types=vr {\n\tfield a string:17 offset=1 slots=0\n}\n" BASIC_TYPES},
    {MODULE "named N int:0 {\n\tmethod m f2 signature=0\n}\ntype basic int\n",
     "t.vot: named_types[0]: function 2, but there are 2",
     MODULE "named N int:0 {\n\tmethod m f1 signature=0\n}\ntype basic int\n"},
    {MODULE "named N int:0 {\n\tmethod m @get signature=1\n}\ntype basic int\n",
     "t.vot: named_types[0]: signature: runtime type 1, but there are 1",
     MODULE "named N int:0 {\n\tmethod m @get signature=0\n}\ntype basic int\n"},
    {MODULE "itab [f2]\n", "t.vot: itabs[0]: function 2, but there are 2", MODULE "itab [f1]\n"},
    {MODULE "itab [@main]\n", "t.vot: itabs[0]: function 0 has no slot for the receiver",
     MODULE "itab [@get]\n"},
    {MODULE "type named 0\n", "t.vot: runtime_types[0]: named type 0, but there are 0",
     MODULE "interface a\nnamed N interface:0\ntype named 0\n"},
    {MODULE "struct types=v\nnamed N struct:0\ntype named 0 struct=1\n",
     "t.vot: runtime_types[0]: struct 1, but there are 1",
     MODULE "struct types=v\nnamed N struct:0\ntype named 0 struct=0\n"},
    {MODULE "type struct 0\n", "t.vot: runtime_types[0]: struct 0, but there are 0",
     MODULE "struct types=v\ntype struct 0\n"},
    {MODULE "type interface 0\n", "t.vot: runtime_types[0]: interface 0, but there are 0",
     MODULE "interface a\ntype interface 0\n"},
    {MODULE "type slice int:1\n", "t.vot: runtime_types[0]: element: runtime type 1, but there are 1",
     MODULE "type slice slice:0\n"},
    {MODULE "type map int:0 int:1\n", "t.vot: runtime_types[0]: value: runtime type 1, but there are 1",
     MODULE "type map int:0 int:0\n"},
    {MODULE "type func [int:0] [int:1]\n", "t.vot: runtime_types[0]: result: runtime type 1, but there are 1",
     MODULE "type func [int:0] [int:0]\n"},
    {MODULE "type tuple [int:1]\n", "t.vot: runtime_types[0]: element: runtime type 1, but there are 1",
     MODULE "type tuple [int:0]\n"},
    {MODULE "type pointer struct:0\n",
     "t.vot: runtime_types[0]: element: kind struct, but runtime type 0 is pointer",
     MODULE "struct types=v\ntype pointer struct:1\ntype struct 0\n"},
    {MODULE "type array 3 array:0\n", "t.vot: runtime_types[0]: it contains itself",
     MODULE "type slice array:1\ntype array 3 slice:0\n"},
    {MODULE "struct types=v {\n\tfield a struct:0 slots=1\n}\nnamed N struct:0\ntype named 0 struct=0\n",
     "t.vot: struct_metas[0]: it contains itself",
     MODULE "struct types=r {\n\tfield a pointer:1 slots=1\n}\nnamed N struct:0\ntype named 0 struct=0\n"
            "type pointer struct:0\n"},
    {MODULE "type basic int\ntype array 2147483648 int:0\n",
     "t.vot: runtime_types[1]: its values are too large",
     MODULE "type basic int\ntype array 2147483647 int:0\n"},
    {MODULE "wellknown error_interface=0\n", "t.vot: well_known: error interface 0, but there are 0",
     MODULE "interface a\nwellknown error_interface=0\n"},
    {MODULE "wellknown call=0\n", "t.vot: well_known: call protocol 0, but there are 0",
     MODULE "interface a\nwellknown call=0\n"},
    {MODULE "struct types=rv\nwellknown error_struct=0 message=0 cause=1\n",
     "t.vot: well_known: message and cause do not fit an error of 2 slots",
     MODULE "struct types=rip\nwellknown error_struct=0 message=0 cause=1\n"},
    {MODULE "struct types=vip\nwellknown error_struct=0 message=0 cause=1\n",
     "t.vot: well_known: an error has no string and interface where message and cause are",
     MODULE "struct types=vipr\nwellknown error_struct=0 message=3 cause=1\n"},
    {MODULE "struct types=rip\nstruct types=v\nnamed E struct:0\ntype named 0 struct=0\ntype struct 1\n"
            "type pointer struct:1\nwellknown error_struct=0 error_pointer=2 message=0 cause=1\n",
     "t.vot: well_known: runtime type 2 is no pointer to an error",
     MODULE "struct types=rip\nstruct types=v\nnamed E struct:0\ntype named 0 struct=0\ntype struct 1\n"
            "type pointer struct:0\nwellknown error_struct=0 error_pointer=2 message=0 cause=1\n"},
};

#define CHECK_RULES(name, rules) \
	START_TEST(name) { \
		assert_refused((rules)[_i].refused, (rules)[_i].message); \
		assert_accepted((rules)[_i].accepted); \
	} \
	END_TEST

CHECK_RULES(instructions, instruction_rules)
CHECK_RULES(flow, flow_rules)
CHECK_RULES(functions, function_rules)
CHECK_RULES(types, type_rules)

START_TEST(samples_are_accepted) {
	assert_accepted(sample_loop);
	assert_accepted(sample_calls);
}
END_TEST

/* Arrays of arrays in increasing order: each is finished before the next one is met. */
static char *nested_arrays(char *buffer, unsigned depth) {
	char *at = buffer + sprintf(buffer, "%s", MODULE "type basic int\n");
	for (unsigned i = 0; i < depth; i++)
		at += sprintf(at, "type array 1 %s:%u\n", i ? "array" : "int", i);
	return buffer;
}

/* Arrays of arrays in decreasing order: the walk meets the outermost one first. */
static char *arrays_from_outside(char *buffer, unsigned depth) {
	char *at = buffer + sprintf(buffer, "%s", MODULE);
	for (unsigned i = 0; i < depth; i++)
		at += sprintf(at, "type array 1 array:%u\n", i + 1);
	sprintf(at, "type array 1 int:0\n");
	return buffer;
}

START_TEST(nesting_is_bounded) {
	static char buffer[1 << 16];
	assert_accepted(nested_arrays(buffer, 300));
	assert_accepted(arrays_from_outside(buffer, 150));
	assert_refused(arrays_from_outside(buffer, 300),
	               "t.vot: runtime_types[201]: values are nested too deeply");
}
END_TEST

#define COUNT(rules) (int)(sizeof(rules) / sizeof *(rules))

int main(void) {
	Suite *suite = suite_create("verify");
	TCase *tests = tcase_create("rules");
	tcase_add_loop_test(tests, instructions, 0, COUNT(instruction_rules));
	tcase_add_loop_test(tests, flow, 0, COUNT(flow_rules));
	tcase_add_loop_test(tests, functions, 0, COUNT(function_rules));
	tcase_add_loop_test(tests, types, 0, COUNT(type_rules));
	tcase_add_test(tests, samples_are_accepted);
	tcase_add_test(tests, nesting_is_bounded);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
