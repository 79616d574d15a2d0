/*
 * On AArch64 the writer of code can clear caches for all processors, and JITLink does, but what a processor
 * has already fetched it keeps until an instruction barrier of its own (architecture reference manual,
 * "Concurrent modification and execution of instructions"); release and acquire of the pointer order data
 * only. The system makes all threads execute one. An x86-64 processor looks after that by itself.
 */
#include "jit/barrier.h"

#if defined(__aarch64__)

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

void instruction_barrier_prepare(void) {
	syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0);
}

/* Where it is refused, nothing else reaches other threads; then only a place that is used again is at risk.
 */
void instruction_barrier(void) {
	syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0);
}

#else

void instruction_barrier_prepare(void) {}

void instruction_barrier(void) {}

#endif
