/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/import_batch.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/types.h"

/* The zone. */

static int by_name(const void *a, const void *b)
{
	const batch_zone_t *x = a, *y = b;
	return steer_key_cmp(x->apex.bytes, x->apex.len, y->apex.bytes, y->apex.len);
}

static int refuse_zone(const uint8_t *name, const char *text, steer_fault_t *fault)
{
	char shown[STEER_NAME_TEXT];
	steer_name_print(name, shown);
	return steer_fault(fault, STEER_EINVAL, "the zone %.255s %s", shown, text);
}

/*! Looks for the zone of that name in the store. \retval STEER_OK, STEER_ENOENT, others: told */
static int look_up(const import_batch_t *batch, const uint8_t *name, steer_fault_t *fault)
{
	steer_key_t key;
	steer_zone_t zone;
	steer_key_from_name(&key, name);
	int ret = view_zone(&batch->import->view, &key, &zone);
	return ret == STEER_OK || ret == STEER_ENOENT ? ret
	       : steer_fault(fault, ret, "%s", steer_strerror(ret));
}

/*! Finds the only zone in the store that encloses a name. */
static int find_encloser(const import_batch_t *batch, const uint8_t *name, const uint8_t **zone,
                         steer_fault_t *fault)
{
	unsigned count = 0;
	for (;; name += 1 + name[0]) {
		int ret = look_up(batch, name, fault);
		if (ret == STEER_OK) {
			*zone = count++ == 0 ? name : *zone;
		} else if (ret != STEER_ENOENT) {
			return ret;
		}
		if (name[0] == 0) {
			break;
		}
	}
	if (count == 1) {
		return STEER_OK;
	}
	return steer_fault(fault, STEER_EINVAL, "Changes: %s zone in the store has all these names; "
	                   "allowed: --zone%s", count == 0 ? "no" : "more than one", count == 0 ? ""
	                   : ", or HostedZoneId and what get-hosted-zone prints");
}

/*! Names a zone to the change set, once. */
static int name_zone(import_batch_t *batch, const uint8_t *name, steer_fault_t *fault)
{
	batch_zone_t *zone = calloc(1, sizeof(*zone));
	if (zone == NULL) {
		return steer_fault(fault, STEER_ENOMEM, "out of memory");
	}
	steer_key_from_name(&zone->apex, name);
	memcpy(zone->name, name, steer_name_len(name));
	batch_zone_t **found = tsearch(zone, &batch->zones, by_name);
	if (found == NULL) {
		free(zone);
		return steer_fault(fault, STEER_ENOMEM, "out of memory");
	}
	batch->zone = *found;
	if (*found != zone) {
		free(zone);
		return STEER_OK;
	}
	int ret = steer_change_zone(batch->import->change, name, STEER_ZONE_MERGE, &zone->number);
	return ret == STEER_OK ? ret : steer_fault(fault, ret, "%s", steer_strerror(ret));
}

static int take_batch(void *ctx, const uint8_t *name, bool known, uint8_t *zone,
                      steer_fault_t *fault)
{
	import_batch_t *batch = ctx;
	int ret = known ? look_up(batch, name, fault) : find_encloser(batch, name, &name, fault);
	if (import_find(batch->import, name) != NULL) {
		return refuse_zone(name, "is in the import as a whole, too; allowed: its changes in an "
		                   "import of their own", fault);
	}
	if (ret == STEER_ENOENT) {
		return refuse_zone(name, "is not in the store; allowed: the import of its record sets, "
		                   "and then that of changes", fault);
	}
	if (ret != STEER_OK) {
		return ret;
	}
	memcpy(zone, name, steer_name_len(name));
	return name_zone(batch, name, fault);
}

/* Changes. */

/*! Adds a record set that is created or replaced. */
static int add_set(const import_batch_t *batch, const steer_route53_change_t *change)
{
	const steer_source_location_t location = {
		change->place.file, change->place.line, change->place.column
	};
	const unsigned zone = batch->zone->number;
	steer_change_t *to = batch->import->change;
	const steer_change_set_t *set = NULL;
	int ret = change->program_len == 0 ? STEER_OK
	          : steer_change_policy(to, zone, change->owner, change->type, change->program,
	                                change->program_len, &location);
	if (ret == STEER_OK && change->in_set) {
		ret = steer_change_set(to, zone, change->owner, change->type, &change->set, &location,
		                       &set);
	}
	for (size_t i = 0; i < change->count && ret == STEER_OK; i++) {
		const steer_route53_value_t *value = &change->values[i];
		const steer_record_t record = {
			.owner = change->owner, .type = change->type, .ttl = change->ttl,
			.rdata = value->rdata, .rdata_len = value->rdata_len, .set = set,
			.location = { value->place.file, value->place.line, value->place.column },
		};
		ret = steer_change_add(to, zone, &record);
	}
	return ret;
}

static int take_change(void *ctx, const steer_route53_change_t *change, steer_fault_t *fault)
{
	import_batch_t *batch = ctx;
	const batch_zone_t *zone = batch->zone;
	progress_count(&batch->import->progress);
	batch->import->taken = true;
	if (!steer_name_in(change->owner, zone->name)) {
		char shown[STEER_NAME_TEXT];
		steer_name_print(change->owner, shown);
		return steer_fault(fault, STEER_EINVAL, "Name: %.255s is outside the zone", shown);
	}
	if (type_is_signing(change->type, steer_name_equal(change->owner, zone->name))) {
		return steer_fault(fault, STEER_EINVAL, "Type: of a signed zone; allowed: others, as a "
		                   "hosted zone is not signed");
	}
	int ret = batch_sets_change(&batch->sets, zone, change, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = change->action != STEER_ROUTE53_DELETE ? add_set(batch, change)
	      : steer_change_remove(batch->import->change, zone->number, change->owner, change->type,
	                            change->set.id[0] != '\0' ? change->set.id : NULL);
	return ret == STEER_OK ? ret : steer_fault(fault, ret, "%s", steer_strerror(ret));
}

static void take_error(void *ctx, const steer_place_t *place, const char *text)
{
	const import_batch_t *batch = ctx;
	import_error(batch->import, place, text);
}

static void take_warning(void *ctx, const steer_place_t *place, const char *text)
{
	const import_batch_t *batch = ctx;
	import_warning(batch->import, place, text);
}

steer_route53_changes_t import_batch_begin(import_batch_t *batch, import_t *import)
{
	*batch = (import_batch_t) { .import = import, .sets = { .view = &import->view } };
	return (steer_route53_changes_t) {
		.batch = take_batch, .change = take_change, .error = take_error,
		.warn = take_warning, .ctx = batch,
	};
}

void import_batch_end(import_batch_t *batch)
{
	batch_sets_end(&batch->sets);
	tdestroy(batch->zones, free);
}
