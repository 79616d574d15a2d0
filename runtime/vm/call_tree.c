/* Nodes by number, found by a hash table with open addressing that is at most half full. */
#include "vm/call_tree.h"

#include <stdlib.h>
#include <xxhash.h>

enum { FIRST_CAPACITY = 1024, MOST_NODES = 1 << 20 };

bool call_tree_make(call_tree *tree) {
	*tree = (call_tree){
	    .nodes = calloc(FIRST_CAPACITY, sizeof *tree->nodes),
	    .count = 1,
	    .capacity = FIRST_CAPACITY,
	    .places = calloc(2 * (size_t)FIRST_CAPACITY, sizeof *tree->places),
	    .place_count = 2 * FIRST_CAPACITY,
	};
	if (tree->nodes && tree->places)
		return true;
	call_tree_free(tree);
	return false;
}

void call_tree_free(call_tree *tree) {
	free(tree->nodes);
	free(tree->places);
	*tree = (call_tree){0};
}

/* Where the node's number stands, or would. */
static uint32_t *find_place(const call_tree *tree, uint32_t parent, volt_sample_frame frame) {
	const uint32_t key[] = {parent, frame.function, frame.pc};
	uint32_t place = (uint32_t)XXH3_64bits(key, sizeof key) & (tree->place_count - 1);
	for (;; place = (place + 1) & (tree->place_count - 1)) {
		const call_node *node = &tree->nodes[tree->places[place]];
		if (tree->places[place] == 0 ||
		    (node->parent == parent && node->frame.function == frame.function && node->frame.pc == frame.pc))
			return &tree->places[place];
	}
}

static bool grow(call_tree *tree) {
	const uint32_t capacity = 2 * tree->capacity;
	if (capacity > MOST_NODES)
		return false;
	call_node *nodes = realloc(tree->nodes, capacity * sizeof *nodes);
	if (!nodes)
		return false;
	tree->nodes = nodes;
	uint32_t *places = calloc(2 * (size_t)capacity, sizeof *places);
	if (!places)
		return false;
	free(tree->places);
	tree->places = places;
	tree->place_count = 2 * capacity;
	tree->capacity = capacity;
	for (uint32_t i = 1; i < tree->count; i++)
		*find_place(tree, nodes[i].parent, nodes[i].frame) = i;
	return true;
}

uint32_t call_tree_enter(call_tree *tree, uint32_t parent, volt_sample_frame frame) {
	uint32_t *place = find_place(tree, parent, frame);
	const uint32_t known = *place;
	if (known)
		return known;
	if (tree->count == tree->capacity) {
		if (!grow(tree))
			return parent;
		place = find_place(tree, parent, frame);
	}
	tree->nodes[tree->count] = (call_node){parent, frame, 0};
	*place = tree->count;
	return tree->count++;
}

void call_tree_add(call_tree *tree, const call_tree *other) {
	uint32_t *node_of = calloc(other->count, sizeof *node_of); /* by the number in the other tree */
	if (!node_of)
		return;
	for (uint32_t i = CALL_TREE_ROOT + 1; i < other->count; i++) {
		const call_node *added = &other->nodes[i];
		node_of[i] = call_tree_enter(tree, node_of[added->parent], added->frame);
		tree->nodes[node_of[i]].samples += added->samples;
	}
	free(node_of);
}
