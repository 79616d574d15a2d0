/* The parts of support.h that are more than an access: scratch memory, the heap limit, error values. */
#include "extern/support.h"

#include <pthread.h>
#include <stdio.h>

#include "object/heap.h"

/* What a thread keeps between calls; a larger buffer goes back to the system. */
enum { SCRATCH_KEPT_BYTES = 1 << 16 };

/* Below this, memory for a result is not worth asking the heap limit about twice. */
enum { RESERVE_MINIMUM_BYTES = 1 << 16 };

static pthread_once_t scratch_once = PTHREAD_ONCE_INIT;
static pthread_key_t scratch_key;
static bool scratch_key_made;
static _Thread_local buffer scratch;
static _Thread_local bool scratch_registered;

static void free_scratch(void *thread_scratch) {
	buffer_free(thread_scratch);
}

static void make_scratch_key(void) {
	scratch_key_made = pthread_key_create(&scratch_key, free_scratch) == 0;
}

/* Without a key, the buffer of a thread that ends is lost: better than a native that cannot run. */
static void register_scratch(void) {
	pthread_once(&scratch_once, make_scratch_key);
	if (scratch_key_made)
		(void)pthread_setspecific(scratch_key, &scratch);
	scratch_registered = true;
}

buffer *native_scratch(void) {
	if (!scratch_registered)
		register_scratch();
	if (scratch.capacity > SCRATCH_KEPT_BYTES) {
		buffer_free(&scratch);
		scratch = (buffer){0};
	}
	scratch.length = 0;
	scratch.space = NULL;
	return &scratch;
}

void native_reserve(const volt_native_call *call, uint64_t length) {
	if (length >= RESERVE_MINIMUM_BYTES)
		heap_reserve(native_space(call), length);
}

buffer *vm_text(volt_vm *vm, uint64_t length) {
	buffer *text = native_scratch();
	text->space = vm_object_space(vm);
	buffer_reserve(text, length);
	return text;
}

void native_set_error_v(volt_native_call *call, uint32_t index, const char *format, va_list arguments) {
	char small[256];
	va_list again;
	va_copy(again, arguments);
	int length = vsnprintf(small, sizeof small, format, arguments);
	const char *message = small;
	if (length >= (int)sizeof small) {
		char *large = heap_new_bytes(native_space(call), (size_t)length + 1);
		vsnprintf(large, (size_t)length + 1, format, again);
		message = large;
	}
	va_end(again);
	volt_slot error[2];
	error_value_new(native_space(call), error, message, length > 0 ? (size_t)length : 0, NULL);
	native_set_any(call, index, error);
}

void native_set_error(volt_native_call *call, uint32_t index, const char *format, ...) {
	va_list arguments;
	va_start(arguments, format);
	native_set_error_v(call, index, format, arguments);
	va_end(arguments);
}

void native_set_sentinel(volt_native_call *call, uint32_t index, const char *package, unsigned sentinel,
                         const char *message) {
	volt_slot error[2];
	error_value_sentinel(native_space(call), error, package, sentinel, message);
	native_set_any(call, index, error);
}
