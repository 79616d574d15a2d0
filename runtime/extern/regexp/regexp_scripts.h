/* Scripts of Unicode by their short names. */
#ifndef EXTERN_REGEXP_REGEXP_SCRIPTS_H
#define EXTERN_REGEXP_REGEXP_SCRIPTS_H

/* The long name of the script with this code, or the name itself; both in lower case, letters only. */
const char *regexp_script_name(const char *name);

#endif
