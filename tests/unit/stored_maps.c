/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/stored_maps.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/maps.h"
#include "unit/maps.h"
#include "unit/stores.h"

int stored_map_put(steer_store_t *store, const char *name, steer_map_type_t type, const char *csv,
                   uint32_t first, steer_fault_t *fault)
{
	size_t size;
	uint8_t *value = map_make(type, csv, first, &size);
	int ret = steer_maps_put(store, name, value, size, fault);
	free(value);
	return ret;
}

void stored_map_must(steer_store_t *store, const char *name, steer_map_type_t type,
                     const char *csv)
{
	steer_fault_t fault;
	must(stored_map_put(store, name, type, csv, 1, &fault), &fault);
}

void stored_map_asn(const char *dir, const char *text)
{
	char name[16], *csv = NULL;
	unsigned number, networks;
	size_t size;
	if (sscanf(text, "%15s %u %u", name, &number, &networks) != 3) {
		abort();
	}
	FILE *out = open_memstream(&csv, &size);
	fputs("prefix,asn\n", out);
	for (unsigned i = 0; i < networks; i++) { // Not neighbours, so each is a range.
		fprintf(out, "10.%u.%u.0/24,%u\n", i / 128, i % 128 * 2, number);
	}
	fclose(out);
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	stored_map_must(store, name, STEER_MAP_ASN, csv);
	steer_store_close(store);
	free(csv);
}
