/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/node.h"
#include "store/dictionary.h"
#include "unit/test.h"

static void fail_at(const char *what, const uint8_t *bytes, size_t len)
{
	steer_key_t key;
	uint8_t name[STEER_NAME_MAX];
	char text[STEER_NAME_TEXT_MAX] = "a key that is none";
	if (steer_key_from_bytes(&key, bytes, len) == STEER_OK) {
		steer_key_to_name(name, &key, key.labels);
		steer_name_to_text(text, name);
	}
	fail_msg("%s: %s", what, text);
}

static void check_node(const model_node_t *want, const steer_pair_t *got)
{
	steer_node_t node;
	if (steer_node_open(&node, got->value, got->value_len) != STEER_OK) {
		fail_at("stored node does not open", got->key, got->key_len);
	}
	if (want->size != got->value_len || memcmp(want->bytes, got->value, want->size) != 0) {
		for (unsigned i = 0; i < steer_node_faces(&node); i++) {
			steer_face_t face;
			steer_node_face_at(&node, i, &face);
			print_message("stored: apex %u, flags %02x, cut %u, %u children, %u groups\n",
			              face.apex, face.flags, face.cut, face.children, face.count);
		}
		steer_node_open(&node, want->bytes, want->size);
		for (unsigned i = 0; i < steer_node_faces(&node); i++) {
			steer_face_t face;
			steer_node_face_at(&node, i, &face);
			print_message("wanted: apex %u, flags %02x, cut %u, %u children, %u groups\n",
			              face.apex, face.flags, face.cut, face.children, face.count);
		}
		fail_at("stored node differs", got->key, got->key_len);
	}
}

static void check_nodes(steer_reader_t *reader, const model_t *model)
{
	steer_cursor_t *cursor = NULL;
	steer_pair_t pair;
	assert_int_equal(steer_cursor_open(&cursor, reader, STEER_DB_NODES), STEER_OK);
	int ret = steer_cursor_seek(cursor, NULL, 0, &pair);
	for (size_t i = 0; i < model->node_count; i++) {
		const steer_key_t *key = &model->nodes[i].key;
		int diff = ret != STEER_OK ? -1
		           : steer_key_cmp(key->bytes, key->len, pair.key, pair.key_len);
		if (diff < 0) {
			fail_at("not stored", key->bytes, key->len);
		} else if (diff > 0) {
			fail_at("stored, but should not", pair.key, pair.key_len);
		}
		check_node(&model->nodes[i], &pair);
		ret = steer_cursor_next(cursor, &pair);
	}
	if (ret == STEER_OK) {
		fail_at("stored, but should not", pair.key, pair.key_len);
	}
	assert_int_equal(ret, STEER_ENOENT);
	steer_cursor_close(cursor);
}

uint64_t filter_sum(const steer_apexes_t *apexes)
{
	uint64_t sum = 0;
	for (size_t page = 0; page < steer_apexes_count(apexes); page++) {
		for (size_t i = 0; i < STEER_APEXES_COUNTERS; i++) {
			sum += apexes->pages[page][i];
		}
	}
	return sum;
}

/*! How often apexes are counted in a filter: by their names and by those of their ancestors. */
static uint64_t times_counted(const model_t *model)
{
	uint64_t times = 0;
	for (size_t i = 0; i < model->zone_count; i++) {
		const uint8_t *apex = model->zones[i].apex;
		assert_true(steer_name_len(apex) <= STEER_APEXES_ANCESTOR);
		times += 1 + steer_name_labels(apex);
	}
	return times;
}

/*! The filter tells of a zone at its apex, and at and below each name above. */
static void check_apex(const steer_apexes_t *apexes, const uint8_t *apex)
{
	assert_true(steer_apexes_maybe(apexes, steer_name_hash(apex, steer_name_len(apex))));
	for (unsigned above = 0; above <= steer_name_labels(apex); above++) {
		const uint8_t *name = steer_name_skip(apex, above);
		assert_true(steer_apexes_maybe_within(apexes, steer_name_hash(name, steer_name_len(name))));
	}
}

