/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/answers.h"

#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "unit/records.h"
#include "unit/test.h"

static const char *const section_names[] = { "AN", "AU", "AR" };

static int world_get(void *ctx, const uint8_t *key, size_t len, uint64_t hash,
                     steer_entry_t **entry, steer_entry_t *scratch)
{
	world_t *world = ctx;
	world->gets++;
	const model_node_t *node = model_find(world->model, key, len);
	if (node == NULL) {
		return STEER_ENOENT;
	}
	assert_true(world->model->node_count <= COUNT(world->hashes));
	uint64_t *before = &world->hashes[node - world->model->nodes];
	assert_true(*before == 0 || *before == hash);
	*before = hash;
	if (world->damaged != NULL) {
		steer_key_t damaged;
		steer_key_from_name(&damaged, world->damaged);
		if (damaged.len == len && memcmp(damaged.bytes, key, len) == 0) {
			return STEER_EDAMAGED;
		}
	}
	*entry = world->keep ? &world->kept[node - world->model->nodes] : scratch;
	if (!world->keep || (*entry)->node.at == NULL) {
		(*entry)->zone = STEER_ZONE_UNKNOWN;
		return steer_node_open(&(*entry)->node, node->bytes, node->size);
	}
	return STEER_OK;
}

steer_lookup_t world_lookup(world_t *world, bool (*maybe_apex)(void *, uint64_t))
{
	static steer_workspace_t workspace;
	return (steer_lookup_t){
		.get = world_get,
		.maybe_apex = maybe_apex,
		.target = world->target,
		.health_table = world->health_table,
		.chance = world->chance,
		.workspace = &workspace,
		.ctx = world,
	};
}

bool world_maybe_apex(void *ctx, uint64_t hash)
{
	const world_t *world = ctx;
	for (size_t i = 0; i < world->model->zone_count; i++) {
		const uint8_t *apex = world->model->zones[i].apex;
		if (steer_name_hash(apex, steer_name_len(apex)) == hash) {
			return true;
		}
	}
	return false;
}

bool always_maybe_apex(void *ctx, uint64_t hash)
{
	(void)ctx;
	(void)hash;
	return true;
}

steer_question_t question_of(const char *name, uint16_t type)
{
	const uint8_t *wire = name_of(name);
	return (steer_question_t) { .name = wire, .name_len = steer_name_len(wire), .type = type };
}

int zone_len(const host_t *host)
{
	return host->labels == STEER_NO_ZONE ? STEER_NO_ZONE
	       : (int)steer_name_len(steer_name_skip(host->name,
	                                             steer_name_labels(host->name) - host->labels));
}

int host_zone(void *ctx)
{
	host_t *host = ctx;
	host->zones_asked++;
	return zone_len(host);
}

steer_bar_t host_bar(void *ctx)
{
	host_t *host = ctx;
	host->bars_asked++;
	return host->bar;
}

static void write_part(FILE *out, steer_section_t section, const steer_rrset_t *rrset,
                       const steer_rrs_t *part, bool optional)
{
	const uint8_t *at = part->rrs, *end = at + part->len, *rdata;
	uint16_t len;
	unsigned count = 0;
	while ((rdata = steer_rr_next(&at, end, &len)) != NULL) {
		fprintf(out, "%s%s ", section_names[section], optional ? "?" : "");
		if (rrset->owner != NULL) {
			name_write(rrset->owner, out);
		} else {
			fputs("=", out);
		}
		fprintf(out, " %u ", rrset->ttl);
		type_write(rrset->type, out);
		rdata_write(rrset->type, rdata, len, out);
		if (section == STEER_ADDITIONAL) {
			fprintf(out, " <%d", rrset->named_by);
		} else {
			assert_int_equal(rrset->named_by, -1);
		}
		fputs("\n", out);
		count++;
	}
	assert_int_equal(count, part->count);
}

static void write_rrset(FILE *out, steer_section_t section, const steer_rrset_t *rrset,
                        bool optional)
{
	for (unsigned i = 0; i < rrset->parts_count; i++) {
		write_part(out, section, rrset, &rrset->parts[i], optional);
	}
}

int paper_put(void *ctx, steer_section_t section, const steer_rrset_t *rrset, bool optional)
{
	paper_t *paper = ctx;
	if (paper->puts++ >= paper->room) {
		fprintf(paper->out, "%s%s full\n", section_names[section], optional ? "?" : "");
		return STEER_ESPACE;
	}
	write_rrset(paper->out, section, rrset, optional);
	return STEER_OK;
}

static int answer_found(const steer_found_t *found, const steer_lookup_t *lookup,
                        const steer_question_t *question, const steer_sink_t *sink,
                        steer_outcome_t *outcome)
{
	if (found->node == NULL) {
		return steer_answer_values(found, question, sink, outcome);
	}
	int ret;
	if (steer_answer_few(found, lookup->health_table, lookup->chance, sink, outcome, &ret) ||
	    steer_answer_alias(found, lookup, sink, outcome, &ret)) {
		return ret;
	}
	return steer_answer_group(found, lookup, question, sink, outcome);
}

/*! Puts what was copied to a sink's raw onto paper. */
static void put_raw(paper_t *paper, const steer_question_t *question, const uint8_t *raw,
                    const steer_outcome_t *outcome)
{
	const uint8_t *at = raw, *end = raw + outcome->raw_len;
	const steer_rrs_t rrs = { raw, end - at, steer_wire_u32(at + STEER_RR_HEAD - 6),
	                          outcome->raw_count };
	const steer_rrset_t rrset = {
		.parts = &rrs, .parts_count = 1, .ttl = rrs.ttl, .named_by = -1,
		.type = at[STEER_RR_HEAD - 10] << 8 | at[STEER_RR_HEAD - 9],
	};
	uint16_t len;
	for (const uint8_t *rr = at; steer_rr_next(&at, end, &len) != NULL; rr = at) {
		assert_int_equal(steer_wire_u32(rr + STEER_RR_HEAD - 6), rrs.ttl);
	}
	if (question->type != TYPE_ANY) {
		assert_int_equal(rrset.type, question->type);
	}
	assert_int_equal(paper_put(paper, STEER_ANSWER, &rrset, false), STEER_OK);
}

