/* The recording exit, for strategies that have it, too. */
#ifndef CALLS_EXIT_RECORD_H
#define CALLS_EXIT_RECORD_H

#include "calls/strategy.h"

extern const frame_exit recorded_frame;

#endif
