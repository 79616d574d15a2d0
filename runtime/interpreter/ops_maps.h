/*
 * Maps. Widths that stand in a slot are checked against the map and the frame here. Part of interpreter.c
 * and execute.c.
 */

#define REQUIRE_KEY(map, first, width) \
	REQUIRE((width) <= UINT16_MAX && (first) + (width) <= FRAME_SLOTS && \
	            (!(map) || map_header(map)->key_slots == (width)), \
	        MAP_KEY_WIDTH_WRONG)

OP(MapNew) {
	BEFORE_WORK;
	R(A) = map_new(vm->space, (uint32_t)(R(B) >> 32), (uint32_t)R(B), (uint32_t)R(B + 1), C >> 8, C & 0xff);
	NEXT;
}
OP(MapGet) {
	const volt_slot descriptor = R(C), map = R(B);
	const uint32_t key_slots = (uint32_t)(descriptor >> 16), value_slots = (descriptor >> 1) & 0x7fff;
	const uint32_t has_ok = descriptor & 1;
	REQUIRE_KEY(map, C + 1, key_slots);
	REQUIRE(A + value_slots + has_ok <= FRAME_SLOTS, "the value does not fit the frame");
	REQUIRE(!map || map_header(map)->value_slots == value_slots, MAP_VALUE_WIDTH_WRONG);
	const volt_slot *value = map_find(vm->space, map, &R(C + 1));
	for (uint32_t i = 0; i < value_slots; i++)
		R(A + i) = value ? value[i] : 0;
	if (has_ok)
		R(A + value_slots) = value != NULL;
	NEXT;
}
OP(MapSet) {
	BEFORE_WORK;
	const volt_slot descriptor = R(B), map = R(A);
	const uint32_t key_slots = (uint32_t)(descriptor >> 8), value_slots = descriptor & 0xff;
	REQUIRE_KEY(map, B + 1, key_slots);
	REQUIRE(C + value_slots <= FRAME_SLOTS, "the value does not fit the frame");
	REQUIRE(!map || map_header(map)->value_slots == value_slots, MAP_VALUE_WIDTH_WRONG);
	CHECK(map_set(vm->space, map, &R(B + 1), &R(C)));
	NEXT;
}
OP(MapDelete) {
	const volt_slot map = R(A);
	REQUIRE_KEY(map, B + 1, R(B));
	map_delete(vm->space, map, &R(B + 1));
	NEXT;
}
OP(MapLen) {
	R(A) = map_length(R(B));
	NEXT;
}
OP(MapIterInit) {
	map_iterator_start(&R(A), R(B));
	NEXT;
}
OP(MapIterNext) {
	BEFORE_WORK;
	const uint32_t key_slots = FLAGS & 15, value_slots = FLAGS >> 4;
	const volt_slot *key, *value;
	const bool found = map_iterator_next(&R(B), &key, &value);
	if (found) {
		/* The iterator's last slot is the map (SPECIFICATION.md, "Maps"). */
		const volt_map *map = map_header(R(B + MAP_ITERATOR_SLOTS - 1));
		REQUIRE(map->key_slots >= key_slots && map->value_slots >= value_slots, MAP_ENTRY_WIDTH_WRONG);
		memcpy(&R(A), key, key_slots * sizeof(volt_slot));
		memcpy(&R(A + key_slots), value, value_slots * sizeof(volt_slot));
	}
	R(C) = found;
	NEXT;
}

#undef REQUIRE_KEY
