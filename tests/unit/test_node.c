/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/node.h"
#include "unit/golden_nodes.h"
#include "unit/hex.h"
#include "unit/records.h"
#include "unit/test.h"

/*! Set to regenerate the golden files and the fuzz seeds after an intended change of the layout. */
#define WRITE_GOLDEN "STEER_WRITE_GOLDEN"

typedef struct {
	uint8_t *bytes;
	size_t size;
} bytes_t;

static bytes_t build(const steer_face_t *faces, unsigned count)
{
	bytes_t node = { 0 };
	assert_int_equal(steer_node_build(NULL, &node.size, faces, count), STEER_OK);
	node.bytes = malloc(node.size);
	assert_int_equal(steer_node_build(node.bytes, &node.size, faces, count), STEER_OK);
	return node;
}

/*! Opens a copy that ends where its memory ends, so that a sanitizer sees a read past it. */
static int open_exact(const uint8_t *bytes, size_t size)
{
	uint8_t *exact = malloc(size);
	assert_true(exact != NULL || size == 0);
	if (size > 0) {
		memcpy(exact, bytes, size);
	}
	steer_node_t node;
	int ret = steer_node_open(&node, exact, size);
	free(exact);
	return ret;
}

static void mend_sum(uint8_t *bytes, size_t size)
{
	put_node_sum(bytes, steer_value_sum(bytes, size));
}

/* Golden files: lines of hexadecimal digits; a line that starts with '#' is a comment. */

static const char *golden_path(const char *name, const char *end)
{
	static char path[512];
	snprintf(path, sizeof(path), "%s/%s.%s", GOLDEN_DIR, name, end);
	return path;
}

static bytes_t golden_read(const char *name)
{
	bytes_t node = { malloc(4096), 0 };
	FILE *in = fopen(golden_path(name, "node"), "r");
	char line[256];
	assert_non_null(in);
	while (fgets(line, sizeof(line), in) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (*line != '#') {
			node.size += hex_read(line, node.bytes + node.size, 4096 - node.size);
			assert_in_range(node.size, 0, 4096 - sizeof(line));
		}
	}
	fclose(in);
	return node;
}

static void write_file(const char *path, const void *front, size_t front_len, const bytes_t *node)
{
	FILE *out = fopen(path, "wb");
	assert_non_null(out);
	fwrite(front, 1, front_len, out);
	fwrite(node->bytes, 1, node->size, out);
	assert_int_equal(fclose(out), 0);
}

/*!
 * Seeds of the fuzz target: the node as it is, cut short, and with a byte changed and a new sum.
 */
static void write_seeds(const golden_node_t *golden, const bytes_t *node)
{
	char name[256];
	snprintf(name, sizeof(name), "../fuzz/node.seeds/%s", golden->file);
	write_file(golden_path(name, "whole"), "\x00", 1, node);
	const bytes_t part = { node->bytes, node->size * 2 / 3 };
	write_file(golden_path(name, "short"), "\x01", 1, &part);
	for (unsigned i = 0; i < 3; i++) {
		static const char *const ends[] = { "flip1", "flip2", "flip3" };
		size_t at = STEER_NODE_HEADER + i * (node->size - STEER_NODE_HEADER) / 3;
		node->bytes[at] ^= 0x80 >> i;
		write_file(golden_path(name, ends[i]), "\x01", 1, node);
		node->bytes[at] ^= 0x80 >> i;
	}
}

static void golden_write(const golden_node_t *golden)
{
	bytes_t node = build(golden->faces, golden->count);
	FILE *out = fopen(golden_path(golden->file, "node"), "w");
	assert_non_null(out);
	fprintf(out, "# SPDX-License-Identifier: GPL-3.0-or-later\n# %s\n", golden->what);
	for (size_t i = 0; i < node.size; i++) {
		fprintf(out, "%02x%s", node.bytes[i], i % 32 == 31 || i + 1 == node.size ? "\n" : "");
	}
	assert_int_equal(fclose(out), 0);
	write_seeds(golden, &node);
	free(node.bytes);
}

static int setup(void **state)
{
	(void)state;
	for (size_t i = 0; getenv(WRITE_GOLDEN) != NULL && i < COUNT(golden_nodes); i++) {
		golden_write(&golden_nodes[i]);
	}
	return 0;
}

/* Comparing a view with its model. */

static void check_bytes(const uint8_t *got, size_t len, const uint8_t *want, size_t want_len)
{
	assert_int_equal(len, want_len);
	if (len > 0) {
		assert_memory_equal(got, want, len);
	}
}

static void check_set(const steer_set_t *got, const steer_set_t *want)
{
	assert_int_equal(got->alias, want->alias);
	assert_int_equal(got->evaluate, want->evaluate);
	assert_int_equal(got->tier, want->tier);
	assert_int_equal(got->count, want->count);
	assert_int_equal(got->weight, want->weight);
	assert_int_equal(got->slot, want->slot);
	assert_int_equal(got->generation, want->generation);
	assert_int_equal(got->ttl, want->ttl);
	assert_int_equal(got->region, want->region);
	assert_int_equal(got->geo, want->geo);
	assert_int_equal(got->location, want->location);
	assert_int_equal(got->has_point, want->has_point);
	assert_int_equal(got->point.lat, want->point.lat);
	assert_int_equal(got->point.lon, want->point.lon);
	assert_int_equal(got->bias, want->bias);
	check_bytes(got->id, got->id_len, want->id, want->id_len);
	check_bytes(got->body, got->body_len, want->body, want->body_len);
	check_bytes(got->sigs, got->sigs_len, want->sigs, want->sigs_len);
	check_bytes(got->attrs, got->attrs_len, want->attrs, want->attrs_len);
}

