/*
 * Values of the language's `error` type, made by natives: *errors.Error structs and the sentinels of
 * packages.
 */
#ifndef OBJECT_ERROR_VALUES_H
#define OBJECT_ERROR_VALUES_H

#include "object/space.h"

/*
 * A new error with a message and a cause (NULL: none) into result[0..1]. Nil if the module has no error
 * type.
 */
void error_value_new(object_space *space, volt_slot result[2], const char *message, size_t length,
                     const volt_slot cause[2]);
void error_value_format(object_space *space, volt_slot result[2], const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * A sentinel: the same value at every call with the same package and index; `message` is used on first
 * use.
 */
void error_value_sentinel(object_space *space, volt_slot result[2], const char *package, unsigned index,
                          const char *message);

/* The nil error. */
static inline void error_value_nil(volt_slot result[2]) {
	result[0] = result[1] = 0;
}

#endif
