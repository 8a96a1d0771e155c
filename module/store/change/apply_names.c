/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names that get numbers as change sets of their own. */
#include "store/change/dictionary_write.h"
#include "store/change/log_write.h"
#include "store/change/transaction.h"

static int apply_all(steer_write_t *write, const steer_dictionary_name_t *names, size_t count,
                     const steer_apply_t *options, uint32_t *numbers, bool *changed)
{
	static const steer_summary_t nothing_else;
	int ret = steer_log_begin(write, NULL, options);
	for (size_t i = 0; i < count && ret == STEER_OK; i++) {
		bool given;
		ret = steer_dictionary_intern(write, &names[i], options, &numbers[i], &given);
		*changed = *changed || (ret == STEER_OK && given);
	}
	return ret == STEER_OK && *changed ? steer_log_finish(write, &nothing_else) : ret;
}

int steer_store_apply_names(steer_store_t *store, const steer_dictionary_name_t *names,
                            size_t count, const steer_apply_t *options, uint32_t *numbers,
                            steer_fault_t *fault)
{
	steer_write_t write;
	bool changed = false;
	int ret = steer_write_begin(&write, store, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = apply_all(&write, names, count, options, numbers, &changed);
	if (ret != STEER_OK || options->dry_run || !changed) {
		steer_write_abort(&write);
		return ret;
	}
	return steer_write_commit(&write);
}
