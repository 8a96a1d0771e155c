/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of decided states while they are written, and if they cannot be. */
#include <pthread.h>
#include <string.h>

#include "formats/health_check.h"
#include "steerd/publish.h"
#include "unit/probes.h"
#include "unit/test.h"

/* Time goes on by itself. */

void steer_now(steer_now_t *now)
{
	static uint64_t ms;
	*now = (steer_now_t) { .boot_ms = ++ms };
}

/* A store that notes what is written, and keeps the writer waiting until a test lets it go. */

static struct {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	bool waits, entered;
	int ret;
	char written[16]; /*!< + for each state up, - for each down. */
} store = { .mutex = PTHREAD_MUTEX_INITIALIZER, .cond = PTHREAD_COND_INITIALIZER };

int steer_status_write(steer_store_t *to, const steer_status_entry_t *status, size_t count,
                       steer_fault_t *fault)
{
	(void)to;
	if (status[0].kind != STEER_STATUS_STATE) { // A heartbeat.
		return STEER_OK;
	}
	pthread_mutex_lock(&store.mutex);
	for (size_t i = 0; i < count && status[i].kind == STEER_STATUS_STATE; i++) {
		strcat(store.written, status[i].state->up ? "+" : "-");
	}
	store.entered = true;
	pthread_cond_broadcast(&store.cond);
	while (store.waits) {
		pthread_cond_wait(&store.cond, &store.mutex);
	}
	int ret = store.ret;
	pthread_mutex_unlock(&store.mutex);
	return ret == STEER_OK ? ret : steer_fault(fault, ret, "no room");
}

static void let_go(int ret)
{
	pthread_mutex_lock(&store.mutex);
	store.waits = false;
	store.ret = ret;
	pthread_cond_broadcast(&store.cond);
	pthread_mutex_unlock(&store.mutex);
}

static void wait_for_writer(void)
{
	pthread_mutex_lock(&store.mutex);
	while (!store.entered) {
		pthread_cond_wait(&store.cond, &store.mutex);
	}
	pthread_mutex_unlock(&store.mutex);
}

/* One check. */

typedef struct {
	probers_t probers;
	metrics_t metrics;
	checks_t *checks;
	targets_t *targets;
	publisher_t *publisher;
} steerd_t;

static void on_decided(void *ctx)
{
	steerd_t *self = ctx;
	publisher_wake(self->publisher);
}

/*! Names the check with the state that the store has: U, D, or ? for none. */
static void name(steerd_t *self, char stored, uint32_t created)
{
	steer_health_status_t checked = {
		.id = "web", .id_len = 3, .check = { .type = STEER_CHECK_TCP, .created = created },
		.has_probed = stored != '?', .probed = { .up = stored == 'U' },
	};
	static const char *const options[][2] = {
		{ "interval", "1d" }, { "rise", "1" }, { "fall", "1" },
	};
	steer_fault_t fault;
	for (size_t i = 0; i < COUNT(options); i++) {
		assert_int_equal(steer_health_check_set(&checked.check, options[i][0], options[i][1],
		                                        &fault), STEER_OK);
	}
	checks_update_begin(self->checks);
	assert_int_equal(checks_update(self->checks, &checked), STEER_OK);
	checks_update_end(self->checks);
}

static void drop(steerd_t *self)
{
	checks_update_begin(self->checks);
	checks_update_end(self->checks);
}

static void probe(steerd_t *self, bool ok)
{
	check_t *check = checks_get(self->checks, 0);
	ev_invoke(self->probers.loop, &check->timer, EV_TIMER);
	probes_end(check, ok);
}

/*! Does what the letters say. */
static void act(steerd_t *self, const char *letters)
{
	for (; *letters != '\0'; letters++) {
		switch (*letters) {
		case '+':
		case '-':
			probe(self, *letters == '+');
			break;
		case 'x':
			drop(self);
			break;
		case 'c':
			name(self, '?', 2);
			break;
		default:
			name(self, *letters, 1);
		}
	}
}

