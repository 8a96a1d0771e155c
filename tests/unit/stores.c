/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/stores.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/name.h"
#include "core/program.h"
#include "store/handles.h"
#include "unit/count.h"
#include "unit/hex.h"

char *temp_new(void)
{
	const char *base = getenv("TMPDIR");
	char *dir = NULL;
	if (asprintf(&dir, "%s/steer-test.XXXXXX", base != NULL ? base : "/tmp") < 0 ||
	    mkdtemp(dir) == NULL) {
		perror("mkdtemp");
		abort();
	}
	return dir;
}

static int temp_remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

void temp_free(char *dir)
{
	nftw(dir, temp_remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(dir);
}

const char *path_in(const char *dir, const char *name)
{
	static char paths[8][512];
	static unsigned turn;
	char *path = paths[turn++ % COUNT(paths)];
	snprintf(path, sizeof(paths[0]), "%s/%s", dir, name);
	return path;
}

void must(int ret, const steer_fault_t *fault)
{
	if (ret != STEER_OK) {
		fprintf(stderr, "error %d: %s\n", ret, fault->text);
		abort();
	}
}

void store_init(const char *dir)
{
	const steer_store_options_t options = { .map_size = TEST_MAP_SIZE };
	bool created;
	steer_fault_t fault;
	must(steer_store_init(dir, &options, &created, &fault), &fault);
}

steer_store_t *store_open(const char *dir, steer_store_mode_t mode)
{
	steer_store_t *store = NULL;
	steer_fault_t fault;
	must(steer_store_open(&store, dir, mode, &fault), &fault);
	return store;
}

place_t place_new(void)
{
	place_t place = { .dir = temp_new() };
	store_init(place.dir);
	place.store = store_open(place.dir, STEER_STORE_WRITE);
	return place;
}

void place_free(place_t *place)
{
	steer_store_close(place->store);
	temp_free(place->dir);
}

typedef struct {
	steer_change_t *change;
	const char *file;
	unsigned zone;
	uint32_t line;
	int ret;
	struct { /*!< Record sets named so far. */
		record_t record;
		const steer_change_set_t *made;
	} *sets;
	size_t sets_count;
} change_text_t;

static bool same_set(const record_t *a, const record_t *b)
{
	return a->type == b->type && steer_name_equal(a->owner, b->owner) && strcmp(a->id, b->id) == 0;
}

/*! Record set of a line: the last one of its identifier, or a new one. */
static const steer_change_set_t *change_set(change_text_t *text, const record_t *record,
                                            const steer_source_location_t *origin)
{
	for (size_t i = text->sets_count; i > 0 && !record->again; i--) {
		if (same_set(&text->sets[i - 1].record, record)) {
			return text->sets[i - 1].made;
		}
	}
	const steer_record_set_t set = {
		.id = record->id, .alias = record->has_alias ? record->alias : NULL,
		.evaluate = record->evaluate, .has_weight = record->has_weight,
		.weight = record->weight, .has_tier = record->has_tier, .tier = record->tier,
		.health = record->has_health ? record->health : NULL,
		.has_region = record->has_region, .has_geo = record->has_geo,
		.has_location = record->has_location, .has_point = record->has_point,
		.has_bias = record->has_bias, .has_asns = record->has_asns,
		.region = record->region[0] != '\0' ? record->region : NULL, .geo = record->geo,
		.location = record->location[0] != '\0' ? record->location : NULL,
		.point = record->point, .bias = record->bias, .asns = record->asns,
		.asns_count = record->asns_count, .keep = record->keep, .ttl = record->ttl,
	};
	text->sets = realloc(text->sets, (text->sets_count + 1) * sizeof(*text->sets));
	text->sets[text->sets_count].record = *record;
	text->ret = steer_change_set(text->change, text->zone, record->owner, record->type, &set,
	                             origin, &text->sets[text->sets_count].made);
	return text->ret == STEER_OK ? text->sets[text->sets_count++].made : NULL;
}

static void change_record(void *ctx, const record_t *record)
{
	change_text_t *text = ctx;
	text->line++;
	if (text->ret != STEER_OK) {
		return;
	}
	steer_record_t add = {
		.owner = record->owner, .rdata = record->rdata, .rdata_len = record->rdata_len,
		.type = record->type, .ttl = record->ttl,
		.location = { .file = text->file, .line = text->line, .column = 1 },
	};
	if (record->removal) {
		text->ret = steer_change_remove(text->change, text->zone, record->owner, record->type,
		                                record->in_set ? record->id : NULL);
		return;
	}
	if (record->ttl_alone) {
		text->ret = steer_change_ttl(text->change, text->zone, record->owner, record->type,
		                             record->ttl);
		return;
	}
	if (record->preset) {
		text->ret = steer_change_preset(text->change, text->zone, record->owner, record->type,
		                                steer_program_preset(record->steps, record->steps_len),
		                                &add.location);
		return;
	}
	if (record->policy) {
		text->ret = steer_change_policy(text->change, text->zone, record->owner, record->type,
		                                record->steps, record->steps_len, &add.location);
		return;
	}
	if (record->in_set) {
		add.set = change_set(text, record, &add.location);
	}
	if (!record->bare && text->ret == STEER_OK) {
		text->ret = steer_change_add(text->change, text->zone, &add);
	}
}

int change_add_text(steer_change_t *change, steer_zone_action_t action, const char *zone)
{
	change_text_t text = { .change = change, .file = "file", .line = 1 };
	uint8_t apex[STEER_NAME_MAX];
	char first[2048];
	snprintf(first, sizeof(first), "%.*s", (int)strcspn(zone, "\n"), zone);
	name_read(apex, first, (const uint8_t *)"");
	text.ret = steer_change_zone(change, apex, action, &text.zone);
	if (text.ret == STEER_OK) {
		zone_read(zone, apex, change_record, &text);
	}
	free(text.sets);
	return text.ret;
}

int store_change(steer_store_t *store, steer_zone_action_t action, const char *zone,
                 const steer_apply_t *options, steer_summary_t *summary, steer_fault_t *fault)
{
	static const steer_apply_t plain;
	steer_change_t *change = steer_change_new();
	int ret = change_add_text(change, action, zone);
	if (ret == STEER_OK) {
		ret = steer_store_apply(store, change, options != NULL ? options : &plain, summary, fault);
	} else {
		snprintf(fault->text, sizeof(fault->text), "refused when added");
	}
	steer_change_free(change);
	return ret;
}

steer_summary_t store_must(steer_store_t *store, steer_zone_action_t action, const char *zone)
{
	steer_summary_t summary;
	steer_fault_t fault;
	must(store_change(store, action, zone, NULL, &summary, &fault), &fault);
	return summary;
}

void store_set_number(steer_store_t *store, unsigned setting, uint32_t number)
{
	static const steer_apply_t plain;
	const uint32_t value = steer_le_u32(number);
	steer_change_t *change = steer_change_new();
	steer_summary_t summary;
	steer_fault_t fault = { 0 };
	must(steer_change_setting(change, &steer_settings[setting], &value, sizeof(value)), &fault);
	must(steer_store_apply(store, change, &plain, &summary, &fault), &fault);
	steer_change_free(change);
}

void group_write(FILE *out, char sign, const uint8_t *name, const steer_group_t *group)
{
	steer_set_t set;
	steer_group_set(group, 0, &set);
	const uint8_t *at = set.body, *rdata;
	uint16_t len;
	while ((rdata = steer_rr_next(&at, set.body + set.body_len, &len)) != NULL) {
		fputc(sign, out);
		name_write(name, out);
		fprintf(out, " %u ", set.ttl);
		type_write(group->type, out);
		rdata_write(group->type, rdata, len, out);
		fputc('\n', out);
	}
}

/*! Writes a database: "name key value" in hexadecimal digits, a line each. */
static void store_dump_db(steer_reader_t *reader, enum steer_db db, const char *name, FILE *out)
{
	steer_cursor_t *cursor = NULL;
	steer_pair_t pair;
	if (steer_cursor_open(&cursor, reader, db) != STEER_OK) {
		abort();
	}
	for (int ret = steer_cursor_seek(cursor, NULL, 0, &pair); ret == STEER_OK;
	     ret = steer_cursor_next(cursor, &pair)) {
		fprintf(out, "%s ", name);
		hex_write(out, pair.key, pair.key_len);
		fputs(" ", out);
		hex_write(out, pair.value, pair.value_len);
		fputs("\n", out);
	}
	steer_cursor_close(cursor);
}

char *store_dump(steer_store_t *store)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	steer_reader_t *reader = NULL;
	steer_fault_t fault;
	uint64_t id;
	must(steer_reader_open(&reader, store, STEER_ENV_RECORDS, &fault), &fault);
	must(steer_reader_renew(reader, &id), &fault);
#define X(symbol, env, name) \
	if (STEER_ENV_##env == STEER_ENV_RECORDS) { \
		store_dump_db(reader, STEER_DB_##symbol, name, out); \
	}
	STEER_DATABASES(X)
#undef X
	steer_reader_close(reader);
	fclose(out);
	return text;
}

void raw_put(steer_store_t *store, enum steer_db db, const void *key, size_t key_len,
             const void *value, size_t len)
{
	MDB_txn *txn;
	MDB_val k = { key_len, (void *)key }, v = { len, (void *)value };
	if (mdb_txn_begin(store->env[steer_db_env[db]], NULL, 0, &txn) != MDB_SUCCESS ||
	    mdb_put(txn, store->dbi[db], &k, &v, 0) != MDB_SUCCESS ||
	    mdb_txn_commit(txn) != MDB_SUCCESS) {
		abort();
	}
}

void copy_file(const char *from, const char *to)
{
	char bytes[65536];
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	if (in == NULL || out == NULL) {
		abort();
	}
	for (size_t len; (len = fread(bytes, 1, sizeof(bytes), in)) > 0;) {
		if (fwrite(bytes, 1, len, out) != len) {
			abort();
		}
	}
	fclose(in);
	if (fclose(out) != 0) {
		abort();
	}
}
