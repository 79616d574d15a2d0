/*
 * Stacks with a count each, as a tree: a node is a frame in its callers, so what stacks have in common stands
 * once. Memory of its own, bounded: when there is no more, what does not fit counts for its caller.
 */
#ifndef VM_CALL_TREE_H
#define VM_CALL_TREE_H

#include <stdint.h>

#include "volt/vm.h"

typedef struct {
	uint32_t parent;
	volt_sample_frame frame;
	uint64_t samples; /* of stacks that end here */
} call_node;

typedef struct {
	call_node *nodes; /* the first is the root, which has no frame; callers stand before their callees */
	uint32_t count, capacity;
	uint32_t *places; /* hash table: indices of nodes, 0: free */
	uint32_t place_count;
} call_tree;

enum { CALL_TREE_ROOT = 0 };

/* False: no memory. The tree is then empty, and can be freed. */
bool call_tree_make(call_tree *tree);
void call_tree_free(call_tree *tree);

/* The node of a frame that is called by `parent`; `parent` itself if there is no room for another one. */
uint32_t call_tree_enter(call_tree *tree, uint32_t parent, volt_sample_frame frame);

/* Adds the stacks of another tree; none of them without memory. */
void call_tree_add(call_tree *tree, const call_tree *other);

#endif