static void check_group(const steer_group_t *got, const steer_group_t *want)
{
	assert_int_equal(got->type, want->type);
	assert_int_equal(got->count, want->count);
	assert_int_equal(got->collection, want->collection);
	check_bytes(got->program, got->program_len, want->program, want->program_len);
	for (unsigned i = 0; i < want->count; i++) {
		steer_set_t set;
		steer_group_set(got, i, &set);
		check_set(&set, &want->sets[i]);
	}
	assert_true(steer_group_equal(got, want));
}

static void check_face(const steer_node_t *node, unsigned position, const steer_face_t *want)
{
	steer_face_t got, same;
	steer_node_face_at(node, position, &got);
	assert_int_equal(got.apex, want->apex);
	assert_int_equal(got.flags, want->flags);
	assert_int_equal(got.cut, want->cut);
	assert_int_equal(got.children, want->children);
	assert_int_equal(got.count, want->count);
	assert_true(steer_node_face(node, want->apex, &same));
	assert_ptr_equal(same.at, got.at); // The same face, found by its apex.
	assert_int_equal(same.apex, got.apex);
	for (unsigned i = 0; i < want->count; i++) {
		steer_group_t group;
		steer_face_group_at(&got, i, &group);
		check_group(&group, &want->groups[i]);
		assert_true(steer_face_group(&got, want->groups[i].type, &group));
		check_group(&group, &want->groups[i]);
	}
	steer_group_t group;
	assert_false(steer_face_group(&got, 0, &group));
	assert_false(steer_face_group(&got, 14, &group));
	assert_false(steer_face_group(&got, UINT16_MAX, &group));
}

static void check_node(const bytes_t *bytes, const steer_face_t *faces, unsigned count)
{
	steer_node_t node;
	assert_int_equal(steer_node_open(&node, bytes->bytes, bytes->size), STEER_OK);
	assert_int_equal(steer_node_faces(&node), count);
	steer_face_t views[STEER_FACES_MAX];
	for (unsigned i = 0; i < count; i++) {
		check_face(&node, i, &faces[i]);
		steer_node_face_at(&node, i, &views[i]);
	}
	assert_false(steer_node_face(&node, 126, &(steer_face_t) { 0 }));
	bytes_t again = build(views, count); // Views are as good as models.
	check_bytes(again.bytes, again.size, bytes->bytes, bytes->size);
	free(again.bytes);
}

static void golden_nodes_are_built_and_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(golden_nodes); i++) {
		const golden_node_t *golden = &golden_nodes[i];
		print_message("  %s\n", golden->file);
		bytes_t file = golden_read(golden->file), node = build(golden->faces, golden->count);
		check_bytes(node.bytes, node.size, file.bytes, file.size);
		check_node(&file, golden->faces, golden->count);
		free(file.bytes);
		free(node.bytes);
	}
}

static void a_node_is_read_at_any_address(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(golden_nodes); i++) {
		bytes_t file = golden_read(golden_nodes[i].file);
		for (size_t shift = 1; shift < 8; shift++) {
			uint8_t *room = malloc(file.size + shift);
			memcpy(room + shift, file.bytes, file.size);
			const bytes_t shifted = { room + shift, file.size };
			check_node(&shifted, golden_nodes[i].faces, golden_nodes[i].count);
			free(room);
		}
		free(file.bytes);
	}
}

static void every_flipped_bit_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(golden_nodes); i++) {
		bytes_t file = golden_read(golden_nodes[i].file);
		for (size_t bit = 0; bit < 8 * file.size; bit++) {
			file.bytes[bit / 8] ^= 1 << bit % 8;
			assert_int_equal(open_exact(file.bytes, file.size), STEER_EDAMAGED);
			file.bytes[bit / 8] ^= 1 << bit % 8;
		}
		assert_int_equal(open_exact(file.bytes, file.size), STEER_OK);
		free(file.bytes);
	}
}

static void every_other_length_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(golden_nodes); i++) {
		bytes_t file = golden_read(golden_nodes[i].file);
		for (size_t size = 0; size < file.size; size++) {
			assert_int_equal(open_exact(file.bytes, size), STEER_EDAMAGED);
		}
		// A part with the size and the sum of a whole node.
		for (size_t size = STEER_NODE_HEADER; size < file.size; size++) {
			bytes_t part = golden_read(golden_nodes[i].file);
			put_node_size(part.bytes, size);
			mend_sum(part.bytes, size);
			assert_int_equal(open_exact(part.bytes, size), STEER_EDAMAGED);
			free(part.bytes);
		}
		file.bytes[file.size] = 0;
		assert_int_equal(open_exact(file.bytes, file.size + 1), STEER_EDAMAGED);
		free(file.bytes);
	}
}

/* Offset and length of each field: AT_set_ttl, LEN_set_ttl. */
#define X(structure, field, offset, kind) \
	AT_##structure##_##field = (offset), LEN_##structure##_##field = sizeof(steer_##kind##_t),
enum { STEER_LAYOUT(X) };
#undef X

enum { /* Where the structures of the golden nodes lie. */
	FACE = STEER_NODE_HEADER,
	FACE_2 = FACE + STEER_FACE_SIZE,
	GROUP = FACE + STEER_FACE_SIZE, /*!< First of the only face. */
	GROUP_2 = GROUP + STEER_GROUP_SIZE,
	VALUES = GROUP + STEER_GROUP_SIZE,
	RRS = VALUES + STEER_VALUES_SIZE,
	VALUES_SIGNED = GROUP + 2 * STEER_GROUP_SIZE,
	POLICY = GROUP + 3 * STEER_GROUP_SIZE,
	SET = POLICY + STEER_POLICY_SIZE,
	ALIAS = SET + STEER_SET_SIZE,
	PROGRAM = SET + COUNT(set_policy) * STEER_SET_SIZE,
	TABLE_2 = PROGRAM + sizeof(STEPS) - 1 + STEER_TABLE_ENTRY,
	POLICY_1 = GROUP + STEER_GROUP_SIZE, /*!< Of the only group; its sets, program, first set. */
	SET_1 = POLICY_1 + STEER_POLICY_SIZE,
	SET_2 = SET_1 + STEER_SET_SIZE,
	SET_3 = SET_2 + STEER_SET_SIZE,
	ATTRS_1 = SET_3 + STEER_SET_SIZE + 18 + 1 + STEER_RR_HEAD + 4,
};

