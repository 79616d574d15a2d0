/* The complete exit, for strategies that have it for some forms. */
#ifndef CALLS_EXIT_FRAMES_H
#define CALLS_EXIT_FRAMES_H

#include "calls/strategy.h"

extern const frame_exit complete_frame;

#endif