static void check_zones(steer_reader_t *reader, const model_t *model)
{
	const void *value;
	size_t len;
	steer_apexes_t apexes;
	assert_int_equal(steer_apexes_open(&apexes, reader, NULL), STEER_OK);
	assert_int_equal(apexes.damaged, 0);
	assert_int_equal(filter_sum(&apexes), times_counted(model));
	for (size_t i = 0; i < model->zone_count; i++) {
		steer_key_t key;
		steer_zone_t zone;
		steer_key_from_name(&key, model->zones[i].apex);
		check_apex(&apexes, model->zones[i].apex);
		assert_int_equal(steer_reader_get(reader, STEER_DB_ZONES, key.bytes, key.len, &value, &len),
		                 STEER_OK);
		assert_int_equal(steer_zone_decode(&zone, value, len), STEER_OK);
		const model_zone_t *enclosing = model_enclosing(model, &model->zones[i]);
		assert_int_equal(zone.labels, key.labels);
		assert_int_equal(zone.mode, STEER_ZONE_AUTHORITATIVE);
		assert_int_equal(zone.enclosing, enclosing == NULL ? STEER_ZONE_TOP
		                                 : steer_name_labels(enclosing->apex));
	}
	steer_apexes_close(&apexes);
	steer_cursor_t *cursor = NULL;
	steer_pair_t pair;
	size_t stored = 0;
	assert_int_equal(steer_cursor_open(&cursor, reader, STEER_DB_ZONES), STEER_OK);
	for (int ret = steer_cursor_seek(cursor, NULL, 0, &pair); ret == STEER_OK;
	     ret = steer_cursor_next(cursor, &pair)) {
		stored++;
	}
	steer_cursor_close(cursor);
	assert_int_equal(stored, model->zone_count);
}

/*! A reader of the records as they are. */
static steer_reader_t *reader_new(steer_store_t *store)
{
	steer_reader_t *reader = NULL;
	steer_fault_t fault;
	uint64_t id;
	must(steer_reader_open(&reader, store, STEER_ENV_RECORDS, &fault), &fault);
	must(steer_reader_renew(reader, &id), &fault);
	return reader;
}

void check_model(place_t *place, const model_t *model)
{
	steer_reader_t *reader = reader_new(place->store);
	check_nodes(reader, model);
	check_zones(reader, model);
	steer_reader_close(reader);
}

/*! Number of a name in the store. */
static uint32_t number_in_store(void *ctx, uint8_t kind, const char *text, size_t len)
{
	const steer_dictionary_name_t name = { kind, len, text };
	uint32_t number;
	if (steer_dictionary_find(ctx, &name, &number) != STEER_OK) {
		fail_msg("%.*s has no number", (int)len, text);
	}
	return number;
}

void check_store_with(place_t *place, const char *const *zones, const model_check_t *checks)
{
	model_t model;
	steer_reader_t *reader = reader_new(place->store);
	model_make_from(&model, zones, checks, number_in_store, reader);
	steer_reader_close(reader);
	check_model(place, &model);
	model_free(&model);
}

void check_store(place_t *place, const char *const *zones)
{
	check_store_with(place, zones, NULL);
}

static bool write_name(void *ctx, uint32_t number, const steer_dictionary_name_t *name)
{
	fprintf(ctx, "%u %c %.*s\n", number, name->kind, (int)name->len, name->text);
	return true;
}

static bool write_fault(void *ctx, const char *text)
{
	fprintf(ctx, "! %s\n", text);
	return true;
}

void check_dictionary(steer_store_t *store, int code, const char *want)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	steer_reader_t *reader = reader_new(store);
	assert_int_equal(steer_dictionary_walk(reader, write_name, out), code);
	assert_int_equal(steer_dictionary_check(reader, write_fault, out), STEER_OK);
	steer_reader_close(reader);
	fclose(out);
	assert_string_equal(text, want);
	free(text);
}
