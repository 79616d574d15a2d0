/* What the command says when the program makes the process end of a fault. */
#ifndef CLI_FAULT_H
#define CLI_FAULT_H

/*
 * From here on a fault of an instruction is told on standard error, with the name of the program's file,
 * before the process ends of it as it would anyway. Who has a handler already, such as a sanitizer, keeps it.
 */
void fault_watch(const char *file);

#endif
