/*
 * What every public header wraps its declarations in: C linkage, and symbols that the shared libraries
 * export.
 */
#ifndef VOLT_VISIBILITY_H
#define VOLT_VISIBILITY_H

#ifdef __cplusplus
#define VOLT_C_LINKAGE_BEGIN extern "C" {
#define VOLT_C_LINKAGE_END }
#else
#define VOLT_C_LINKAGE_BEGIN
#define VOLT_C_LINKAGE_END
#endif

#define VOLT_DECLARATIONS_BEGIN VOLT_C_LINKAGE_BEGIN _Pragma("GCC visibility push(default)")
#define VOLT_DECLARATIONS_END _Pragma("GCC visibility pop") VOLT_C_LINKAGE_END

#endif
