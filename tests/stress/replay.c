/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shows that a store equals one into which its log is replayed: random change sets of every kind go
 * into one store and from its log into another, which lags some of them behind, and then both are
 * compared, byte by byte. What does not fit is tried in between, and must change nothing. The uses
 * of health checks and alias targets must be those that a scan of all nodes finds, after each change
 * set.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/change/change.h"
#include "store/handles.h"
#include "store/log.h"
#include "store/uses.h"
#include "store/replay.h"
#include "stress/drawn.h"
#include "unit/count.h"
#include "unit/hex.h"

static const char usage[] =
	"usage: replay SEED CHANGES DIR REPLICA\n"
	"\n"
	"Makes so many change sets in the store in DIR, which has no zones yet, and replays its log\n"
	"into REPLICA, a backup of it. Prints how often it has met what, a line each: number and\n"
	"words.\n";

#define NAMES_MAX 300 /* Names in a change set; more than fit in a part of the log. */
#define BEHIND_MAX 4 /* Change sets that wait to be replayed; fewer than the log keeps. */

#define MET(X) \
	X(REFUSED,     "change refused") \
	X(CREATED,     "zone created") \
	X(DELETED,     "zone deleted") \
	X(MODE,        "mode of a zone changed") \
	X(COMMENT,     "comment changed") \
	X(ADDED,       "record set added") \
	X(REMOVED,     "record set removed") \
	X(POLICY,      "policy with a health check") \
	X(REGION,      "policy with a region") \
	X(LOCATION,    "policy with a location") \
	X(SETTING,     "setting changed") \
	X(UNSET,       "setting unset") \
	X(CHECK,       "health check created or changed") \
	X(CHECK_GONE,  "health check deleted or changed") \
	X(SLOT,        "slot of a check that is not defined") \
	X(STATE,       "force or report") \
	X(STATE_GONE,  "force or report ended or changed") \
	X(STATE_LOST,  "force or report gone with its check") \
	X(NAME,        "name that got a number") \
	X(TARGET,      "alias target") \
	X(EXTERNAL,    "external alias target") \
	X(PARTS,       "change set of several parts") \
	X(GAP,         "gap refused") \
	X(AGAIN,       "second replay refused") \
	X(SPOILED,     "spoiled change set refused") \
	X(COMPARED,    "stores compared")

enum {
#define X(symbol, words) MET_##symbol,
	MET(X)
#undef X
	METS
};

static unsigned met[METS];

static void print_met(void)
{
	static const char *const words[] = {
#define X(symbol, text) text,
		MET(X)
#undef X
	};
	for (unsigned i = 0; i < METS; i++) {
		printf("%u %s\n", met[i], words[i]);
	}
}

static void fail(const char *what)
{
	fprintf(stderr, "replay: %s\n", what);
	exit(1);
}

/* The log. */

typedef struct {
	steer_reader_t *reader;
	steer_log_t *log;
	uint8_t *spoiled; /*!< A copy of the last part, with a byte changed; NULL: none is. */
	bool spoil;
} source_t;

static void source_open(source_t *source, steer_store_t *store)
{
	steer_fault_t fault;
	uint64_t id;
	*source = (source_t) { .spoil = false };
	must(steer_reader_open(&source->reader, store, STEER_ENV_RECORDS, &fault), &fault);
	must(steer_reader_renew(source->reader, &id), &fault);
	if (steer_log_open(&source->log, source->reader) != STEER_OK) {
		fail("no memory");
	}
}

static void source_close(source_t *source)
{
	steer_log_close(source->log);
	steer_reader_close(source->reader);
	free(source->spoiled);
}

static void find(source_t *source, uint64_t sequence)
{
	steer_log_change_t change;
	if (steer_log_find(source->log, sequence, &change) != STEER_OK ||
	    change.sequence != sequence) {
		fail("a change set is not in the log");
	}
}

