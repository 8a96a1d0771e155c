/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The chain that the writer renames and the probe asks for.
 *
 * Five names in two zones in turn. Four carry the version, so no name of one version is in another:
 *
 *     chain.first.          CNAME  v00000007-1.second.
 *     v00000007-1.second.   CNAME  v00000007-2.first.
 *     v00000007-2.first.    CNAME  v00000007-3.second.
 *     v00000007-3.second.   CNAME  v00000007-4.first.
 *     v00000007-4.first.    A      0.0.0.7
 *
 * A shorter one ends with an address sooner; one of a single link is an address alone.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHAIN_LINKS    5 /*!< At most. */
#define CHAIN_NAME_MAX 255
#define CHAIN_VERSIONS 100000000 /*!< Versions have eight digits. */

/*! Number of links, and wire names of the two zones. */
typedef struct {
	unsigned links;
	uint8_t zone[2][CHAIN_NAME_MAX];
	size_t len[2];
} chain_t;

/*! Reads a zone's name: labels without escapes. */
static inline void chain_zone(chain_t *chain, unsigned which, const char *text)
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

/*! Zone that a link lies in. */
static inline unsigned chain_side(unsigned link)
{
	return link % 2;
}

/*! Writes a link's wire name; returns its length. */
static inline size_t chain_name(const chain_t *chain, unsigned link, uint32_t version,
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