#define IN(base, structure, field) (base) + AT_##structure##_##field, LEN_##structure##_##field
#define FAR 0x7fffffff

static void values_out_of_bounds_are_refused_in_spite_of_a_right_sum(void **state)
{
	(void)state;
	static const struct {
		const char *what, *file;
		size_t at;
		unsigned bytes;
		int64_t value;  /*!< To put, or to add. */
		bool add;
	} cases[] = {
		{ "size",                    "plain_a", IN(0, node, size), 1, true },
		{ "format 0",                "plain_a", IN(0, node, format), 0, false },
		{ "next format",             "plain_a", IN(0, node, format), STEER_NODE_FORMAT + 1, false },
		{ "no faces",                "plain_a", IN(0, node, faces), 0, false },
		{ "more faces than bytes",   "plain_a", IN(0, node, faces), 2, false },
		{ "more faces than labels",  "policy",  IN(0, node, faces), STEER_FACES_MAX + 1, false },
		{ "reserved of the node",    "plain_a", IN(0, node, reserved), 1, false },

		{ "apex of too many labels", "plain_a", IN(FACE, face, apex), STEER_LABELS_MAX + 1, false },
		{ "unknown flag",            "plain_a", IN(FACE, face, flags), 0x10, false },
		{ "another unknown flag",    "plain_a", IN(FACE, face, flags), 0x80, false },
		{ "cut of too many labels",  "plain_a", IN(FACE, face, cut), STEER_LABELS_MAX + 1, false },
		{ "reserved of the face",    "plain_a", IN(FACE, face, reserved), 1, false },
		{ "reserved2 of the face",   "plain_a", IN(FACE, face, reserved2), 1, false },
		{ "groups in the header",    "empty",   IN(FACE, face, groups), STEER_NODE_HEADER - 1,
		  false },
		{ "groups past the end",     "empty",   IN(FACE, face, groups), 1, true },
		{ "groups far away",         "plain_a", IN(FACE, face, groups), FAR, false },
		{ "groups at the far end",   "plain_a", IN(FACE, face, groups), UINT32_MAX, false },
		{ "groups moved",            "plain_a", IN(FACE, face, groups), 1, true },
		{ "more groups than bytes",  "plain_a", IN(FACE, face, count), UINT16_MAX, false },
		{ "one group more",          "plain_a", IN(FACE, face, count), 2, false },
		{ "equal apexes",            "faces",   IN(FACE_2, face, apex), 0, false },
		{ "falling apexes",          "faces",   IN(FACE, face, apex), 2, false },
		{ "a second face out of bounds", "faces", IN(FACE_2, face, groups), FAR, false },

		{ "equal types",             "types",   IN(GROUP_2, group, type), 1, false },
		{ "falling types",           "types",   IN(GROUP_2, group, type), 0, false },
		{ "another type than the RRs", "types", IN(GROUP_2, group, type), 14, false },
		{ "kind",                    "plain_a", IN(GROUP, group, kind), 2, false },
		{ "values taken for a policy", "plain_a", IN(GROUP, group, kind), 1, false },
		{ "a policy taken for values", "policy", IN(GROUP, group, kind), 0, false },
		{ "reserved of the group",   "plain_a", IN(GROUP, group, reserved), 1, false },
		{ "reserved2 of the group",  "plain_a", IN(GROUP, group, reserved2), 1, false },
		{ "block in the header",     "plain_a", IN(GROUP, group, block), 0, false },
		{ "block past the end",      "plain_a", IN(GROUP, group, block), 1, true },
		{ "block at the far end",    "plain_a", IN(GROUP, group, block), UINT32_MAX, false },
		{ "block too long",          "plain_a", IN(GROUP, group, length), 1, true },
		{ "block too short",         "plain_a", IN(GROUP, group, length), -1, true },
		{ "block shorter than its header", "plain_a", IN(GROUP, group, length),
		  STEER_VALUES_SIZE - 1, false },
		{ "empty block",             "plain_a", IN(GROUP, group, length), 0, false },
		{ "longest block",           "plain_a", IN(GROUP, group, length), UINT32_MAX, false },
		{ "policy shorter than its header", "policy", IN(GROUP, group, length),
		  STEER_POLICY_SIZE - 1, false },
		{ "policy shorter than its sets", "policy", IN(GROUP, group, length),
		  STEER_POLICY_SIZE + COUNT(set_policy) * STEER_SET_SIZE - 1, false },

		{ "no RRs",                  "plain_a", IN(VALUES, values, count), 0, false },
		{ "one RR more than there are", "plain_a", IN(VALUES, values, count), 1, true },
		{ "reserved of the values",  "plain_a", IN(VALUES, values, reserved), 1, false },
		{ "RRs too long",            "plain_a", IN(VALUES, values, rrs), 1, true },
		{ "RRs too short",           "plain_a", IN(VALUES, values, rrs), -1, true },
		{ "RRs of all length",       "plain_a", IN(VALUES, values, rrs), UINT32_MAX, false },
		{ "signatures of all length", "plain_a", IN(VALUES, values, sigs), UINT32_MAX, false },
		{ "signatures that are not there", "plain_a", IN(VALUES, values, sigs), 1, false },
		{ "signatures too short",    "signed", IN(VALUES_SIGNED, values, sigs), -1, true },
		{ "owner that is no pointer", "plain_a", RRS, 1, 0x80, false },
		{ "pointer to elsewhere",    "plain_a", RRS + 1, 1, 0x0d, false },
		{ "high byte of the RR's type", "plain_a", RRS + 2, 1, 1, false },
		{ "low byte of the RR's type", "plain_a", RRS + 3, 1, 2, false },
		{ "high byte of the rdata's length", "plain_a", RRS + 10, 1, 1, false },
		{ "rdata too long",          "plain_a", RRS + 11, 1, 1, true },
		{ "rdata too short",         "plain_a", RRS + 11, 1, -1, true },

		{ "no sets",                 "policy", IN(POLICY, policy, sets), 0, false },
		{ "one set more",            "policy", IN(POLICY, policy, sets), 1, true },
		{ "too many sets",           "policy", IN(POLICY, policy, sets), STEER_SETS_MAX + 1,
		  false },
		{ "unknown flag, policy",   "policy", IN(POLICY, policy, flags), 4, false },
		{ "number past the dictionary", "policy", IN(POLICY, policy, collection),
		  STEER_DICTIONARY_MAX + 1, false },
		{ "locations of no collection", "places", IN(POLICY_1, policy, collection), 0, false },
		{ "program in the header",   "policy", IN(POLICY, policy, program), 0, false },
		{ "program at the far end",  "policy", IN(POLICY, policy, program), UINT32_MAX, false },
		{ "program past the end",    "policy", IN(POLICY, policy, program), FAR, false },
		{ "program too long",        "policy", IN(POLICY, policy, program_len), STEER_PROGRAM_MAX,
		  false },
		{ "program of all length",   "policy", IN(POLICY, policy, program_len), UINT32_MAX, false },
		{ "unknown step",            "policy", PROGRAM, 1, 12, false },
		{ "step without its arguments", "policy", PROGRAM + 1, 1, 0, false },
		{ "unknown all-down",        "policy", PROGRAM + 2, 1, 3, false },
		{ "more than all are healthy", "policy", PROGRAM + 3, 1, 101, false },
		{ "one set more to take",    "policy", PROGRAM + 13, 1, 1, true },
		{ "program cut short",       "policy", IN(POLICY, policy, program_len), -1, true },
		{ "several sets without a program", "policy", IN(POLICY, policy, program_len), 0, false },
		{ "no table of many weights", "policy", IN(POLICY, policy, table_len), 0, false },
		{ "table past the end",      "policy", IN(POLICY, policy, table), FAR, false },
		{ "table of all length",     "policy", IN(POLICY, policy, table_len), UINT32_MAX, false },
		{ "table of one set less",   "policy", IN(POLICY, policy, table_len), -STEER_TABLE_ENTRY,
		  true },
		{ "a sum of weights that is none", "policy", TABLE_2, 1, 1, true },
		{ "a weight that is not in its sum", "policy", IN(ALIAS, set, weight), -1, true },
		{ "falling tiers",           "policy", IN(SET, set, tier), 2, false },

		{ "kind of the set",         "policy", IN(SET, set, kind), 2, false },
		{ "RRs taken for an alias",  "policy", IN(SET, set, kind), STEER_SET_ALIAS, false },
		{ "an alias taken for RRs",  "policy", IN(ALIAS, set, kind), STEER_SET_VALUES, false },
		{ "flag of an alias on RRs", "policy", IN(SET, set, flags), STEER_SET_EVALUATE, false },
		{ "unknown flag of RRs",     "policy", IN(SET, set, flags), 4, false },
		{ "unknown flag of an alias", "policy", IN(ALIAS, set, flags), 4, false },
		{ "id too long",             "policy", IN(ALIAS, set, id_len), STEER_SET_ID_MAX + 1,
		  false },
		{ "id in the header",        "policy", IN(SET, set, id), 0, false },
		{ "id at the far end",       "policy", IN(SET, set, id), UINT32_MAX, false },
		{ "no RRs in the set",       "policy", IN(SET, set, count), 0, false },
		{ "one RR more in the set",  "policy", IN(SET, set, count), 1, true },
		{ "RRs counted in an alias", "policy", IN(ALIAS, set, count), 1, false },
		{ "body in the header",      "policy", IN(SET, set, body), 0, false },
		{ "body at the far end",     "policy", IN(SET, set, body), UINT32_MAX, false },
		{ "body moved",              "policy", IN(SET, set, body), 1, true },
		{ "body too long",           "policy", IN(SET, set, body_len), 1, true },
		{ "body of all length",      "policy", IN(SET, set, body_len), UINT32_MAX, false },
		{ "target cut short",        "policy", IN(ALIAS, set, body_len), -1, true },
		{ "target too long",         "policy", IN(ALIAS, set, body_len), 1, true },
		{ "no target",               "policy", IN(ALIAS, set, body_len), 0, false },
		{ "attributes at the far end", "policy", IN(ALIAS, set, attrs), UINT32_MAX, false },
		{ "attributes too long",     "policy", IN(ALIAS, set, attrs_len), UINT16_MAX, false },
		{ "attributes cut short",    "places", IN(SET_1, set, attrs_len), -1, true },
		{ "half an attribute",       "places", IN(SET_1, set, attrs_len), 5, false },
		{ "attribute 0",             "places", ATTRS_1, 1, 0, false },
		{ "unknown attribute",       "places", ATTRS_1 + 4, 1, 3, false },
		{ "attribute twice",         "places", ATTRS_1 + 4, 1, 1, false },
		{ "falling attributes",      "places", ATTRS_1, 1, 2, false },
		{ "autonomous system 0",     "places", ATTRS_1 + 6, 4, 0, false },
		{ "autonomous system twice", "places", ATTRS_1 + 6, 4, 0xfffffffe, false },
		{ "falling autonomous systems", "places", ATTRS_1 + 6, 4, 0xffffffff, false },
		{ "region past the dictionary", "places", IN(SET_1, set, region),
		  STEER_DICTIONARY_MAX + 1, false },
		{ "location past the dictionary", "places", IN(SET_1, set, location),
		  STEER_DICTIONARY_MAX + 1, false },
		{ "unknown bits of a place", "places", IN(SET_1, set, geo), 0x20000000, true },
		{ "too far north",           "places", IN(SET_3, set, lat), STEER_LATITUDE_MAX + 1, false },
		{ "too far south",           "places", IN(SET_2, set, lat), -1, true },
		{ "too far east",            "places", IN(SET_2, set, lon), 1, true },
		{ "too far west",            "places", IN(SET_3, set, lon), -1, true },
		{ "coordinates without their flag", "places", IN(SET_3, set, flags), 0, false },
		{ "longitude without coordinates", "places", IN(SET_1, set, lon), 1, false },
		{ "bias too large",          "places", IN(SET_1, set, bias), STEER_BIAS_MAX + 1, false },
		{ "bias too small",          "places", IN(SET_2, set, bias), -1, true },
		{ "reserved of the set",     "places", IN(SET_1, set, reserved), 1, false },
		{ "reserved2 of the set",    "places", IN(SET_1, set, reserved2), 1, false },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		bytes_t node = golden_read(cases[i].file);
		uint64_t value = 0;
		memcpy(&value, node.bytes + cases[i].at, cases[i].bytes);
		value = steer_le_u64(cases[i].add ? steer_le_u64(value) + cases[i].value
		                                  : (uint64_t)cases[i].value);
		assert_memory_not_equal(node.bytes + cases[i].at, &value, cases[i].bytes);
		memcpy(node.bytes + cases[i].at, &value, cases[i].bytes);
		mend_sum(node.bytes, node.size);
		assert_int_equal(open_exact(node.bytes, node.size), STEER_EDAMAGED);
		free(node.bytes);
	}
}

