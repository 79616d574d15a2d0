/*
 * Samples of what runs (volt_vm_visit_samples()). A ticker asks the running fiber to give way; where its
 * slice then ends, all its frames lie in the fiber, whoever has run them, and are noted. Nothing is guessed
 * from registers or native frames, and nothing runs on another thread but the clock.
 */
#ifndef VM_SAMPLER_H
#define VM_SAMPLER_H

#include "state/vm_state.h"

typedef struct sampler sampler;

/* If the options ask for it. Without memory or a thread there are no samples. */
void sampler_start(volt_vm *vm);
void sampler_stop(sampler *self);

/* The VM's, which samples no more; NULL: there is none. Then its samples count for another VM. */
sampler *sampler_take(volt_vm *vm);
void sampler_add(volt_vm *vm, sampler *taken);

/* Behind a fiber's slice, before the fiber is ended: notes where it is, if that was asked for. */
void sampler_look(const volt_vm *vm, const volt_fiber *fiber);

/* Nobody ran: what was asked for meanwhile is about nobody. */
void sampler_forget(sampler *self);

#endif
