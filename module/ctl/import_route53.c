/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief import: answers of the API of Route 53.
 */
#include "ctl/import.h"
#include "ctl/import_batch.h"
#include "formats/route53/route53.h"

static int take_hosted_zone(void *ctx, const steer_zone_head_t *head, steer_fault_t *fault)
{
	import_t *import = ctx;
	return import_head(import, head, &import_route53,
	                   import->named != NULL ? import_by_option : "its SOA or hosted zone", fault);
}

/*! Keeps a file until all of them are there, since they belong together. */
static int take(import_t *import, steer_input_t *input, void **reader, steer_fault_t *fault)
{
	if (*reader == NULL) {
		*reader = steer_route53_new();
	}
	if (*reader == NULL) {
		int ret = steer_fault(fault, STEER_ENOMEM, "%s: out of memory", input->name);
		steer_input_free(input);
		return ret;
	}
	return steer_route53_add(*reader, input, import_error, import, fault);
}

static int finish(import_t *import, void *reader, steer_fault_t *fault)
{
	const steer_reading_t reading = import_reading(import, take_hosted_zone);
	return steer_route53_read(reader, import->named, &reading, fault);
}

static int change(import_t *import, void *reader, steer_fault_t *fault)
{
	import_batch_t batch;
	const steer_route53_changes_t changes = import_batch_begin(&batch, import);
	int ret = steer_route53_read_changes(reader, import->named, &changes, fault);
	import_batch_end(&batch);
	return ret;
}

static void free_files(void *reader)
{
	steer_route53_free(reader);
}

const import_format_t import_route53 = {
	.name = "route53", .title = "Route 53", .document = true,
	.no_servers = "no name servers but those of Route 53, and the store has no delegation set; "
	              "allowed: steerctl config name-servers NAME..., and then import",
	.no_mode = "the zone in the store is an overlay; allowed: --merge, or zone delete first",
	.take = take, .finish = finish, .change = change, .free = free_files,
};