static void models_out_of_bounds_are_refused(void **state)
{
	(void)state;
	static uint8_t much[STEER_RRS_MAX + 1 + STEER_PROGRAM_MAX];
	static uint8_t steps[STEER_PROGRAM_MAX + 2];
	for (size_t i = 0; i < sizeof(steps); i += 2) {
		steps[i] = STEER_STEP_SHUFFLE;
	}
	static const steer_set_t fine = { PLAIN(RR_A("\x01")), .count = 1 };
	static const steer_set_t alias = { .alias = true, .slot = STEER_SLOT_NONE, BODY("\x01x\x00") };
	enum { CASES = 27 };
	struct {
		const char *what;
		steer_set_t set;
		steer_group_t group;
		steer_face_t face;
		int want;
	} cases[CASES], *at = cases;
#define CASE(text, result, change) \
	*at = (typeof(cases[0])) { .what = (text), .set = fine, .want = (result), \
		.group = { .type = 1, .count = 1 }, .face = { .apex = 1, .count = 1 } }; \
	change; \
	at++;
	CASE("nothing wrong", STEER_OK, (void)0);
	CASE("nothing wrong with an alias", STEER_OK, at->set = alias);
	CASE("another type than the RRs", STEER_EINVAL, at->group.type = 2);
	CASE("no sets", STEER_EINVAL, at->group.count = 0);
	CASE("no RRs", STEER_EINVAL, (at->set.count = 0, at->set.body_len = 0));
	CASE("more RRs than bytes", STEER_EINVAL, at->set.count = 2);
	CASE("less RRs than bytes", STEER_EINVAL, at->set.body_len++);
	CASE("an identifier too long", STEER_EINVAL,
	     (at->set.id = much, at->set.id_len = STEER_SET_ID_MAX + 1));
	CASE("a program too long", STEER_EINVAL,
	     (at->group.program = steps, at->group.program_len = sizeof(steps)));
	CASE("the longest program", STEER_OK,
	     (at->group.program = steps, at->group.program_len = STEER_PROGRAM_MAX));
	CASE("half a step", STEER_EINVAL, (at->group.program = steps, at->group.program_len = 1));
	CASE("RRs of an alias", STEER_EINVAL, (at->set = alias, at->set.count = 1));
	CASE("a target cut short", STEER_EINVAL, (at->set = alias, at->set.body_len = 2));
	CASE("an apex of too many labels", STEER_EINVAL, at->face.apex = 128);
	CASE("a cut of too many labels", STEER_EINVAL, at->face.cut = 128);
	CASE("an unknown flag", STEER_EINVAL, at->face.flags = 0x40);
	CASE("attributes that are none", STEER_EINVAL, (at->set.attrs = much, at->set.attrs_len = 2));
	CASE("a location of no collection", STEER_EINVAL, at->set.location = 1);
	CASE("a collection without locations", STEER_OK, at->group.collection = 1);
	CASE("coordinates that it does not have", STEER_EINVAL, at->set.point.lat = 1);
	CASE("a bias too large", STEER_EINVAL, at->set.bias = 100);
	CASE("signatures", STEER_OK, (at->set.sigs = much, at->set.sigs_len = 1));
	CASE("signatures in a group with a policy", STEER_EINVAL,
	     (at->set.sigs = much, at->set.sigs_len = 1, at->set.tier = 1));
	assert_in_range(at - cases, 1, CASES);
	for (const typeof(cases[0]) *test = cases; test < at; test++) {
		print_message("  %s\n", test->what);
		steer_group_t group = test->group;
		group.sets = &test->set;
		steer_face_t face = test->face;
		face.groups = &group;
		uint8_t *buf = malloc(sizeof(much));
		size_t size = sizeof(much);
		assert_int_equal(steer_node_build(buf, &size, &face, 1), test->want);
		if (test->set.sigs_len > 0) {
			size = sizeof(much);
			assert_int_equal(steer_group_build(buf, &size, &group), test->want);
		}
		free(buf);
	}
}

