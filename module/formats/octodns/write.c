/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/octodns/write.h"

#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "core/program.h"
#include "core/types.h"
#include "formats/array.h"
#include "formats/memory_stream.h"
#include "formats/octodns/alias.h"
#include "formats/octodns/natural.h"
#include "formats/octodns/put.h"

/*! A name that is kept, and where its text is: its key, a NUL, its records. */
typedef struct {
	size_t key, records, end;
} kept_t;

struct steer_octodns_writer {
	steer_octodns_store_t store;
	char *texts;
	size_t len, room;
	kept_t *names;
	size_t count, names_room;
};

/*! A name that is being written. */
typedef struct {
	steer_octodns_writer_t *writer;
	const uint8_t *zone, *name;
	const steer_face_t *face;
	char key[STEER_NAME_TEXT]; /*!< Relative to the zone. */
	steer_octodns_lose_f lose; /*!< NULL: nobody is told. */
	void *ctx;
	FILE *out;                 /*!< Its records. */
	char *text;
	size_t text_len;
	unsigned records;
	bool no_memory;
} name_t;

steer_octodns_writer_t *steer_octodns_writer_new(const steer_octodns_store_t *store)
{
	steer_octodns_writer_t *writer = calloc(1, sizeof(*writer));
	if (writer != NULL) {
		writer->store = *store;
	}
	return writer;
}

void steer_octodns_writer_free(steer_octodns_writer_t *writer)
{
	if (writer != NULL) {
		free(writer->texts);
		free(writer->names);
		free(writer);
	}
}

static void lose(const name_t *name, uint16_t type, const char *what)
{
	if (name->lose != NULL) {
		name->lose(name->ctx, type, what);
	}
}

/*! Ends a record: the first of its lines is marked as an item of a list when there are several. */
static void add_record(name_t *name, const char *text, size_t len)
{
	if (name->no_memory) {
		return;
	}
	fwrite(text, 1, len, name->out);
	fputc('\0', name->out);
	name->records++;
}

/* Aliases. */

/*! An alias that is all of its group. */
static bool is_alias(const steer_group_t *group, steer_set_t *set)
{
	steer_group_set(group, 0, set);
	return group->program_len == 0 && set->alias;
}

/*! Whether the aliases of addresses are those of the type ALIAS. */
static bool is_both(const name_t *name, steer_set_t *set)
{
	steer_group_t a, aaaa;
	steer_set_t other;
	char id[STEER_CHECK_ID_MAX + 1];
	return steer_face_group(name->face, TYPE_A, &a) && is_alias(&a, set) &&
	       steer_face_group(name->face, TYPE_AAAA, &aaaa) && is_alias(&aaaa, &other) &&
	       set->evaluate && other.evaluate && !steer_set_health(set, id) &&
	       !steer_set_health(&other, id) && steer_name_equal(set->body, other.body);
}

/*! Opens a memory stream for a record. */
static FILE *open_text(name_t *name, char **text, size_t *len)
{
	FILE *out = open_memstream(text, len);
	name->no_memory |= out == NULL;
	return out;
}

static void close_text(name_t *name, FILE *out, char **text)
{
	name->no_memory |= steer_memory_stream_close(out, text) == NULL;
}

static void put_both(name_t *name, const steer_set_t *set)
{
	const bool apex = steer_name_equal(name->name, name->zone);
	char *text = NULL, target[STEER_NAME_TEXT];
	size_t len;
	FILE *out = open_text(name, &text, &len);
	if (out == NULL) {
		return;
	}
	steer_yaml_sink_t sink = { .out = out };
	steer_name_print(set->body, target);
	// octoDNS has it at the apex alone, unless it is told to be lenient.
	fputs(apex ? "" : "  octodns: {lenient: true}\n", out);
	fprintf(out, "  type: %s\n  value: ", STEER_OCTODNS_ALIAS);
	steer_yaml_scalar(&sink, target, true);
	fputc('\n', out);
	close_text(name, out, &text);
	add_record(name, text, len);
	free(text);
}