static char state_of(const steerd_t *self)
{
	static const char letters[] = {
		[STEER_PROBED_UNKNOWN] = '?', [STEER_PROBED_UP] = 'U', [STEER_PROBED_DOWN] = 'D',
	};
	const check_t *check = checks_get(self->checks, 0);
	return check != NULL ? letters[check->state.probed] : 'x';
}

static void start(steerd_t *self)
{
	steer_fault_t fault;
	*self = (steerd_t) { .probers = { .loop = ev_loop_new(EVFLAG_NOENV) } };
	assert_non_null(self->probers.loop);
	metrics_init(&self->metrics);
	self->checks = checks_new(&self->probers, &self->metrics, 10, on_decided, self);
	assert_non_null(self->checks);
	self->targets = targets_new(self->probers.loop, NULL, &self->metrics, on_decided, self);
	assert_non_null(self->targets);
	assert_int_equal(publisher_open(&self->publisher, self->probers.loop, self->checks,
	                                self->targets, &self->metrics, &fault), STEER_OK);
	publisher_use(self->publisher, (steer_store_t *)&store);
}

static void end(steerd_t *self)
{
	publisher_close(self->publisher);
	checks_free(self->checks);
	targets_free(self->targets);
	metrics_free(&self->metrics);
	ev_loop_destroy(self->probers.loop);
}

static void states_are_published_until_they_are_written(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		const char *meanwhile; /*!< While the first state, down, is written. */
		int ret;
		const char *then;
		char want;
		const char *written;   /*!< Also at the end. */
	} cases[] = {
		{ "written",                          "", STEER_OK, "", 'D', "-" },
		{ "not written",                      "", STEER_EFULL, "", 'D', "--" },
		{ "decided anew meanwhile",           "+", STEER_OK, "", 'U', "-+" },
		{ "decided anew, and not written",    "+", STEER_EFULL, "", 'U', "-+" },
		{ "decided twice meanwhile",          "+-", STEER_OK, "", 'D', "--" },
		{ "dropped",                          "x", STEER_OK, "", 'x', "-" },
		{ "dropped, and not written",         "x", STEER_EFULL, "", 'x', "-" },
		{ "named again, with the state before", "xU", STEER_OK, "", 'D', "-" },
		{ "named again, and not written",     "xU", STEER_EFULL, "", 'U', "-" },
		{ "named again, and decided",         "xU-", STEER_OK, "", 'D', "--" },
		{ "named again, decided, not written", "xU-", STEER_EFULL, "", 'D', "--" },
		{ "created again",                    "c", STEER_OK, "", '?', "-" },
		{ "created again, and not written",   "c", STEER_EFULL, "", '?', "-" },
		{ "looked at while it is written",    "U", STEER_OK, "", 'D', "-" },
		{ "looked at, and not written",       "U", STEER_EFULL, "", 'D', "--" },
		{ "looked at, and the same again",    "U-", STEER_OK, "", 'D', "-" },
		{ "looked at when it is written",     "", STEER_OK, "D", 'D', "-" },
		{ "looked at when it is not written", "", STEER_EFULL, "U", 'D', "--" },
		{ "gone from the store",              "", STEER_OK, "?", '?', "-" },
		{ "gone from the store, and decided", "", STEER_OK, "?-", 'D', "--" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		store.written[0] = '\0';
		store.waits = true;
		store.entered = false;
		steerd_t self;
		start(&self);
		act(&self, "U-");
		while (!checks_get(self.checks, 0)->publishing) {
			ev_run(self.probers.loop, EVRUN_ONCE);
		}
		wait_for_writer();
		act(&self, cases[i].meanwhile);
		let_go(cases[i].ret);
		publisher_use(self.publisher, (steer_store_t *)&store); // Takes back.
		act(&self, cases[i].then);
		assert_int_equal(state_of(&self), cases[i].want);
		store.ret = STEER_OK;
		end(&self);
		assert_string_equal(store.written, cases[i].written);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states_are_published_until_they_are_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