/*! Returns the next part; a spoiled one differs, and its sum is right. */
static int next_part(void *ctx, const void **part, size_t *size)
{
	source_t *source = ctx;
	int ret = steer_log_next_part(source->log, part, size);
	if (ret == STEER_OK && source->spoil) {
		free(source->spoiled);
		source->spoiled = memcpy(malloc(*size), *part, *size);
		source->spoiled[STEER_LOG_PART_SIZE]++; // In the first one it is the time.
		put_part_sum(source->spoiled, steer_sum(source->spoiled + 4, *size - 4));
		*part = source->spoiled;
		source->spoil = false;
	}
	return ret;
}

static void count_zone(const steer_log_entry_t *entry)
{
	met[MET_CREATED] += entry->sign == STEER_LOG_IS;
	met[MET_DELETED] += entry->sign == STEER_LOG_WAS;
	met[MET_MODE] += entry->differs && entry->zone.mode != entry->was.mode;
	met[MET_COMMENT] += entry->differs && entry->zone.mode == entry->was.mode;
}

static void count_set(const steer_log_entry_t *entry)
{
	steer_set_t set;
	steer_group_set(&entry->group, 0, &set);
	met[entry->sign == STEER_LOG_IS ? MET_ADDED : MET_REMOVED]++;
	met[MET_POLICY] += entry->group.program_len > 0 && set.slot != STEER_SLOT_NONE;
	met[MET_REGION] += set.region != 0;
	met[MET_LOCATION] += entry->group.collection != 0;
}

static void count_entry(const steer_log_entry_t *entry)
{
	bool is = entry->sign == STEER_LOG_IS;
	switch (entry->kind) {
	case STEER_LOG_ZONE:
		count_zone(entry);
		break;
	case STEER_LOG_SET:
		count_set(entry);
		break;
	case STEER_LOG_SETTING:
		met[is ? MET_SETTING : MET_UNSET]++;
		break;
	case STEER_LOG_STATE:
		met[is ? MET_STATE : MET_STATE_GONE]++;
		break;
	case STEER_LOG_NAME:
		met[MET_NAME]++;
		break;
	case STEER_LOG_CHECK:
		met[get_check_type(entry->value) == STEER_CHECK_NONE ? MET_SLOT
		    : is ? MET_CHECK : MET_CHECK_GONE]++;
		break;
	}
}

/*! Counts the contents of a change set. */
static void count(steer_store_t *store, uint64_t sequence)
{
	source_t source;
	steer_log_change_t change;
	steer_log_entry_t entry;
	source_open(&source, store);
	if (steer_log_find(source.log, sequence, &change) != STEER_OK) {
		fail("a change set is not in the log");
	}
	met[MET_PARTS] += change.head.parts > 1;
	while (steer_log_next(source.log, &entry) == STEER_OK) {
		count_entry(&entry);
	}
	source_close(&source);
}

/* Changes. */

static drawn_store_t drawn;

static void change_setting(steer_chance_t *chance, steer_change_t *change)
{
	const uint32_t keep = steer_le_u32(BEHIND_MAX + 1 + drawn_below(chance, 10));
	static const uint8_t servers[] = "\x02ns\x04test\x00\x02nt\x04test";
	static const uint8_t forwarder[] = "\4\0\x35\0\xc0\0\2\1"; // Without a name: the root.
	bool set = drawn_percent(chance, 70);
	if (drawn_percent(chance, 10)) {
		const uint32_t word = steer_le_u32(STEER_STALE_UP);
		(void)steer_change_setting(change, &steer_settings[STEER_SETTING_STALE],
		                           set ? &word : NULL, sizeof(word));
	} else if (drawn_percent(chance, 10)) {
		(void)steer_change_setting(change, &steer_settings[STEER_SETTING_FORWARDERS],
		                           set ? forwarder : NULL, sizeof(forwarder));
	} else if (drawn_percent(chance, 70)) {
		(void)steer_change_setting(change, &steer_settings[STEER_SETTING_LOG_KEEP],
		                           set ? &keep : NULL, sizeof(keep));
	} else {
		size_t len = drawn_percent(chance, 50) ? sizeof(servers) : sizeof(servers) / 2;
		(void)steer_change_setting(change, &steer_settings[STEER_SETTING_NAME_SERVERS],
		                           set ? servers : NULL, len);
	}
}

