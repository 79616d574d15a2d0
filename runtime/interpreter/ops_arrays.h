/*
 * Arrays and slices. With element flags 0 the size stands in a slot and must fit the frame. Part of
 * interpreter.c and execute.c.
 */

#define ELEMENT_BYTES(flags, size_slot) ((flags) ? (uint64_t)((flags)&0x3f) : R(size_slot))
#define REQUIRE_ELEMENT(flags, slot, bytes) \
	REQUIRE((flags) != 0 || ((bytes) <= UINT32_MAX && (slot) + ((bytes) + 7) / 8 <= FRAME_SLOTS), \
	        "an element does not fit the frame")

OP(ArrayNew) {
	BEFORE_WORK;
	CHECK(array_new(vm->space, (uint32_t)R(B), R(C), ELEMENT_BYTES(FLAGS, C + 1), &R(A)));
	NEXT;
}
OP(ArrayGet) {
	const volt_array *array = volt_slot_pointer(R(B));
	const volt_slot index = R(C);
	if (unlikely(!array || index >= array->length))
		RAISE(out_of_range(index, array_length(R(B))));
	if (likely(FLAGS == 8)) {
		memcpy(&R(A), array->data + index * 8, 8);
		NEXT;
	}
	const uint64_t bytes = ELEMENT_BYTES(FLAGS, C + 1);
	REQUIRE_ELEMENT(FLAGS, A, bytes);
	load_element(&R(A), array->data, index, FLAGS, bytes);
	NEXT;
}
OP(ArraySet) {
	volt_array *array = volt_slot_pointer(R(A));
	const volt_slot index = R(B);
	if (unlikely(!array || index >= array->length))
		RAISE(out_of_range(index, array_length(R(A))));
	if (likely(FLAGS == 8)) {
		memcpy(array->data + index * 8, &R(C), 8);
		NEXT;
	}
	const uint64_t bytes = ELEMENT_BYTES(FLAGS, B + 1);
	REQUIRE_ELEMENT(FLAGS, C, bytes);
	store_element(array->data, index, &R(C), FLAGS, bytes);
	NEXT;
}
OP(ArrayAddr) {
	/* An address inside nil stays nil, so that using it traps and does not fault. */
	volt_array *array = volt_slot_pointer(R(B));
	R(A) = array ? volt_slot_reference(array->data) + R(C) * FLAGS : 0;
	NEXT;
}
OP(SliceNew) {
	BEFORE_WORK;
	CHECK(slice_new(vm->space, (uint32_t)R(B), (int64_t)R(C), (int64_t)R(C + 1), ELEMENT_BYTES(FLAGS, C + 2),
	                &R(A)));
	NEXT;
}
OP(SliceGet) {
	const volt_slice *slice = volt_slot_pointer(R(B));
	const volt_slot index = R(C);
	if (unlikely(!slice || index >= slice->length))
		RAISE(out_of_range(index, slice_length(R(B))));
	if (likely(FLAGS == 8)) {
		memcpy(&R(A), slice->data + index * 8, 8);
		NEXT;
	}
	const uint64_t bytes = ELEMENT_BYTES(FLAGS, C + 1);
	REQUIRE_ELEMENT(FLAGS, A, bytes);
	load_element(&R(A), slice->data, index, FLAGS, bytes);
	NEXT;
}
OP(SliceSet) {
	const volt_slice *slice = volt_slot_pointer(R(A));
	const volt_slot index = R(B);
	if (unlikely(!slice || index >= slice->length))
		RAISE(out_of_range(index, slice_length(R(A))));
	if (likely(FLAGS == 8)) {
		memcpy(slice->data + index * 8, &R(C), 8);
		NEXT;
	}
	const uint64_t bytes = ELEMENT_BYTES(FLAGS, B + 1);
	REQUIRE_ELEMENT(FLAGS, C, bytes);
	store_element(slice->data, index, &R(C), FLAGS, bytes);
	NEXT;
}
OP(SliceLen) {
	R(A) = slice_length(R(B));
	NEXT;
}
OP(SliceCap) {
	R(A) = slice_capacity(R(B));
	NEXT;
}
OP(SliceSlice) {
	const uint64_t *maximum = FLAGS & 2 ? &R(C + 2) : NULL;
	if (FLAGS & 1)
		CHECK(slice_of_array(vm->space, R(B), R(C), R(C + 1), maximum, &R(A)));
	else
		CHECK(slice_of_slice(vm->space, R(B), R(C), R(C + 1), maximum, &R(A)));
	NEXT;
}
OP(SliceAppend) {
	BEFORE_WORK;
	const uint64_t bytes = ELEMENT_BYTES(FLAGS, C + 1);
	const uint32_t element = C + (FLAGS ? 1 : 2);
	REQUIRE_ELEMENT(FLAGS, element, bytes);
	CHECK(slice_append(vm->space, R(B), (uint32_t)R(C), FLAGS, bytes, &R(element), &R(A)));
	NEXT;
}
OP(SliceAddr) {
	R(A) = R(B) ? volt_slot_reference(slice_data(R(B))) + R(C) * FLAGS : 0;
	NEXT;
}
OP(IndexCheck) {
	if (unlikely(R(A) >= R(B)))
		RAISE(out_of_range(R(A), R(B)));
	NEXT;
}

#undef ELEMENT_BYTES
#undef REQUIRE_ELEMENT
