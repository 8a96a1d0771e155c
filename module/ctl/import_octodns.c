/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief import: zones of octoDNS's YAML provider.
 */
#include "ctl/import.h"
#include "formats/octodns/octodns.h"

static int take_zone(void *ctx, const steer_zone_head_t *head, steer_fault_t *fault)
{
	import_t *import = ctx;
	return import_head(import, head, &import_octodns,
	                   import->named != NULL ? import_by_option : "the file's name", fault);
}

/*! The input is kept for its name, to which messages refer. */
static int take(import_t *import, steer_input_t *input, void **reader, steer_fault_t *fault)
{
	uint8_t zone[STEER_NAME_MAX];
	*reader = input;
	int ret = import->named == NULL ? steer_octodns_zone(input, zone, fault) : STEER_OK;
	if (ret == STEER_OK) {
		const steer_reading_t reading = import_reading(import, take_zone);
		ret = steer_octodns_read(input, import->named != NULL ? import->named : zone, NULL,
		                         &reading, fault);
	}
	steer_input_release(input);
	return ret;
}

static void free_input(void *reader)
{
	steer_input_free(reader);
}

const import_format_t import_octodns = {
	.name = "octodns", .title = "octoDNS", .document = true,
	.no_servers = "no NS records of the zone, and the store has no delegation set (steerctl config "
	              "name-servers); allowed: NS records at ''",
	.no_mode = "the zone in the store is an overlay; allowed: --merge, or zone delete first",
	.take = take, .free = free_input,
};
