/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stress/chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void chain_zone(chain_t *chain, unsigned which, const char *text)
{
	uint8_t *to = chain->zone[which];
	if (strlen(text) > 200) {
		fprintf(stderr, "a zone's name is too long: %s\n", text);
		exit(2);
	}
	while (*text != '\0') {
		size_t len = strcspn(text, ".");
		*to++ = len;
		memcpy(to, text, len);
		to += len;
		text += len + (text[len] == '.');
	}
	*to++ = 0;
	chain->len[which] = to - chain->zone[which];
}

unsigned chain_side(unsigned link)
{
	return link % 2;
}

size_t chain_name(const chain_t *chain, unsigned link, uint32_t version,
                  uint8_t name[CHAIN_NAME_MAX])
{
	char label[32] = "chain";
	if (link > 0) {
		snprintf(label, sizeof(label), "v%08u-%u", version % CHAIN_VERSIONS, link);
	}
	size_t len = strlen(label), zone = chain_side(link);
	name[0] = len;
	memcpy(name + 1, label, len);
	memcpy(name + 1 + len, chain->zone[zone], chain->len[zone]);
	return 1 + len + chain->len[zone];
}
