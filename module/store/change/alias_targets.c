/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/alias.h"
#include "store/change/alias_targets.h"
#include "store/change/source_location.h"
#include "store/change/zones.h"
#include "store/silence.h"

/*! Label count of the closest hosted zone at or above a name, or STEER_ZONE_TOP. */
static int find_zone(steer_write_t *write, const uint8_t *name, uint8_t *labels, bool *overlay)
{
	steer_key_t key;
	steer_key_from_name(&key, name);
	*labels = STEER_ZONE_TOP;
	*overlay = false;
	for (int i = key.labels; i >= 0; i--) {
		steer_zone_t zone;
		int ret = steer_zone_get(write, key.bytes, key.end[i], &zone);
		if (ret != STEER_ENOENT) {
			*labels = i;
			*overlay = ret == STEER_OK && zone.mode == STEER_ZONE_OVERLAY;
			return ret;
		}
	}
	return STEER_OK;
}

/*! Whether a name and a target are in the same overlay. */
static int share_overlay(steer_alias_targets_t *targets, const uint8_t *owner,
                         const uint8_t *target, bool *shared)
{
	steer_write_t *write = targets->graph->write;
	uint8_t labels, others;
	bool overlay, other;
	*shared = false;
	int ret = find_zone(write, target, &others, &other);
	if (ret != STEER_OK || !other) {
		return ret;
	}
	ret = find_zone(write, owner, &labels, &overlay);
	if (ret != STEER_OK) {
		return ret;
	}
	*shared = overlay && labels == others &&
	          steer_name_equal(steer_name_skip(owner, steer_name_labels(owner) - labels),
	                           steer_name_skip(target, steer_name_labels(target) - labels));
	return STEER_OK;
}

/*! Opens the status, and finds out whether steerd is at work; once. */
static bool steerd_is_at_work(steer_alias_targets_t *targets)
{
	steer_store_t *store = targets->graph->write->store;
	steer_fault_t fault;
	uint64_t id;
	if (targets->looked) {
		return targets->steerd;
	}
	targets->looked = true;
	if (steer_reader_open(&targets->status, store, STEER_ENV_STATUS, &fault) == STEER_OK &&
	    steer_reader_renew(targets->status, &id) != STEER_OK) {
		steer_alias_targets_end(targets);
	}
	targets->steerd = targets->status != NULL &&
	                  steer_steerd_is_at_work(targets->status, &targets->options->now);
	return targets->steerd;
}

static bool is_resolved(steer_alias_targets_t *targets, const uint8_t *name, uint16_t type)
{
	steer_key_t key;
	steer_external_answer_t target;
	steer_key_from_name(&key, name);
	return targets->status != NULL &&
	       steer_status_external_answer(targets->status, type, &key, &target) == STEER_OK;
}

void steer_alias_targets_end(steer_alias_targets_t *targets)
{
	if (targets->status != NULL) {
		steer_reader_close(targets->status);
		targets->status = NULL;
	}
}

/*! Writes "A 'blue': alias target lb.example.net. " and what is wrong with it. */
static void print(char *line, size_t size, const steer_change_record_t *at, const steer_set_t *set,
                  const char *before, const char *types, const char *after)
{
	char target[STEER_NAME_TEXT_MAX], about[STEER_SET_TEXT];
	steer_name_to_text(target, set->body);
	steer_set_text(about, at->type, set->id, set->id_len);
	snprintf(line, size, "%s: alias target %s %s %s records%s", about, target, before, types,
	         after);
}

/*! Warns of a target: once, if the same line gives the alias for another type too. */
static void warn(const steer_alias_targets_t *targets, const steer_change_record_t *at,
                 uint16_t other_type, const steer_set_t *set, const char *before,
                 const char *after)
{
	char line[STEER_SET_TEXT + STEER_NAME_TEXT_MAX + STEER_MESSAGE_MAX];
	char types[64], type[STEER_TYPE_TEXT], other[STEER_TYPE_TEXT];
	if (other_type != 0 && other_type < at->type) {
		return;
	}
	snprintf(types, sizeof(types), "%s%s%s", steer_type_text(at->type, type),
	         other_type != 0 ? " or " : "",
	         other_type != 0 ? steer_type_text(other_type, other) : "");
	print(line, sizeof(line), at, set, before, types, after);
	steer_record_warn(at, line, targets->options);
}

int steer_alias_targets_look(steer_alias_targets_t *targets, const steer_change_record_t *at,
                             const uint8_t *owner, const steer_set_t *set, bool missing,
                             uint16_t other_type)
{
	char line[STEER_SET_TEXT + STEER_NAME_TEXT_MAX + STEER_MESSAGE_MAX], type[STEER_TYPE_TEXT];
	bool shared = false;
	int ret = missing ? STEER_OK : share_overlay(targets, owner, set->body, &shared);
	if (ret != STEER_OK) {
		return ret;
	}
	if (shared && !(at->set->keep & STEER_KEEP_CONTENT)) {
		print(line, sizeof(line), at, set, "has no", steer_type_text(at->type, type),
		      " in the overlay, and the server gives no module the records of its own zone (rule "
		      "A4); allowed: a record set of the overlay, or a name of another zone");
		return steer_record_fault(at, STEER_EREFUSED, line, targets->graph->write->fault);
	}
	if (missing) {
		if (!steer_alias_is_half(&targets->graph->lookup, owner, at->type, set->body)) {
			warn(targets, at, other_type, set, "has no", " yet (rule A5)");
		}
	} else if (!steerd_is_at_work(targets) && !is_resolved(targets, set->body, at->type)) {
		bool both = other_type != 0 && !is_resolved(targets, set->body, other_type);
		warn(targets, at, both ? other_type : 0, set, "is external, no",
		     " of it are known, and no steerd is at work to resolve it: SERVFAIL until one has (rule "
		     "A4)");
	}
	return STEER_OK;
}
