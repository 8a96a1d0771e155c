/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief import: Steer YAML.
 */
#include "ctl/import.h"
#include "formats/yaml/yaml.h"

static int take_document(void *ctx, const steer_zone_head_t *head, steer_fault_t *fault)
{
	return import_head(ctx, head, &import_yaml, "the document", fault);
}

static int take(import_t *import, steer_input_t *input, void **reader, steer_fault_t *fault)
{
	steer_yaml_t *file;
	const char *path = input->name;
	int ret = steer_yaml_take(&file, input);
	if (ret != STEER_OK) {
		ret = steer_fault(fault, ret, "%s: out of memory", path);
		steer_input_free(input);
		return ret;
	}
	*reader = file;
	if (import->named != NULL) {
		return steer_fault(fault, STEER_EREFUSED, "%s: Steer YAML names its zones itself; "
		                   "allowed: no --zone", path);
	}
	const steer_reading_t reading = import_reading(import, take_document);
	ret = steer_yaml_read(file, &reading, fault);
	steer_yaml_release(file);
	return ret;
}

static void close_file(void *reader)
{
	steer_yaml_close(reader);
}

const import_format_t import_yaml = {
	.name = "yaml", .document = true,
	.no_servers = "zone: no name servers, and the store has no delegation set "
	              "(steerctl config name-servers); allowed: NS records at \"@\"",
	.no_mode = "mode: missing, and the zone in the store is an overlay; allowed: mode: overlay, or "
	           "mode: authoritative to change it",
	.take = take, .free = close_file,
};
