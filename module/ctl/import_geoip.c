/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief import: a configuration of Knot with mod-geoip.
 */
#include "ctl/import.h"
#include "formats/geoip/geoip.h"

static int take_zone(void *ctx, const steer_zone_head_t *head, steer_fault_t *fault)
{
	return import_head(ctx, head, &import_geoip, "knot.conf", fault);
}

static int take(import_t *import, steer_input_t *input, void **reader, steer_fault_t *fault)
{
	steer_geoip_t *geoip = steer_geoip_new(input);
	if (geoip == NULL) {
		return steer_fault(fault, STEER_ENOMEM, "out of memory");
	}
	*reader = geoip;
	const steer_reading_t reading = import_reading(import, take_zone);
	return steer_geoip_read(geoip, import->named, &steer_knot_files, &reading, fault);
}

static void free_reader(void *reader)
{
	steer_geoip_free(reader);
}

const import_format_t import_geoip = {
	.name = "geoip", .title = "mod-geoip", .document = true, .take = take, .free = free_reader,
};
