/* The collector in a process that is the host's: its threads, its signals, its own use of the collector. */
#ifndef OBJECT_COLLECTOR_HOST_H
#define OBJECT_COLLECTOR_HOST_H

#include <stdbool.h>

/*
 * Initialises the collector, without handlers of fork() (collector.c includes them among ours), if the host
 * has not: then this thread is registered as the collector's first. Returns whether that was done. What the
 * host has initialised, it has set as it likes.
 */
bool collector_initialise(void);

/* Where this thread's stack begins: the address above its first frame. */
void *collector_stack_base(void);

/* False: there is no memory. */
bool collector_threads_prepare(void);

/*
 * Does anything else that is loaded call the collector? To be linked with it is not enough: a link without
 * --as-needed is.
 */
bool collector_has_other_users(void);

/*
 * The main thread stays registered once it was inside. Hosts that use the collector expect this of its
 * initialisation, without a call of their own; other hosts may block the collector's signal outside.
 */
void collector_keep_main_thread(void);

#endif
