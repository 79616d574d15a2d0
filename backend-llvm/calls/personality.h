/* The personality of functions with landing pads: the compiler run-time's own, which knows clean-ups only. */
#ifndef CALLS_PERSONALITY_H
#define CALLS_PERSONALITY_H

#define PERSONALITY_SYMBOL "__gcc_personality_v0"

#endif
