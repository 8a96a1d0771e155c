/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/node.h"
#include "engine/snapshot.h"

/*! How often a commit may come in between before renewing a bank is given up until later. */
#define RENEW_TRIES 1000
/*! The wall clock was set if its distance from the boot clock has changed by this much. */
#define STEP_MS 1000

static void readers_close(steer_reader_t **readers, unsigned threads)
{
	for (unsigned i = 0; readers != NULL && i < threads; i++) {
		steer_reader_close(readers[i]);
	}
	free(readers);
}

static void bank_close(steer_snapshot_t *bank, unsigned threads)
{
	readers_close(bank->readers, threads);
	readers_close(bank->status, threads);
}

static int readers_open(steer_reader_t ***readers, steer_store_t *store, enum steer_env env,
                        unsigned threads, steer_fault_t *fault)
{
	*readers = calloc(threads, sizeof(**readers));
	if (*readers == NULL) {
		return steer_fault(fault, STEER_ENOMEM, "%s", steer_strerror(STEER_ENOMEM));
	}
	for (unsigned i = 0; i < threads; i++) {
		int ret = steer_reader_open(&(*readers)[i], store, env, fault);
		if (ret != STEER_OK) {
			return ret;
		}
	}
	return STEER_OK;
}

static int bank_open(steer_snapshot_t *bank, steer_store_t *store, unsigned threads,
                     steer_fault_t *fault)
{
	int ret = readers_open(&bank->readers, store, STEER_ENV_RECORDS, threads, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	return readers_open(&bank->status, store, STEER_ENV_STATUS, threads, fault);
}

/*! Opens the readers of maps once the store has any. */
static int open_maps(steer_source_t *source, steer_fault_t *fault)
{
	int ret = source->maps[1] == NULL ? steer_maps_look(source->store, fault) : STEER_OK;
	if (ret == STEER_ENOENT) {
		return STEER_OK;
	}
	for (unsigned i = 0; ret == STEER_OK && i < 2; i++) {
		if (source->maps[i] == NULL) {
			ret = steer_reader_open(&source->maps[i], source->store, STEER_ENV_MAPS, fault);
		}
	}
	return ret;
}

static void bank_reset(steer_source_t *source, unsigned bank)
{
	for (unsigned i = 0; i < source->threads; i++) {
		steer_reader_reset(source->bank[bank].readers[i]);
		steer_reader_reset(source->bank[bank].status[i]);
	}
	if (source->maps[bank] != NULL) {
		steer_reader_reset(source->maps[bank]);
	}
}

static int renew_fault(int ret, steer_fault_t *fault)
{
	if (ret == STEER_ESPACE) {
		return steer_fault(fault, ret, "the data has outgrown the address space that was to be had "
		                   "for it");
	}
	return steer_fault(fault, ret, "a reader could not be renewed");
}

static int too_fast(steer_fault_t *fault)
{
	return steer_fault(fault, STEER_EBUSY, "commits come faster than readers can be renewed");
}

/*! Moves all readers of an environment to the same transaction. */
static int readers_renew(steer_reader_t **readers, unsigned threads, uint64_t *renewed,
                         steer_fault_t *fault)
{
	for (unsigned tries = 0; tries < RENEW_TRIES; tries++) {
		uint64_t first = 0, id = 0;
		// Ids only rise: if the first reader gets the same id again, all others have it too.
		for (unsigned i = 0; i <= threads; i++) {
			int ret = steer_reader_renew(readers[i % threads], i == 0 ? &first : &id);
			if (ret != STEER_OK) {
				return renew_fault(ret, fault);
			}
		}
		if (id == first) {
			*renewed = id;
			return STEER_OK;
		}
	}
	return too_fast(fault);
}

static int maps_renew(const steer_source_t *source, unsigned bank, uint64_t *id,
                      steer_fault_t *fault)
{
	*id = 0;
	int ret = source->maps[bank] != NULL ? steer_reader_renew(source->maps[bank], id) : STEER_OK;
	return ret == STEER_OK ? STEER_OK : renew_fault(ret, fault);
}

/*!
 * Moves a bank to the newest commits.
 *
 * Whoever has changed a map and then a record, or the other way round, expects that no client sees
 * only the second: there is a time at which the bank's maps and its records were both the newest.
 */
static int bank_renew(steer_source_t *source, unsigned which, steer_fault_t *fault)
{
	steer_snapshot_t *bank = &source->bank[which];
	for (unsigned tries = 0; tries < RENEW_TRIES; tries++) {
		uint64_t before;
		int ret = maps_renew(source, which, &before, fault);
		if (ret == STEER_OK) {
			ret = readers_renew(bank->readers, source->threads, &bank->id, fault);
		}
		if (ret == STEER_OK) {
			ret = readers_renew(bank->status, source->threads, &bank->status_id, fault);
		}
		if (ret == STEER_OK) {
			ret = maps_renew(source, which, &bank->maps_id, fault);
		}
		if (ret != STEER_OK || bank->maps_id == before) {
			return ret;
		}
	}
	return too_fast(fault);
}

typedef struct {
	steer_marks_t *marks;
	uint64_t serial;
} marking_t;

static void mark(void *ctx, uint64_t page)
{
	marking_t *marking = ctx;
	atomic_store_explicit(&marking->marks->left[page % STEER_MARKS], marking->serial,
	                      memory_order_relaxed); // Ordered by the publishing that follows.
}

/*!
 * Marks what a snapshot no longer has in common with the one before.
 *
 * A worker still in that one may see the marks too early; it then looks up again what it cached.
 */
static void mark_freed(steer_source_t *source, const steer_snapshot_t *before,
                       steer_snapshot_t *bank)
{
	marking_t marking = { &source->marks, bank->serial };
	bool same_zones = before != NULL && before->apexes.pages == bank->apexes.pages;
	bool marked = same_zones && source->marked &&
	              steer_pages_freed(bank->readers[0], before->id, mark, &marking) == STEER_OK;
	bank->since = marked ? before->since : bank->serial;
	bank->marks = &source->marks;
}

/* The health table. */

static int64_t clock_ms(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static int64_t boot_ms(void)
{
	return clock_ms(CLOCK_BOOTTIME);
}

/*! How far the wall clock is ahead of the boot clock; changes only when the former is set. */
static int64_t wall_ahead(void)
{
	return clock_ms(CLOCK_REALTIME) - boot_ms();
}

/*!
 * Whether time alone has changed the health table: a state has expired, steerd has become silent,
 * or the wall clock, by which that is decided for times of earlier boots, was set.
 */
static bool time_changed_table(const steer_source_t *source)
{
	return boot_ms() >= source->expires || llabs(wall_ahead() - source->wall_ahead) >= STEP_MS;
}

/*!
 * Lets the health table expire in so long, if it does not earlier. What no longer expires is noticed
 * when it would have.
 */
static void lower_expires(steer_source_t *source, const steer_now_t *now, uint64_t left_ms)
{
	int64_t at = left_ms != UINT64_MAX ? (int64_t)(now->boot_ms + left_ms) : INT64_MAX;
	source->expires = at < source->expires ? at : source->expires;
}

/*! Whether the health table of a snapshot differs from the one before in changed states alone. */
static bool only_states_differ(const steer_source_t *source, const steer_snapshot_t *before,
                               const steer_snapshot_t *bank)
{
	return before != NULL && before->checked == bank->checked &&
	       before->silence.after == bank->silence.after && before->silence.up == bank->silence.up &&
	       before->silence.silent == bank->silence.silent && !time_changed_table(source);
}

static int table_fault(int ret, steer_fault_t *fault)
{
	return steer_fault(fault, ret, "the health checks cannot be read: %s", steer_strerror(ret));
}

/*! Decides all checks; a damaged one counts as unknown. */
static int make_table(steer_source_t *source, const steer_health_basis_t *basis, int64_t ahead,
                      steer_health_table_build_t *table, steer_fault_t *fault)
{
	uint64_t left_ms = basis->silence.left_ms;
	int ret = steer_health_follow_all(&source->health_follow, basis, table, &left_ms);
	if (ret != STEER_OK && ret != STEER_EDAMAGED) {
		return table_fault(ret, fault);
	}
	source->wall_ahead = ahead;
	source->expires = INT64_MAX;
	lower_expires(source, basis->now, left_ms);
	return STEER_OK;
}

/*! Decides only checks whose states have changed. \return false: the table is spoilt */
static bool change_table(steer_source_t *source, const steer_health_basis_t *basis,
                         const steer_health_table_t *last, steer_health_table_build_t *table)
{
	uint64_t left_ms = basis->silence.left_ms;
	if (steer_health_follow_changes(&source->health_follow, basis, last, table,
	                                &left_ms) != STEER_OK) {
		return false;
	}
	lower_expires(source, basis->now, left_ms);
	return true;
}

/*!
 * Takes the health table of a snapshot: the one before if no state has changed, or the other one,
 * which no worker can be in. A damaged heartbeat counts as none.
 */
static int take_table(steer_source_t *source, const steer_snapshot_t *before,
                      steer_snapshot_t *bank, steer_fault_t *fault)
{
	int64_t ahead = wall_ahead(); // Before steer_now(): a step between the two is noticed later.
	steer_now_t now;
	steer_now(&now);
	steer_health_basis_t basis = {
		.records = bank->readers[0], .status = bank->status[0], .now = &now,
	};
	int ret = steer_silence_read(basis.records, basis.status, &now, &basis.silence);
	if (ret != STEER_OK && ret != STEER_EDAMAGED) {
		return table_fault(ret, fault);
	}
	bank->silence = basis.silence;
	bank->checked = steer_reader_number(basis.records, STEER_META_CHECKED);
	const steer_health_table_t *last = before != NULL ? before->health_table : NULL;
	bool first = last != &source->health_tables[0].table;
	steer_health_table_build_t *table = &source->health_tables[first ? 0 : 1];
	bool same = only_states_differ(source, before, bank);
	if (same && steer_health_follow_is_current(&source->health_follow, basis.status)) {
		bank->health_table = last;
		lower_expires(source, &now, basis.silence.left_ms);
		return STEER_OK;
	}
	bank->health_table = &table->table;
	return same && change_table(source, &basis, last, table)
	       ? STEER_OK : make_table(source, &basis, ahead, table, fault);
}

static uint64_t next_serial(void)
{
	static uint64_t serial; // Shared by all engines: no cache may take one snapshot for another.
	return __atomic_add_fetch(&serial, 1, __ATOMIC_RELAXED);
}

/*!
 * Numbers a snapshot. What is cached of records stays valid whatever happens to the status, and the
 * other way round.
 */
static void number(steer_source_t *source, const steer_snapshot_t *before, steer_snapshot_t *bank)
{
	bool same_status = before != NULL && before->status_id == bank->status_id;
	bank->status_serial = same_status ? before->status_serial : next_serial();
	bool same_policies = before != NULL && before->health_table == bank->health_table &&
	                     before->maps == bank->maps;
	bank->policy_serial = same_policies ? before->policy_serial : next_serial();
	if (before != NULL && before->id == bank->id) {
		bank->serial = before->serial;
		bank->since = before->since;
		bank->marks = before->marks;
	} else {
		bank->serial = next_serial();
		mark_freed(source, before, bank);
	}
}

/*! Opens the apex filter, or shares that of the snapshot before if it has not changed. */
static int take_apexes(steer_source_t *source, const steer_snapshot_t *before,
                       steer_snapshot_t *bank, steer_fault_t *fault)
{
	bank->hosted = steer_reader_number(bank->readers[0], STEER_META_APEXES);
	if (before != NULL && before->hosted == bank->hosted) {
		bank->apexes = before->apexes;
		return STEER_OK;
	}
	bool first = before == NULL || before->apexes.pages != source->apexes[0].pages;
	steer_apexes_t *apexes = &source->apexes[first ? 0 : 1];
	steer_apexes_close(apexes);
	int ret = steer_apexes_open(apexes, bank->readers[0], before != NULL ? &before->apexes : NULL);
	if (ret != STEER_OK) {
		return steer_fault(fault, ret, "the filter of hosted zones cannot be read: %s",
		                   steer_strerror(ret));
	}
	bank->apexes = *apexes;
	return STEER_OK;
}

/*!
 * Opens the maps, or shares those of the snapshot before if neither they nor the numbers in the
 * dictionary have changed.
 */
static int take_maps(steer_source_t *source, const steer_snapshot_t *before, unsigned which,
                     steer_fault_t *fault)
{
	steer_snapshot_t *bank = &source->bank[which];
	if (before != NULL && before->maps_id == bank->maps_id &&
	    steer_map_set_is_numbered(before->maps, bank->readers[0])) {
		bank->maps = before->maps;
		return STEER_OK;
	}
	const steer_map_set_t *last = before != NULL ? before->maps : NULL;
	steer_map_set_t *set = &source->map_sets[last == &source->map_sets[0] ? 1 : 0];
	int ret = steer_map_set_open(set, source->maps[which], bank->readers[0], last);
	if (ret != STEER_OK) {
		return steer_fault(fault, ret, "the maps cannot be read: %s", steer_strerror(ret));
	}
	bank->maps = set;
	return STEER_OK;
}

/*! Fills in a snapshot whose readers are renewed; before is the one it follows, or NULL. */
static int complete(steer_source_t *source, const steer_snapshot_t *before, unsigned which,
                    steer_fault_t *fault)
{
	steer_snapshot_t *bank = &source->bank[which];
	int ret = steer_reader_check(bank->readers[0], fault);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = take_apexes(source, before, bank, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	bank->root = steer_apexes_maybe(&bank->apexes, steer_name_hash((const uint8_t *)"", 1));
	ret = take_maps(source, before, which, fault);
	if (ret == STEER_OK) {
		ret = take_table(source, before, bank, fault);
	}
	if (ret != STEER_OK) {
		return ret;
	}
	bank->sequence = steer_reader_number(bank->readers[0], STEER_META_SEQUENCE);
	bank->has_nodes = source->marked && steer_btree_open(&bank->nodes, &source->marks.pages,
	                                                     bank->readers[0]) == STEER_OK;
	number(source, before, bank);
	source->live = which;
	return STEER_OK;
}

int steer_source_open(steer_source_t **source, const char *storage, unsigned threads,
                      steer_fault_t *fault)
{
	steer_source_t *open = calloc(1, sizeof(*open));
	if (open == NULL) {
		return steer_fault(fault, STEER_ENOMEM, "%s", steer_strerror(STEER_ENOMEM));
	}
	open->threads = threads;
	// Before it is opened, so that no replacement is missed meanwhile.
	int known = steer_store_identity(storage, &open->device, &open->inode);
	int ret = steer_store_open(&open->store, storage, STEER_STORE_READ, fault);
	if (ret == STEER_OK && known != STEER_OK) {
		ret = steer_fault(fault, known, "%s: %s", storage, steer_strerror(known));
	}
	if (ret != STEER_OK) {
		goto fail;
	}
	for (unsigned i = 0; i < 2; i++) {
		ret = bank_open(&open->bank[i], open->store, threads, fault);
		if (ret != STEER_OK) {
			goto fail;
		}
	}
	ret = open_maps(open, fault);
	if (ret != STEER_OK) {
		goto fail;
	}
	ret = bank_renew(open, 0, fault);
	if (ret != STEER_OK) {
		goto fail;
	}
	open->marked = steer_pages_open(&open->marks.pages, open->bank[0].readers[0]) == STEER_OK;
	ret = complete(open, NULL, 0, fault);
	if (ret != STEER_OK) {
		goto fail;
	}
	*source = open;
	return STEER_OK;
fail:
	steer_source_close(open);
	return ret;
}

void steer_source_close(steer_source_t *source)
{
	if (source == NULL) {
		return;
	}
	bank_close(&source->bank[0], source->threads);
	bank_close(&source->bank[1], source->threads);
	steer_reader_close(source->maps[0]);
	steer_reader_close(source->maps[1]);
	steer_apexes_close(&source->apexes[0]);
	steer_apexes_close(&source->apexes[1]);
	steer_health_follow_free(&source->health_follow);
	steer_health_table_free(&source->health_tables[0]);
	steer_health_table_free(&source->health_tables[1]);
	steer_store_close(source->store);
	free(source);
}

int steer_source_time_left(const steer_source_t *source)
{
	if (time_changed_table(source)) {
		return 0;
	}
	int64_t left = source->expires - boot_ms();
	if (left < 0) {
		return 0;
	}
	return left < INT_MAX ? left : INT_MAX;
}

/*! Whether the idle bank would get newer commits than the live one has. */
static int has_news(steer_source_t *source, bool *news, steer_fault_t *fault)
{
	const steer_snapshot_t *live = &source->bank[source->live];
	const steer_snapshot_t *idle = &source->bank[!source->live];
	steer_reader_t *maps = source->maps[!source->live];
	uint64_t id, status_id, maps_id = 0;
	int ret = steer_reader_peek(idle->readers[0], &id);
	if (ret == STEER_OK) {
		ret = steer_reader_peek(idle->status[0], &status_id);
	}
	if (ret == STEER_OK && maps != NULL) {
		ret = steer_reader_peek(maps, &maps_id);
	}
	if (ret != STEER_OK) {
		return renew_fault(ret, fault);
	}
	*news = id != live->id || status_id != live->status_id || maps_id != live->maps_id;
	return STEER_OK;
}

int steer_source_refresh(steer_source_t *source, bool *taken, steer_fault_t *fault)
{
	const unsigned idle = !source->live;
	bool news = false;
	*taken = false;
	int ret = open_maps(source, fault);
	if (ret == STEER_OK) {
		ret = has_news(source, &news, fault);
	}
	if (ret != STEER_OK || (!news && !time_changed_table(source))) {
		return ret;
	}
	ret = bank_renew(source, idle, fault);
	if (ret == STEER_OK) {
		ret = complete(source, &source->bank[source->live], idle, fault);
	}
	if (ret != STEER_OK) {
		bank_reset(source, idle);
	}
	*taken = ret == STEER_OK;
	return ret;
}

bool steer_source_is_current(const steer_source_t *source)
{
	return steer_store_is_current(source->store);
}

bool steer_source_can_grow(const steer_source_t *source)
{
	return steer_store_has_room(source->store);
}

void steer_source_release(steer_source_t *source)
{
	bank_reset(source, !source->live);
}
