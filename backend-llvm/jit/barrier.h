/* New instructions, and threads that may have fetched others from the same place. */
#ifndef JIT_BARRIER_H
#define JIT_BARRIER_H

/* Before the first barrier; once for a process would be enough. */
void instruction_barrier_prepare(void);

/* Every thread of the process that runs fetches its instructions anew; others do when they go on. */
void instruction_barrier(void);

#endif
