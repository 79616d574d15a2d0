/* The stack that C code and compiled code run on: how much of it is left. */
#ifndef PROCESS_STACK_ROOM_H
#define PROCESS_STACK_ROOM_H

#include <stddef.h>
#include <stdint.h>

#if defined(__has_feature)
#define NATIVE_STACK_IS_SANITIZED __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define NATIVE_STACK_IS_SANITIZED 1
#else
#define NATIVE_STACK_IS_SANITIZED 0
#endif
/* Sanitizers make frames several times as large. */
enum { NATIVE_STACK_SCALE = NATIVE_STACK_IS_SANITIZED ? 4 : 1 };

enum {
	/*
	 * What a native of the library finds at least, wherever it is called: enough for the deepest recursion in
	 * one of them, which is that over a document of ENCODING_DEPTH levels.
	 */
	NATIVE_STACK_ROOM = NATIVE_STACK_SCALE * (2 << 20),
	/* The stack of a thread that is made to run a program on. */
	NATIVE_STACK_BYTES = NATIVE_STACK_SCALE * (8 << 20),
};

/*
 * Bytes between the calling frame and the end of the thread's stack; SIZE_MAX if the system does not say
 * where that is.
 */
size_t native_stack_left(void);

#endif