static void put_target(FILE *out, const steer_set_t *set, const char *type)
{
	char target[STEER_NAME_TEXT];
	steer_yaml_sink_t sink = { .out = out };
	steer_name_print(set->body, target);
	fprintf(out, "  - {evaluate-target-health: %s, name: ", set->evaluate ? "true" : "false");
	steer_yaml_scalar(&sink, target, true);
	fprintf(out, ", type: %s}\n", type);
}

/*! Puts the other aliases of a name as one record. \param[in] both  Without those of addresses. */
static void put_aliases(name_t *name, bool both)
{
	char *text = NULL, id[STEER_CHECK_ID_MAX + 1];
	size_t len;
	unsigned count = 0;
	FILE *out = open_text(name, &text, &len);
	if (out == NULL) {
		return;
	}
	fprintf(out, "  type: %s\n  values:\n", STEER_OCTODNS_ROUTE53_ALIAS);
	for (unsigned i = 0; i < name->face->count; i++) {
		steer_group_t group;
		steer_set_t set;
		steer_face_group_at(name->face, i, &group);
		const steer_octodns_type_t *type = steer_octodns_type_of(group.type);
		const bool left = !both || (group.type != TYPE_A && group.type != TYPE_AAAA);
		if (left && type != NULL && is_alias(&group, &set)) {
			if (steer_set_health(&set, id)) {
				lose(name, group.type, "an alias with a health check");
			} else {
				put_target(out, &set, type->name);
				count++;
			}
		}
	}
	close_text(name, out, &text);
	if (count > 0) {
		add_record(name, text, len);
	}
	free(text);
}

/* Groups. */

/*! Types whose values are read back for certain. */
static bool is_certain(uint16_t type)
{
	return type == TYPE_A || type == TYPE_AAAA || type == TYPE_CNAME || type == TYPE_NS ||
	       type == TYPE_PTR || type == TYPE_MX || type == TYPE_SRV || type == TYPE_DNAME;
}

/*! Puts a group as well as it can be. \param[out] what  What it is if it cannot. */
static bool put_group(steer_octodns_put_t *put, const char **what)
{
	const steer_group_t *group = put->group;
	steer_set_t set;
	char id[STEER_CHECK_ID_MAX + 1];
	*what = "a policy that no dynamic record has";
	if (group->program_len > 0) {
		return steer_octodns_is_dynamic(group->type) &&
		       (steer_program_preset(group->program, group->program_len) ==
		        STEER_PRESET_GEOLOCATION ? steer_octodns_put_geo(put)
		                                 : steer_octodns_put_dynamic(put));
	}
	*what = "a health check of values";
	steer_group_set(group, 0, &set);
	if (steer_set_health(&set, id)) {
		return false;
	}
	*what = group->type == TYPE_TXT || group->type == TYPE_SPF
	        ? "text that is not UTF-8, or not cut into strings of 255 bytes"
	        : "a value in such a form";
	steer_octodns_put_head(put, set.ttl, put->type->name);
	steer_octodns_put_values(put, &set);
	return true;
}

/*! Whether a record, which was put, says what the group has. */
static bool reads_back(name_t *name, steer_octodns_put_t *put, const char *record,
                       size_t record_len)
{
	char *text = NULL;
	size_t len;
	if (put->group->program_len == 0 && is_certain(put->group->type)) {
		return true;
	}
	FILE *out = open_text(name, &text, &len);
	if (out == NULL) {
		return false;
	}
	steer_yaml_sink_t sink = { .out = out };
	steer_yaml_scalar(&sink, name->key, false);
	fputs(":\n", out);
	fwrite(record, 1, record_len, out);
	close_text(name, out, &text);
	const bool same = !name->no_memory && steer_octodns_reads_back(put, text, len);
	name->no_memory |= put->no_memory;
	free(text);
	return same;
}

static void write_group(name_t *name, const steer_group_t *group)
{
	steer_octodns_put_t put = {
		.store = &name->writer->store, .zone = name->zone, .name = name->name, .group = group,
		.type = steer_octodns_type_of(group->type),
	};
	char *text = NULL;
	size_t len;
	const char *what;
	if (put.type == NULL) {
		lose(name, group->type, "records of the type");
		return;
	}
	put.sink.out = open_text(name, &text, &len);
	if (put.sink.out == NULL) {
		return;
	}
	const bool made = put_group(&put, &what);
	close_text(name, put.sink.out, &text);
	name->no_memory |= put.no_memory;
	if (made && !name->no_memory && reads_back(name, &put, text, len)) {
		add_record(name, text, len);
	} else {
		lose(name, group->type, what);
	}
	free(text);
}