/*! Makes a change set; what is refused changes nothing. */
static void change_records(steer_chance_t *chance, steer_store_t *store)
{
	char who[] = "w0";
	who[1] += drawn_below(chance, 10);
	const steer_apply_t options = {
		.who = who, .what = "replay", .now.wall = drawn_below(chance, 1000),
	};
	steer_change_t *change = steer_change_new();
	steer_summary_t summary;
	steer_fault_t fault;
	int ret = drawn_change(chance, &drawn, change);
	if (drawn_percent(chance, 10)) {
		change_setting(chance, change);
	}
	if (ret == STEER_OK) {
		ret = steer_store_apply(store, change, &options, &summary, &fault);
	}
	steer_change_free(change);
	if (ret == STEER_EREFUSED || ret == STEER_ENOENT) {
		met[MET_REFUSED]++;
		drawn_take_back(&drawn);
	} else if (ret != STEER_OK) {
		fail(fault.text);
	}
}

/*! Whether a check is defined: others have no state. */
static bool is_defined(const source_t *source, const char *id, uint32_t *created)
{
	const void *value;
	size_t len;
	int ret = steer_reader_get(source->reader, STEER_DB_CHECKS, id, strlen(id), &value, &len);
	*created = ret == STEER_OK ? get_check_created(value) : 0;
	return ret == STEER_OK && get_check_type(value) != STEER_CHECK_NONE;
}

/*! Forces or reports some checks, or ends that. */
static void change_states(steer_chance_t *chance, steer_store_t *store)
{
	static const steer_apply_t options = { .who = "someone", .what = "health" };
	steer_health_state_t state[3];
	steer_status_entry_t states[COUNT(state)];
	char ids[COUNT(state)][3] = { "h0", "h0", "h0" };
	unsigned count = 0;
	source_t source;
	source_open(&source, store);
	for (unsigned i = 0; i < COUNT(state); i++) {
		uint32_t created;
		ids[i][1] += drawn_below(chance, DRAWN_CHECKS);
		if (!is_defined(&source, ids[i], &created)) {
			continue;
		}
		bool up = drawn_percent(chance, 50), cleared = drawn_percent(chance, 30);
		unsigned since = drawn_below(chance, 1000);
		state[i] = (steer_health_state_t) {
			.up = up, .cleared = cleared, .since = since,
			.created = created, .who = "someone", .who_len = drawn_below(chance, 8),
		};
		states[count++] = (steer_status_entry_t) {
			.kind = drawn_percent(chance, 60) ? STEER_STATUS_FORCE : STEER_STATUS_REPORT,
			.id = ids[i], .state = &state[i],
		};
	}
	source_close(&source);
	steer_fault_t fault;
	must(steer_store_apply_states(store, states, count, &options, &fault), &fault);
}

/*! Gives numbers to some names, some of which may have one. */
static void change_names(steer_chance_t *chance, steer_store_t *store)
{
	static const steer_apply_t options = { .who = "someone", .what = "map import" };
	static const uint8_t kinds[] = {
		STEER_DICTIONARY_REGION, STEER_DICTIONARY_COLLECTION, STEER_DICTIONARY_LOCATION,
	};
	steer_dictionary_name_t names[NAMES_MAX];
	uint32_t numbers[NAMES_MAX];
	char texts[NAMES_MAX][16];
	steer_fault_t fault;
	unsigned count = drawn_below(chance, drawn_percent(chance, 5) ? NAMES_MAX : 3);
	for (unsigned i = 0; i < count; i++) {
		names[i] = (steer_dictionary_name_t) {
			.kind = kinds[drawn_below(chance, COUNT(kinds))], .text = texts[i],
		};
		names[i].len = sprintf(texts[i], names[i].kind == STEER_DICTIONARY_LOCATION ? "c/%u" : "%u",
		                       drawn_below(chance, 1000));
	}
	must(steer_store_apply_names(store, names, count, &options, numbers, &fault), &fault);
}

