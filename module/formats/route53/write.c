/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/write.h"

#include <stdlib.h>
#include <string.h>

#include "formats/network_text.h"
#include "formats/route53/escapes.h"
#include "formats/route53/target_zone.h"
#include "formats/route53/writer.h"

static void print(void *ctx, const char *text, size_t len)
{
	fwrite(text, 1, len, ctx);
}

steer_route53_writer_t *steer_route53_writer_new(const steer_route53_store_t *store, FILE *out)
{
	steer_route53_writer_t *writer = calloc(1, sizeof(*writer));
	if (writer == NULL) {
		return NULL;
	}
	writer->store = *store;
	writer->gen = yajl_gen_alloc(NULL);
	if (writer->gen == NULL) {
		free(writer);
		return NULL;
	}
	yajl_gen_config(writer->gen, yajl_gen_beautify, 1);
	yajl_gen_config(writer->gen, yajl_gen_print_callback, print, out);
	return writer;
}

void steer_route53_writer_free(steer_route53_writer_t *writer)
{
	if (writer != NULL) {
		yajl_gen_free(writer->gen);
		free(writer);
	}
}

/* Answers: each is an object whose last member is a list. */

static void begin(steer_route53_writer_t *writer)
{
	if (writer->begun) {
		yajl_gen_reset(writer->gen, NULL);
	}
	writer->begun = true;
	yajl_gen_map_open(writer->gen);
}

void steer_route53_write_end(steer_route53_writer_t *writer)
{
	yajl_gen_array_close(writer->gen);
	yajl_gen_map_close(writer->gen);
}

void steer_route53_write_zone(steer_route53_writer_t *writer, const uint8_t *zone,
                              const char *comment)
{
	static const char folder[] = "/hostedzone/";
	char name[STEER_NAME_TEXT_MAX], id[sizeof(folder) + STEER_ROUTE53_ZONE_ID];
	strcpy(id, folder);
	steer_route53_zone_id(zone, id + strlen(folder));
	begin(writer);
	steer_route53_put_object(writer, "HostedZone");
	steer_route53_put_text(writer, "Id", id);
	steer_route53_put_text(writer, "Name", steer_octal_name(zone, name));
	steer_route53_put_object(writer, "Config");
	if (comment[0] != '\0') {
		steer_route53_put_text(writer, "Comment", comment);
	}
	steer_route53_put_bool(writer, "PrivateZone", false);
	yajl_gen_map_close(writer->gen);
	yajl_gen_map_close(writer->gen);
	steer_route53_put_list(writer, "ResourceRecordSets");
}

void steer_route53_write_checks(steer_route53_writer_t *writer)
{
	begin(writer);
	steer_route53_put_list(writer, "HealthChecks");
}

/* CIDR collections, whose identifiers are their names. */

void steer_route53_write_collections(steer_route53_writer_t *writer)
{
	begin(writer);
	steer_route53_put_list(writer, "CidrCollections");
}

void steer_route53_write_collection(steer_route53_writer_t *writer, const char *name)
{
	yajl_gen_map_open(writer->gen);
	steer_route53_put_text(writer, "Id", name);
	steer_route53_put_text(writer, "Name", name);
	yajl_gen_map_close(writer->gen);
}

void steer_route53_write_blocks(steer_route53_writer_t *writer, const char *collection)
{
	begin(writer);
	steer_route53_put_text(writer, "CollectionId", collection);
	steer_route53_put_list(writer, "CidrBlocks");
}

void steer_route53_write_block(steer_route53_writer_t *writer, const steer_network_t *block,
                               const char *location)
{
	char text[STEER_NETWORK_TEXT];
	yajl_gen_map_open(writer->gen);
	steer_route53_put_text(writer, "CidrBlock", steer_network_print(block, text));
	steer_route53_put_text(writer, "LocationName", location);
	yajl_gen_map_close(writer->gen);
}
