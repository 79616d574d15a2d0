/* Where `volt run` keeps compiled code. */
#ifndef CLI_CACHE_FOLDER_H
#define CLI_CACHE_FOLDER_H

#include <stdbool.h>

/*
 * The absolute path of the folder that `option`, the value of --cache, or else the environment (VOLT_CACHE)
 * names; NULL for "off". Without either it is `volt` in the user's folder for caches, and NULL where the user
 * has none. free() is the caller's. False: a path that cannot be made absolute.
 */
bool cache_folder_choose(const char *option, char **path);

#endif