/* Replaying. */

static steer_store_stats_t stats_of(steer_store_t *store)
{
	steer_store_stats_t stats;
	steer_fault_t fault;
	must(steer_store_stats(store, &stats, &fault), &fault);
	return stats;
}

/*! Tries what must be refused, and changes nothing. */
static void try_misfit(steer_store_t *replica, source_t *source, uint64_t logged, uint64_t as,
                       unsigned what)
{
	steer_fault_t fault;
	const steer_store_stats_t before = stats_of(replica);
	find(source, logged);
	source->spoil = what == MET_SPOILED;
	if (steer_store_replay(replica, as, next_part, source, &fault) != STEER_EREFUSED) {
		fail("what does not fit is not refused");
	}
	source->spoil = false;
	if (stats_of(replica).txn_id != before.txn_id) {
		fail("what was refused has changed something");
	}
	met[what]++;
}

static void replay_one(steer_chance_t *chance, steer_store_t *replica, source_t *source,
                       uint64_t sequence, uint64_t last)
{
	steer_fault_t fault;
	if (drawn_percent(chance, 5) && sequence < last) {
		try_misfit(replica, source, sequence + 1, sequence + 1, MET_GAP);
		try_misfit(replica, source, sequence + 1, sequence, MET_GAP);
	}
	if (drawn_percent(chance, 5)) {
		try_misfit(replica, source, sequence, sequence, MET_SPOILED);
	}
	find(source, sequence);
	must(steer_store_replay(replica, sequence, next_part, source, &fault), &fault);
	if (drawn_percent(chance, 5)) {
		try_misfit(replica, source, sequence, sequence, MET_AGAIN);
		try_misfit(replica, source, sequence, sequence + 1, MET_AGAIN);
	}
}

/* Comparing. */

typedef struct {
	steer_reader_t *reader;
	steer_cursor_t *cursor;
	steer_pair_t pair;
	int ret;
} side_t;

static void side_open(side_t *side, steer_store_t *store, enum steer_env env)
{
	steer_fault_t fault;
	uint64_t id;
	must(steer_reader_open(&side->reader, store, env, &fault), &fault);
	must(steer_reader_renew(side->reader, &id), &fault);
}

static bool same_pair(const steer_pair_t *a, const steer_pair_t *b)
{
	return a->key_len == b->key_len && memcmp(a->key, b->key, a->key_len) == 0 &&
	       a->value_len == b->value_len && memcmp(a->value, b->value, a->value_len) == 0;
}

static void compare_db(side_t sides[2], enum steer_db db, const char *name)
{
	for (unsigned i = 0; i < 2; i++) {
		if (steer_cursor_open(&sides[i].cursor, sides[i].reader, db) != STEER_OK) {
			fail("no memory");
		}
		sides[i].ret = steer_cursor_seek(sides[i].cursor, NULL, 0, &sides[i].pair);
	}
	while (sides[0].ret == STEER_OK && sides[1].ret == STEER_OK) {
		if (!same_pair(&sides[0].pair, &sides[1].pair)) {
			break;
		}
		for (unsigned i = 0; i < 2; i++) {
			sides[i].ret = steer_cursor_next(sides[i].cursor, &sides[i].pair);
		}
	}
	if (sides[0].ret != STEER_ENOENT || sides[1].ret != STEER_ENOENT) {
		fprintf(stderr, "replay: database %s differs:", name);
		for (unsigned i = 0; i < 2; i++) {
			fputs(i == 0 ? " " : " and ", stderr);
			if (sides[i].ret == STEER_OK) {
				hex_write(stderr, sides[i].pair.key, sides[i].pair.key_len);
			}
		}
		fputs("\n", stderr);
		exit(1);
	}
	steer_cursor_close(sides[0].cursor);
	steer_cursor_close(sides[1].cursor);
}