static void models_out_of_order_are_refused(void **state)
{
	(void)state;
	static const steer_set_t set_16[] = { { PLAIN(RR_TXT("aaaaa")), .count = 1 } };
	const steer_group_t falling[] = { GROUP(16, set_16), GROUP(1, set_a) };
	const steer_group_t twice[] = { GROUP(1, set_a), GROUP(1, set_a) };
	const steer_face_t faces[] = {
		{ .apex = 1, GROUPS(falling) }, { .apex = 1, GROUPS(twice) },
	};
	const steer_face_t falling_faces[] = { { .apex = 2 }, { .apex = 1 } };
	const steer_face_t twin_faces[] = { { .apex = 1 }, { .apex = 1 } };
	static steer_face_t many[STEER_FACES_MAX + 1];
	const struct {
		const steer_face_t *faces;
		unsigned count;
	} cases[] = {
		{ &faces[0], 1 }, { &faces[1], 1 }, { falling_faces, 2 }, { twin_faces, 2 },
		{ falling_faces, 0 }, { many, STEER_FACES_MAX + 1 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t buf[8192];
		size_t size = sizeof(buf);
		assert_int_equal(steer_node_build(buf, &size, cases[i].faces, cases[i].count),
		                 STEER_EINVAL);
	}
}

static void a_buffer_too_small_is_told_what_is_needed(void **state)
{
	(void)state;
	const golden_node_t *golden = &golden_nodes[COUNT(golden_nodes) - 1];
	bytes_t whole = build(golden->faces, golden->count);
	for (size_t room = 0; room < whole.size; room++) {
		uint8_t *buf = malloc(room + 1); // A sanitizer sees writes past it.
		buf[room] = 0xaa;
		size_t size = room;
		assert_int_equal(steer_node_build(buf, &size, golden->faces, golden->count), STEER_ESPACE);
		assert_int_equal(size, whole.size);
		assert_int_equal(buf[room], 0xaa);
		free(buf);
	}
	free(whole.bytes);
}

/*! Wire-ready RRs of type 65400 that fill a number of bytes; each starts with its number. */
static uint8_t *fill_rrs(size_t size, uint16_t *count)
{
	uint8_t *rrs = calloc(1, size), *to = rrs, rdata[1000] = { 0 };
	for (*count = 0; to < rrs + size; (*count)++) {
		size_t left = rrs + size - to - STEER_RR_HEAD;
		size_t len = left < 2 * STEER_RR_HEAD + sizeof(rdata) ? left : sizeof(rdata);
		if (len > sizeof(rdata)) {
			len = sizeof(rdata) - STEER_RR_HEAD;
		}
		number_put(rdata, *count, 2);
		to += steer_rr_write(to, 65400, 300, rdata, len);
	}
	assert_ptr_equal(to, rrs + size);
	return rrs;
}

static void large_record_sets_and_groups_fit(void **state)
{
	(void)state;
	uint16_t count;
	uint8_t *rrs = fill_rrs(STEER_RRS_MAX, &count);
	steer_set_t *sets = calloc(STEER_SETS_MAX + 1, sizeof(*sets));
	char (*ids)[8] = calloc(STEER_SETS_MAX + 1, sizeof(*ids));
	for (unsigned i = 0; i <= STEER_SETS_MAX; i++) {
		sprintf(ids[i], "id%04u", i);
		sets[i] = (steer_set_t) {
			.id = (uint8_t *)ids[i], .id_len = 6, .weight = i, .ttl = i, .count = 1,
			.body = rrs, .body_len = STEER_RR_HEAD + number_get(rrs + 10, 2),
		};
	}
	steer_set_t full = { .slot = STEER_SLOT_NONE, .count = count, .ttl = 300, .body = rrs,
	                     .body_len = STEER_RRS_MAX };
	steer_group_t group = { .type = 65400, .count = 1, .sets = &full };
	steer_face_t face = { .apex = 1, .count = 1, .groups = &group };

	bytes_t node = build(&face, 1);
	check_node(&node, &face, 1);
	free(node.bytes);

	print_message("  %u record sets\n", STEER_SETS_MAX);
	group.sets = sets;
	group.count = STEER_SETS_MAX;
	group.program = BYTES(STEPS);
	group.program_len = sizeof(STEPS) - 1;
	node = build(&face, 1);
	check_node(&node, &face, 1);
	uint8_t *buf = malloc(node.size + 4096);
	size_t size = node.size + 4096;
	group.count++;
	assert_int_equal(steer_node_build(buf, &size, &face, 1), STEER_EINVAL);
	free(buf);
	free(node.bytes);

	print_message("  larger than any node\n");
	for (unsigned i = 0; i < STEER_SETS_MAX; i++) {
		sets[i].body_len = STEER_RRS_MAX;
		sets[i].count = count;
	}
	group.count = STEER_SETS_MAX;
	const steer_group_t groups[] = { group, { .type = 65401, .count = STEER_SETS_MAX,
	                                          .sets = sets } };
	face.groups = groups;
	face.count = 2;
	assert_int_equal(steer_node_build(NULL, &size, &face, 1), STEER_ESPACE);
	free(sets);
	free(ids);
	free(rrs);
}

static void a_name_has_faces_for_all_its_ancestors(void **state)
{
	(void)state;
	static steer_face_t faces[STEER_FACES_MAX];
	for (unsigned i = 0; i < STEER_FACES_MAX; i++) {
		faces[i] = (steer_face_t) { .apex = i, .children = i };
	}
	bytes_t node = build(faces, STEER_FACES_MAX - 2); // check_node() wants 126 to be missing.
	check_node(&node, faces, STEER_FACES_MAX - 2);
	free(node.bytes);
	node = build(faces, STEER_FACES_MAX);
	assert_int_equal(open_exact(node.bytes, node.size), STEER_OK);
	free(node.bytes);
}

static void a_set_alone_keeps_every_field(void **state)
{
	(void)state;
	static const steer_set_t plain = { PLAIN(RR_A("\x01")), .count = 1 };
	steer_set_t set = plain;
	steer_group_t group = { .type = 1, .count = 1, .sets = &set };
	const steer_face_t face = { .apex = 1, .count = 1, .groups = &group };
	const steer_group_t model = group;
#define KEEPS(what, change) \
	print_message("  %s\n", what); \
	change; \
	node = build(&face, 1); \
	check_node(&node, &face, 1); \
	assert_int_equal(get_group_kind(node.bytes + GROUP), \
	                 set.ttl == 9 || set.sigs_len > 0 ? STEER_GROUP_PLAIN : STEER_GROUP_POLICY); \
	free(node.bytes); \
	set = plain; \
	group = model;
	bytes_t node;
	KEEPS("TTL", set.ttl = 9);
	KEEPS("signatures", (set.sigs = BYTES("s"), set.sigs_len = 1));
	KEEPS("identifier", (set.id = BYTES("i"), set.id_len = 1));
	KEEPS("attributes", (set.attrs = BYTES("\x01\x01" "a"), set.attrs_len = 3));
	KEEPS("region", set.region = 1);
	KEEPS("place", set.geo = 1);
	KEEPS("location", (set.location = 1, group.collection = 1));
	KEEPS("collection", group.collection = 1);
	KEEPS("coordinates", set.has_point = true);
	KEEPS("bias", set.bias = -1);
	KEEPS("tier", set.tier = 1);
	KEEPS("weight", set.weight = 1);
	KEEPS("slot", set.slot = 0);
	KEEPS("generation", set.generation = 1);
	KEEPS("alias", (set.alias = true, set.count = 0, set.body = BYTES("\x00"), set.body_len = 1));
	KEEPS("program", (group.program = BYTES("\x04\x00"), group.program_len = 2));
}

static void groups_are_equal_if_all_of_them_is(void **state)
{
	(void)state;
	static const steer_set_t base = {
		.id = BYTES("id"), .id_len = 2, .tier = 1, .count = 1, .weight = 2, .slot = 3,
		.generation = 4, .ttl = 5, BODY(RR_A("\x01")), SIGS("s"), ATTRS("a"),
	};
	steer_set_t set = base;
	steer_group_t a = { .type = 1, .count = 1, .program_len = 1, .program = BYTES("p"),
	                    .sets = &base };
	steer_group_t b = a;
	b.sets = &set;
	assert_true(steer_group_equal(&a, &b));
#define DIFFERS(what, change) \
	print_message("  %s\n", what); \
	change; \
	assert_false(steer_group_equal(&a, &b)); \
	assert_false(steer_group_equal(&b, &a)); \
	set = base; \
	b = a; \
	b.sets = &set;
	DIFFERS("type", b.type = 2);
	DIFFERS("number of sets", b.count = 2);
	DIFFERS("program", b.program = BYTES("q"));
	DIFFERS("length of the program", b.program_len = 0);
	DIFFERS("alias", set.alias = true);
	DIFFERS("evaluate", set.evaluate = true);
	DIFFERS("tier", set.tier = 2);
	DIFFERS("number of RRs", set.count = 2);
	DIFFERS("weight", set.weight = 3);
	DIFFERS("slot", set.slot = 4);
	DIFFERS("generation", set.generation = 5);
	DIFFERS("TTL", set.ttl = 6);
	DIFFERS("identifier", set.id = BYTES("ie"));
	DIFFERS("length of the identifier", set.id_len = 1);
	DIFFERS("body", set.body = BYTES(RR_A("\x02")));
	DIFFERS("signatures", set.sigs_len = 0);
	DIFFERS("attributes", set.attrs = BYTES("b"));
	DIFFERS("collection", b.collection = 1);
	DIFFERS("region", set.region = 1);
	DIFFERS("place", set.geo = 1);
	DIFFERS("location", set.location = 1);
	DIFFERS("coordinates", set.has_point = true);
	DIFFERS("latitude", set.point.lat = 1);
	DIFFERS("longitude", set.point.lon = 1);
	DIFFERS("bias", set.bias = 1);
}

static void rrs_are_written_and_walked(void **state)
{
	(void)state;
	uint8_t rrs[64];
	size_t len = steer_rr_write(rrs, 1, 300, BYTES("\xC0\x00\x02\x01"), 4);
	len += steer_rr_write(rrs + len, 0xfff1, 0x81020304, BYTES(""), 0);
	static const char want[] = RR_A("\x01") "\xC0\x0C\xff\xf1\x00\x01\x81\x02\x03\x04\x00\x00";
	check_bytes(rrs, len, BYTES(want), sizeof(want) - 1);

	const uint8_t *at = rrs, *end = rrs + len, *rdata;
	uint16_t rdata_len;
	rdata = steer_rr_next(&at, end, &rdata_len);
	assert_ptr_equal(rdata, rrs + STEER_RR_HEAD);
	assert_int_equal(rdata_len, 4);
	rdata = steer_rr_next(&at, end, &rdata_len);
	assert_ptr_equal(rdata, end);
	assert_int_equal(rdata_len, 0);
	assert_null(steer_rr_next(&at, end, &rdata_len));
}

/* The layout's own rules. */

typedef struct {
	const char *structure, *field;
	size_t offset, len;
} field_t;

static void fields_fill_their_structures_without_overlap(void **state)
{
	(void)state;
	static const field_t fields[] = {
#define X(structure, field, offset, kind) \
		{ #structure, #field, (offset), sizeof(steer_##kind##_t) },
		STEER_LAYOUT(X)
#undef X
	};
	static const struct {
		const char *structure;
		size_t size;
	} sizes[] = {
		{ "node", STEER_NODE_HEADER }, { "face", STEER_FACE_SIZE }, { "group", STEER_GROUP_SIZE },
		{ "values", STEER_VALUES_SIZE }, { "policy", STEER_POLICY_SIZE },
		{ "set", STEER_SET_SIZE }, { "zone", STEER_ZONE_SIZE }, { "apexes", STEER_APEXES_SIZE },
		{ "part", STEER_LOG_PART_SIZE }, { "head", STEER_LOG_HEAD_SIZE },
		{ "entry", STEER_LOG_ENTRY_SIZE }, { "state", STEER_LOG_STATE_SIZE },
		{ "check", STEER_CHECK_SIZE }, { "option", STEER_OPTION_SIZE },
		{ "status", STEER_STATUS_SIZE }, { "heartbeat", STEER_HEARTBEAT_SIZE },
		{ "target", STEER_TARGET_SIZE }, { "transition", STEER_TRANSITION_SIZE },
		{ "forwarder", STEER_FORWARDER_SIZE },
		{ "map", STEER_MAP_HEADER }, { "range", STEER_RANGE_SIZE }, { "half", STEER_HALF_SIZE },
		{ "block", STEER_BLOCK_SIZE }, { "origin", STEER_ORIGIN_SIZE }, { "asn", STEER_ASN_SIZE },
		{ "place", STEER_PLACE_SIZE }, { "latency", STEER_LATENCY_SIZE },
		{ "site", STEER_SITE_SIZE },
	};
	size_t checked = 0;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		uint8_t taken[80] = { 0 };
		assert_in_range(sizes[i].size, 1, sizeof(taken));
		for (size_t k = 0; k < COUNT(fields); k++) {
			if (strcmp(fields[k].structure, sizes[i].structure) != 0) {
				continue;
			}
			checked++;
			assert_true(fields[k].offset + fields[k].len <= sizes[i].size);
			for (size_t at = 0; at < fields[k].len; at++) {
				if (taken[fields[k].offset + at]++ != 0) {
					fail_msg("%s.%s overlaps", fields[k].structure, fields[k].field);
				}
			}
		}
		for (size_t at = 0; at < sizes[i].size; at++) {
			if (taken[at] == 0) {
				fail_msg("%s: no field has byte %zu", sizes[i].structure, at);
			}
		}
	}
	assert_int_equal(checked, COUNT(fields));
}

static void fields_are_little_endian_wherever_they_lie(void **state)
{
	(void)state;
	uint8_t room[65] = { 0 }, *at = room + 1;
	put_node_size(at, 0x01020304);
	assert_memory_equal(at + 4, "\x04\x03\x02\x01", 4);
	assert_int_equal(get_node_size(at), 0x01020304);
	put_group_type(at, 0x0102);
	assert_memory_equal(at, "\x02\x01", 2);
	put_zone_created(at, 0x0102030405060708);
	assert_memory_equal(at + 8, "\x08\x07\x06\x05\x04\x03\x02\x01", 8);
	assert_true(get_zone_created(at) == 0x0102030405060708);
}

static void face_flags_are_single_bits(void **state)
{
	(void)state;
	unsigned seen = 0;
#define X(symbol, bit) \
	assert_int_equal((bit) & ((bit) - 1), 0); \
	assert_int_equal(seen & (bit), 0); \
	seen |= (bit);
	STEER_FACE_FLAGS(X)
#undef X
	assert_int_equal(seen, STEER_FACE_KNOWN);
	assert_in_range(seen, 1, UINT8_MAX);
}

static void a_health_check_is_read_from_whole_attributes(void **state)
{
	(void)state;
	uint8_t longest[2 + STEER_CHECK_ID_MAX + 1] = { STEER_ATTR_HEALTH, STEER_CHECK_ID_MAX };
	uint8_t longer[sizeof(longest)] = { STEER_ATTR_HEALTH, STEER_CHECK_ID_MAX + 1 };
	memset(longest + 2, 'x', STEER_CHECK_ID_MAX + 1);
	memset(longer + 2, 'x', STEER_CHECK_ID_MAX + 1);
	const struct {
		const char *what;
		const uint8_t *attrs;
		uint16_t len;
		size_t want; /*!< Bytes of the identifier; 0: none is found. */
	} cases[] = {
		{ "none", NULL, 0, 0 },
		{ "one", (const uint8_t[]) { STEER_ATTR_HEALTH, 1, 'a' }, 3, 1 },
		{ "after another attribute", (const uint8_t[]) { 99, 2, 1, 2, STEER_ATTR_HEALTH, 1, 'a' },
		  7, 1 },
		{ "another attribute alone", (const uint8_t[]) { 99, 1, 'a' }, 3, 0 },
		{ "its end is missing", (const uint8_t[]) { STEER_ATTR_HEALTH, 2, 'a', 'b' }, 3, 0 },
		{ "its length is missing", (const uint8_t[]) { STEER_ATTR_HEALTH, 1, 'a' }, 1, 0 },
		{ "the longest", longest, 2 + STEER_CHECK_ID_MAX, STEER_CHECK_ID_MAX },
		{ "longer than any", longer, sizeof(longer), 0 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		const steer_set_t set = { .attrs = cases[i].attrs, .attrs_len = cases[i].len };
		char id[STEER_CHECK_ID_MAX + 2];
		memset(id, '#', sizeof(id));
		assert_int_equal(steer_set_health(&set, id), cases[i].want > 0);
		assert_int_equal(cases[i].want > 0 ? strlen(id) : 0, cases[i].want);
		assert_int_equal(id[STEER_CHECK_ID_MAX + 1], '#');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden_nodes_are_built_and_read),
		cmocka_unit_test(a_node_is_read_at_any_address),
		cmocka_unit_test(every_flipped_bit_is_refused),
		cmocka_unit_test(every_other_length_is_refused),
		cmocka_unit_test(values_out_of_bounds_are_refused_in_spite_of_a_right_sum),
		cmocka_unit_test(models_out_of_bounds_are_refused),
		cmocka_unit_test(models_out_of_order_are_refused),
		cmocka_unit_test(a_buffer_too_small_is_told_what_is_needed),
		cmocka_unit_test(large_record_sets_and_groups_fit),
		cmocka_unit_test(a_name_has_faces_for_all_its_ancestors),
		cmocka_unit_test(a_set_alone_keeps_every_field),
		cmocka_unit_test(groups_are_equal_if_all_of_them_is),
		cmocka_unit_test(a_health_check_is_read_from_whole_attributes),
		cmocka_unit_test(rrs_are_written_and_walked),
		cmocka_unit_test(fields_fill_their_structures_without_overlap),
		cmocka_unit_test(fields_are_little_endian_wherever_they_lie),
		cmocka_unit_test(face_flags_are_single_bits),
	};
	return cmocka_run_group_tests(tests, setup, NULL);
}
