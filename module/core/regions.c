/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/regions.h"

#include <string.h>

static const steer_region_t regions[] = {
#define ROW(name, lat, lon) { name, { lat, lon } },
#include "module/core/regions.inc"
#undef ROW
};
#define REGIONS (sizeof(regions) / sizeof(*regions))
_Static_assert(REGIONS <= STEER_REGIONS_MAX, "more regions than tables of them hold");

const steer_region_t *steer_region_at(size_t number)
{
	return number < REGIONS ? &regions[number] : NULL;
}

const steer_region_t *steer_region_find(const char *name, size_t len)
{
	for (size_t i = 0; i < REGIONS; i++) {
		if (strlen(regions[i].name) == len && memcmp(regions[i].name, name, len) == 0) {
			return &regions[i];
		}
	}
	return NULL;
}

static bool is_good(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

bool steer_region_name_is_good(const char *name, size_t len)
{
	size_t good = 0;
	while (good < len && is_good(name[good])) {
		good++;
	}
	return len > 0 && len <= STEER_REGION_NAME_MAX && good == len;
}