static void compare_env(steer_store_t *store, steer_store_t *replica, enum steer_env which)
{
	side_t sides[2];
	side_open(&sides[0], store, which);
	side_open(&sides[1], replica, which);
#define X(symbol, env, name) \
	if (STEER_ENV_##env == which) { \
		compare_db(sides, STEER_DB_##symbol, name); \
	}
	STEER_DATABASES(X)
#undef X
	steer_reader_close(sides[0].reader);
	steer_reader_close(sides[1].reader);
}

/* Uses. */

#define TARGETS_MAX 4096

typedef struct {
	uint64_t uses[DRAWN_CHECKS]; /*!< Of h0, h1, ... */
	unsigned checks;             /*!< That are used. */
	unsigned targets;
	steer_target_use_t target[TARGETS_MAX]; /*!< Not whether they are external; by type and name. */
} uses_t;

static int compare_targets(const void *a, const void *b)
{
	const steer_target_use_t *left = a, *right = b;
	return left->type != right->type ? left->type - right->type
	       : steer_key_cmp(left->name.bytes, left->name.len, right->name.bytes, right->name.len);
}

static void add_target(uses_t *uses, uint16_t type, const steer_key_t *name, uint64_t count)
{
	if (uses->targets == TARGETS_MAX) {
		fail("there are more alias targets than expected");
	}
	uses->target[uses->targets++] = (steer_target_use_t) {
		.type = type, .name = *name, .count = count,
	};
}

/*! Sorts what a scan has found, one by one, and adds up what is equal. */
static void add_up_targets(uses_t *uses)
{
	unsigned count = 0;
	qsort(uses->target, uses->targets, sizeof(*uses->target), compare_targets);
	for (unsigned i = 0; i < uses->targets; i++) {
		if (count > 0 && compare_targets(&uses->target[count - 1], &uses->target[i]) == 0) {
			uses->target[count - 1].count++;
		} else {
			uses->target[count++] = uses->target[i];
		}
	}
	uses->targets = count;
}

static bool same_uses(const uses_t *a, const uses_t *b)
{
	if (a->checks != b->checks || memcmp(a->uses, b->uses, sizeof(a->uses)) != 0 ||
	    a->targets != b->targets) {
		return false;
	}
	for (unsigned i = 0; i < a->targets; i++) {
		if (compare_targets(&a->target[i], &b->target[i]) != 0 ||
		    a->target[i].count != b->target[i].count) {
			return false;
		}
	}
	return true;
}

static unsigned number_of(const char *id, size_t len)
{
	if (len != 2 || id[0] != 'h' || id[1] < '0' || id[1] >= '0' + DRAWN_CHECKS) {
		fail("a record set names a check that was not drawn");
	}
	return id[1] - '0';
}

static void scan_group(const steer_group_t *group, uses_t *scanned)
{
	for (unsigned i = 0; i < group->count; i++) {
		steer_set_t set;
		char id[STEER_CHECK_ID_MAX + 1];
		steer_group_set(group, i, &set);
		if (steer_set_health(&set, id)) {
			scanned->checks += scanned->uses[number_of(id, strlen(id))]++ == 0;
		}
		if (set.alias) {
			steer_key_t name;
			steer_key_from_name(&name, set.body);
			add_target(scanned, group->type, &name, 1);
		}
	}
}

static void scan_node(const steer_pair_t *pair, uses_t *scanned)
{
	steer_node_t node;
	if (steer_node_open(&node, pair->value, pair->value_len) != STEER_OK) {
		fail("a node is damaged");
	}
	for (unsigned i = 0; i < steer_node_faces(&node); i++) {
		steer_face_t face;
		steer_node_face_at(&node, i, &face);
		for (unsigned k = 0; k < face.count; k++) {
			steer_group_t group;
			steer_face_group_at(&face, k, &group);
			scan_group(&group, scanned);
		}
	}
}

static bool take_use(void *ctx, const char *id, size_t len, uint64_t count)
{
	uses_t *stored = ctx;
	stored->uses[number_of(id, len)] = count;
	stored->checks++;
	return true;
}

static bool take_target_use(void *ctx, const steer_target_use_t *use)
{
	add_target(ctx, use->type, &use->name, use->count);
	met[MET_TARGET]++;
	return true;
}

static bool take_external(void *ctx, uint16_t type, const uint8_t *name)
{
	(void)ctx;
	(void)type;
	(void)name;
	met[MET_EXTERNAL]++;
	return true;
}

/*! Compares the stored uses with those that a scan of all nodes finds. */
static void compare_uses(steer_store_t *store)
{
	side_t side;
	static uses_t stored, scanned;
	stored.checks = scanned.checks = stored.targets = scanned.targets = 0;
	memset(stored.uses, 0, sizeof(stored.uses));
	memset(scanned.uses, 0, sizeof(scanned.uses));
	side_open(&side, store, STEER_ENV_RECORDS);
	if (steer_cursor_open(&side.cursor, side.reader, STEER_DB_NODES) != STEER_OK) {
		fail("no memory");
	}
	for (side.ret = steer_cursor_seek(side.cursor, NULL, 0, &side.pair); side.ret == STEER_OK;
	     side.ret = steer_cursor_next(side.cursor, &side.pair)) {
		scan_node(&side.pair, &scanned);
	}
	add_up_targets(&scanned);
	if (steer_uses_walk(side.reader, take_use, &stored) != STEER_OK ||
	    steer_uses_targets_walk(side.reader, take_target_use, &stored) != STEER_OK ||
	    steer_uses_externals_walk(side.reader, take_external, NULL) != STEER_OK ||
	    !same_uses(&stored, &scanned)) {
		fail("the stored uses are not those of a full scan");
	}
	steer_cursor_close(side.cursor);
	steer_reader_close(side.reader);
}

/*! Compares the records, and the status, in which nothing was probed or resolved. */
static void compare(steer_store_t *store, steer_store_t *replica)
{
	compare_env(store, replica, STEER_ENV_RECORDS);
	compare_env(store, replica, STEER_ENV_STATUS);
	met[MET_COMPARED]++;
}

/*! Opens a store whose commits are not durable, since 20,000 would take minutes. */
static steer_store_t *open_fast(const char *dir)
{
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	for (unsigned env = 0; env < STEER_ENVS; env++) {
		if (store->env[env] != NULL && mdb_env_set_flags(store->env[env], MDB_NOSYNC, 1) != 0) {
			fail("an environment does not do without syncing");
		}
	}
	return store;
}

/*! Changes records, settings and checks, or states, or gives numbers to names. */
static void change(steer_chance_t *chance, steer_store_t *store)
{
	uint64_t before = stats_of(store).sequence;
	if (drawn_percent(chance, 80)) {
		uint64_t states = stats_of(store).db[STEER_DB_STATUS].entries;
		change_records(chance, store);
		met[MET_STATE_LOST] += states - stats_of(store).db[STEER_DB_STATUS].entries;
	} else if (drawn_percent(chance, 80)) {
		change_states(chance, store);
	} else {
		change_names(chance, store);
	}
	if (stats_of(store).sequence > before) {
		count(store, before + 1);
		compare_uses(store);
	}
}

/*! Makes a number of change sets, and replays them. */
static void run(steer_chance_t *chance, steer_store_t *store, steer_store_t *replica,
                uint64_t changes)
{
	uint64_t last = 0, replayed = 0;
	while (last < changes) {
		uint64_t goal = replayed + 1 + drawn_below(chance, BEHIND_MAX);
		while (last < goal) {
			change(chance, store);
			last = stats_of(store).sequence;
		}
		source_t source;
		source_open(&source, store);
		while (replayed < last) {
			replay_one(chance, replica, &source, ++replayed, last);
		}
		source_close(&source);
		compare(store, replica);
	}
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		fail(usage);
	}
	steer_chance_t chance;
	steer_chance_seed(&chance, strtoull(argv[1], NULL, 10));
	steer_store_t *store = open_fast(argv[3]);
	steer_store_t *replica = open_fast(argv[4]);
	run(&chance, store, replica, strtoull(argv[2], NULL, 10));
	steer_store_close(replica);
	steer_store_close(store);
	print_met();
	return 0;
}
