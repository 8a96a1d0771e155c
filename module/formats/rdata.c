/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/text.h"

#include <libknot/descriptor.h>
#include <libknot/dname.h>
#include <libknot/rrtype/naptr.h>

/* libzscanner accepts the generic form of any type unchecked, and libknot trusts it: it would read
 * names and strings beyond the end of the rdata. So the form is checked here. */

/*! Blocks that libknot's descriptors lack. */
enum {
	BLOCK_STRING = -100, /*!< A byte that counts those that follow. */
	BLOCK_GATEWAY, /*!< Of IPSECKEY; its kind is two bytes before it. */
};

/*! Types that libknot describes as mere bytes, but prints by their parts. */
static const struct {
	uint16_t type;
	int blocks[6];
} parts[] = {
	{ TYPE_IPSECKEY, { 3, BLOCK_GATEWAY, KNOT_RDATA_WF_REMAINDER } },
	{ TYPE_NSEC3, { 4, BLOCK_STRING, BLOCK_STRING, KNOT_RDATA_WF_REMAINDER } },
	{ TYPE_NSEC3PARAM, { 4, BLOCK_STRING } },
	{ TYPE_SVCB, { 2, KNOT_RDATA_WF_FIXED_DNAME, KNOT_RDATA_WF_REMAINDER } },
	{ TYPE_HTTPS, { 2, KNOT_RDATA_WF_FIXED_DNAME, KNOT_RDATA_WF_REMAINDER } },
};

static const int *blocks_of(uint16_t type)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (parts[i].type == type) {
			return parts[i].blocks;
		}
	}
	const knot_rdata_descriptor_t *found = knot_get_rdata_descriptor(type);
	return found->type_name != NULL ? found->block_types
	       : knot_get_obsolete_rdata_descriptor(type)->block_types;
}

static int gateway_len(uint8_t kind, const uint8_t *at, const uint8_t *end)
{
	switch (kind) {
	case 0:
		return 0;
	case 1:
		return 4;
	case 2:
		return 16;
	case 3:
		return knot_dname_wire_check(at, end, NULL);
	default:
		return -1;
	}
}

/*! Length of one block of rdata, which may exceed what is there; negative: malformed. */
static int block_len(int block, const uint8_t *at, const uint8_t *end)
{
	int len;
	switch (block) {
	case BLOCK_STRING:
		return at < end ? 1 + *at : -1;
	case BLOCK_GATEWAY:
		return gateway_len(at[-2], at, end);
	case KNOT_RDATA_WF_COMPRESSIBLE_DNAME:
	case KNOT_RDATA_WF_DECOMPRESSIBLE_DNAME:
	case KNOT_RDATA_WF_FIXED_DNAME:
		len = knot_dname_wire_check(at, end, NULL);
		return len > 0 ? len : -1;
	case KNOT_RDATA_WF_NAPTR_HEADER:
		return knot_naptr_header_size(at, end);
	case KNOT_RDATA_WF_REMAINDER:
		return end - at;
	default:
		return block;
	}
}

bool steer_rdata_check(uint16_t type, const uint8_t *rdata, uint16_t rdata_len)
{
	const uint8_t *at = rdata, *end = rdata + rdata_len;
	for (const int *block = blocks_of(type); *block != KNOT_RDATA_WF_END; block++) {
		int len = block_len(*block, at, end);
		if (len < 0 || len > end - at) {
			return false;
		}
		at += len;
	}
	return at == end;
}

void steer_rdata_canonical(uint16_t type, uint8_t *rdata, uint16_t rdata_len)
{
	if (!knot_rrtype_should_be_lowercased(type)) {
		return;
	}
	uint8_t *at = rdata, *end = rdata + rdata_len;
	for (const int *block = blocks_of(type); *block != KNOT_RDATA_WF_END; block++) {
		if (*block == KNOT_RDATA_WF_COMPRESSIBLE_DNAME ||
		    *block == KNOT_RDATA_WF_DECOMPRESSIBLE_DNAME ||
		    *block == KNOT_RDATA_WF_FIXED_DNAME) {
			knot_dname_to_lower(at);
		}
		at += block_len(*block, at, end);
	}
}