/*! The same answer again, to a sink that takes copies. */
static void ask_raw(const steer_found_t *found, const steer_lookup_t *lookup,
                    const steer_chance_t *chance, const steer_question_t *question,
                    unsigned room, const char *before)
{
	static uint8_t raw[STEER_WIRE_MAX];
	char *body = NULL;
	size_t size;
	paper_t paper = { .out = open_memstream(&body, &size), .room = room };
	steer_sink_t sink = { .put = paper_put, .ctx = &paper, .room = STEER_WIRE_MAX, .raw = raw };
	steer_outcome_t same;
	if (lookup->chance != NULL) {
		*lookup->chance = *chance;
	}
	assert_int_equal(answer_found(found, lookup, question, &sink, &same), STEER_OK);
	if (same.raw_count > 0) {
		put_raw(&paper, question, raw, &same);
		sink.room = same.raw_len - 1;
		if (lookup->chance != NULL) {
			*lookup->chance = *chance;
		}
		assert_int_equal(answer_found(found, lookup, question, &sink, &same), STEER_ESPACE);
		assert_int_equal(same.raw_count, 0);
	}
	fclose(paper.out);
	assert_string_equal(body, before);
	free(body);
}

/*!
 * What was found for a question must give the same answer again, by the same draws, and fill a sink
 * the same way.
 */
static void ask_again(const steer_found_t *found, const steer_lookup_t *lookup,
                      const steer_chance_t *chance, const steer_question_t *question,
                      unsigned room, const char *before, const steer_outcome_t *outcome)
{
	char *body = NULL;
	size_t size;
	paper_t paper = { .out = open_memstream(&body, &size), .room = room };
	const steer_sink_t sink = { .put = paper_put, .ctx = &paper, .room = STEER_WIRE_MAX };
	steer_outcome_t same;
	if (lookup->chance != NULL) {
		*lookup->chance = *chance;
	}
	assert_int_equal(answer_found(found, lookup, question, &sink, &same), STEER_OK);
	fclose(paper.out);
	assert_string_equal(body, before);
	assert_int_equal(same.kind, outcome->kind);
	assert_int_equal(same.rcode, outcome->rcode);
	assert_int_equal(same.authoritative, outcome->authoritative);
	assert_int_equal(same.leads_out, outcome->leads_out);
	assert_int_equal(same.stale, outcome->stale);
	free(body);
	ask_raw(found, lookup, chance, question, room, before);

	paper = (paper_t) { .out = open_memstream(&body, &size) };
	assert_int_equal(answer_found(found, lookup, question, &sink, &same),
	                 found->kind == STEER_KIND_POSITIVE ? STEER_ESPACE : STEER_OK);
	fclose(paper.out);
	free(body);
}

char *answer_text(int ret, const steer_outcome_t *outcome, char *body)
{
	static const char *const kinds[] = { "POSITIVE", "NODATA", "NXDOMAIN", "REFERRAL" };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	if (ret != STEER_OK) {
		fprintf(out, "error %d\n", -ret);
	}
	if (ret == STEER_OK || ret == STEER_ESPACE) {
		fprintf(out, "%s %u%s%s%s%s\n", kinds[outcome->kind], outcome->rcode,
		        outcome->authoritative ? " AA" : "", outcome->host_soa ? " host" : "",
		        outcome->leads_out ? " out" : "", outcome->stale ? " stale" : "");
	}
	if (ret != STEER_EDAMAGED) { // What was put before the damaged node is discarded.
		fputs(body, out);
	}
	fclose(out);
	free(body);
	return text;
}

char *ask(world_t *world, const steer_question_t *question, unsigned room,
          bool (*maybe_apex)(void *, uint64_t))
{
	char *body = NULL;
	size_t size;
	paper_t paper = { .out = open_memstream(&body, &size), .room = room };
	const steer_lookup_t lookup = world_lookup(world, maybe_apex);
	const steer_sink_t sink = { .put = paper_put, .ctx = &paper, .room = STEER_WIRE_MAX };
	steer_outcome_t outcome;
	steer_found_t found;
	const steer_chance_t chance = world->chance != NULL ? *world->chance : (steer_chance_t) { 0 };
	int ret = steer_answer(&lookup, question, steer_question_zone(question), &sink, &outcome,
	                       &found);
	unsigned gets = world->gets;
	fclose(paper.out);
	if (ret == STEER_OK && found.at != NULL) {
		ask_again(&found, &lookup, &chance, question, room, body, &outcome);
	}
	world->gets = gets;
	return answer_text(ret, &outcome, body);
}

steer_found_t found_for(world_t *world, const steer_question_t *question)
{
	char *body = NULL;
	size_t size;
	paper_t paper = { .out = open_memstream(&body, &size), .room = ROOMY };
	const steer_lookup_t lookup = world_lookup(world, world_maybe_apex);
	const steer_sink_t sink = { .put = paper_put, .ctx = &paper, .room = STEER_WIRE_MAX };
	steer_outcome_t outcome;
	steer_found_t found;
	assert_int_equal(steer_answer(&lookup, question, STEER_NO_ZONE, &sink, &outcome, &found),
	                 STEER_OK);
	fclose(paper.out);
	free(body);
	return found;
}
