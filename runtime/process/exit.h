/*
 * exit() while other threads are inside of a library whose static data it destroys, such as the compiler's:
 * it waits until they have left, and nobody enters any more.
 */
#ifndef PROCESS_EXIT_H
#define PROCESS_EXIT_H

#include <stdbool.h>

/*
 * exit(), called by the thread that calls this, waits. Does nothing on other threads than the process's main
 * one, whose ends would have to wait, too.
 */
void exit_watch(void);

/*
 * Between the two nobody forks, and a watched exit() waits. False: exit() has been called, the library may be
 * gone, and there is nothing to leave. Not to be nested.
 */
bool library_enter(void);
void library_leave(void);

#endif