/* Names. */

/*! The key of a name: without the zone, whose own is empty. */
static void take_key(name_t *name)
{
	char zone[STEER_NAME_TEXT];
	steer_name_print(name->zone, zone);
	steer_name_print(name->name, name->key);
	const size_t len = strlen(name->key), end = name->zone[0] == 0 ? 0 : strlen(zone);
	name->key[len > end ? len - end - 1 : 0] = '\0';
}

static bool keep_bytes(steer_octodns_writer_t *writer, const void *bytes, size_t len)
{
	char *texts = steer_array_grown(writer->texts, &writer->room, writer->len + len, 1);
	if (texts == NULL) {
		return false;
	}
	writer->texts = texts;
	memcpy(texts + writer->len, bytes, len);
	writer->len += len;
	return true;
}

/*! Keeps the records of a name. Each of several is an item of a list. */
static bool keep(const name_t *name)
{
	steer_octodns_writer_t *writer = name->writer;
	kept_t *names = steer_array_grown(writer->names, &writer->names_room, writer->count + 1,
	                                  sizeof(*names));
	if (names == NULL) {
		return false;
	}
	writer->names = names;
	kept_t *kept = &names[writer->count];
	kept->key = writer->len;
	bool good = keep_bytes(writer, name->key, strlen(name->key) + 1);
	kept->records = writer->len;
	for (char *at = name->text; good && at < name->text + name->text_len; at += strlen(at) + 1) {
		at[0] = name->records > 1 ? '-' : ' ';
		good = keep_bytes(writer, at, strlen(at));
	}
	kept->end = writer->len;
	writer->count += good;
	return good;
}

static void write_records(name_t *name)
{
	steer_set_t set;
	const bool both = is_both(name, &set);
	if (both) {
		put_both(name, &set);
	}
	put_aliases(name, both);
	for (unsigned i = 0; i < name->face->count; i++) {
		steer_group_t group;
		steer_face_group_at(name->face, i, &group);
		const bool soa = group.type == TYPE_SOA && name->face->flags & STEER_FACE_APEX;
		if (!soa && (!is_alias(&group, &set) || steer_octodns_type_of(group.type) == NULL)) {
			write_group(name, &group);
		}
	}
}

int steer_octodns_write_name(steer_octodns_writer_t *writer, const uint8_t *zone,
                             const uint8_t *name, const steer_face_t *face, bool kept,
                             steer_octodns_lose_f lost, void *ctx)
{
	name_t made = {
		.writer = writer, .zone = zone, .name = name, .face = face, .lose = lost, .ctx = ctx,
	};
	take_key(&made);
	made.out = open_memstream(&made.text, &made.text_len);
	if (made.out == NULL) {
		return STEER_ENOMEM;
	}
	write_records(&made);
	close_text(&made, made.out, &made.text);
	if (kept && made.records > 0 && !made.no_memory) {
		made.no_memory = !keep(&made);
	}
	free(made.text);
	return made.no_memory ? STEER_ENOMEM : STEER_OK;
}

static int by_key(const void *a, const void *b, void *ctx)
{
	const char *texts = ctx;
	return steer_octodns_natural_cmp(texts + ((const kept_t *)a)->key,
	                                 texts + ((const kept_t *)b)->key);
}

void steer_octodns_write_zone(steer_octodns_writer_t *writer, FILE *out)
{
	steer_yaml_sink_t sink = { .out = out };
	if (writer->count > 0) {
		qsort_r(writer->names, writer->count, sizeof(*writer->names), by_key, writer->texts);
	}
	fputs(writer->count > 0 ? "---\n" : "--- {}\n", out);
	for (size_t i = 0; i < writer->count; i++) {
		const kept_t *kept = &writer->names[i];
		steer_yaml_scalar(&sink, writer->texts + kept->key, false);
		fputs(":\n", out);
		fwrite(writer->texts + kept->records, 1, kept->end - kept->records, out);
	}
	writer->count = 0;
	writer->len = 0;
}
