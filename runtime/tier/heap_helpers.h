/* Helpers for instructions that work on the heap: volt/tier.h says what each is given and returns. */
#ifndef TIER_HEAP_HELPERS_H
#define TIER_HEAP_HELPERS_H

#include "volt/tier.h"

volt_slot helper_string_new(volt_context *context, uint32_t constant);
volt_slot helper_string_concatenate(volt_context *context, volt_slot left, volt_slot right);
volt_slot helper_string_equal(volt_context *context, volt_slot left, volt_slot right);
volt_slot helper_string_compare(volt_context *context, volt_slot left, volt_slot right);
volt_pair helper_string_slice(volt_context *context, uint32_t pc, volt_slot string, volt_slot lo,
                              volt_slot hi);
volt_slot helper_string_part(volt_context *context, volt_slot string, volt_slot lo, volt_slot hi);
volt_slot helper_string_part_equal(volt_context *context, volt_slot string, volt_slot lo, volt_slot hi,
                                   volt_slot other);
volt_pair helper_string_decode_rune(volt_context *context, volt_slot string, volt_slot position);

void helper_interface_assign(volt_context *context, uint32_t kind, const volt_slot *source,
                             volt_slot constant, volt_slot *result);
volt_status helper_interface_assert(volt_context *context, uint32_t pc, volt_slot type, volt_slot payload,
                                    uint32_t target, uint32_t flags, volt_slot *result);
volt_pair helper_interface_equal(volt_context *context, uint32_t pc, volt_slot left_type,
                                 volt_slot left_payload, volt_slot right_type, volt_slot right_payload);

volt_slot helper_object_new(volt_context *context, volt_slot meta, uint32_t slots, uint32_t meta_slot);
volt_slot helper_closure_new(volt_context *context, uint32_t function, uint32_t captures);

volt_pair helper_array_new(volt_context *context, uint32_t pc, volt_slot meta, volt_slot length,
                           volt_slot bytes);
volt_pair helper_slice_new(volt_context *context, uint32_t pc, volt_slot meta, volt_slot length,
                           volt_slot capacity, volt_slot bytes);
volt_pair helper_slice_slice(volt_context *context, uint32_t pc, volt_slot source, volt_slot lo, volt_slot hi,
                             volt_slot maximum, uint32_t flags);
volt_pair helper_slice_append(volt_context *context, uint32_t pc, volt_slot slice, volt_slot meta,
                              uint32_t flags, volt_slot bytes, const volt_slot *element);

volt_slot helper_map_new(volt_context *context, volt_slot metas, volt_slot rttid, uint32_t widths);
volt_pair helper_map_get(volt_context *context, uint32_t function, uint32_t pc, volt_slot map,
                         const volt_slot *key, volt_slot descriptor);
volt_pair helper_map_place(volt_context *context, volt_slot map, volt_slot key, uint32_t value_slots);
volt_pair helper_map_place_of_part(volt_context *context, volt_slot string, volt_slot lo, volt_slot hi,
                                   volt_slot map, uint32_t value_slots);
volt_status helper_map_set(volt_context *context, uint32_t function, uint32_t pc, volt_slot map,
                           const volt_slot *key, volt_slot descriptor, const volt_slot *value);
volt_status helper_map_delete(volt_context *context, uint32_t function, uint32_t pc, volt_slot map,
                              const volt_slot *key, volt_slot key_slots);
volt_slot helper_map_length(volt_context *context, volt_slot map);
void helper_map_iterator_start(volt_context *context, volt_slot *iterator, volt_slot map);
volt_pair helper_map_iterator_next(volt_context *context, uint32_t function, uint32_t pc, volt_slot *iterator,
                                   volt_slot *entry, uint32_t flags);

#endif
