/* How long the place that a MapGet has found is good for: the lowering of a function says where that ends. */
#ifndef LOWER_MAP_WORK_H
#define LOWER_MAP_WORK_H

#include "ir/lowering.h"

/* Where a block begins, and behind what may change a map. */
void forget_map_place(function_lowering *lowering);

/* May executing the instruction change a map, or let others do so? */
bool may_change_maps(volt_instruction instruction);

#endif
