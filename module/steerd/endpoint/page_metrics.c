/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>

#include "steerd/endpoint/page.h"

/*! Checks of one type as they are now. */
typedef struct {
	uint64_t states[PAGE_STATES]; /*!< By steer_probed_t. */
	uint64_t running, waiting, unpublished;
} counts_t;

typedef struct {
	page_t page;
	const page_source_t *source;
	unsigned family;    /*!< The next metric. */
	uint32_t at;        /*!< Its next check or type; 0: it has not begun. */
	counts_t counts[METRICS_TYPES]; /*!< Complete behind the metric that goes over the checks. */
	struct {
		uint64_t queries[2], unpublished; /*!< Queries that are sent, and that wait. */
	} targets; /*!< Complete behind the metric that counts them. */
} metrics_page_t;

/*! For what a metric has samples. */
typedef enum { FOR_STEERD, FOR_TYPES, FOR_CHECKS } each_t;

typedef struct {
	const char *name, *type, *help;
	each_t each;
	/*! Puts the samples of steerd, of a type or of the check in a slot. */
	void (*put)(metrics_page_t *self, const char *name, uint32_t at);
} family_t;

/* Samples of steerd. */

static void put_number(metrics_page_t *self, const char *name, uint64_t number)
{
	page_put(&self->page, "%s %" PRIu64 "\n", name, number);
}

static void put_build(metrics_page_t *self, const char *name, uint32_t at)
{
	(void)at;
	page_put(&self->page, "%s{version=\"%s\"} 1\n", name, PACKAGE_VERSION);
}

static void put_started(metrics_page_t *self, const char *name, uint32_t at)
{
	(void)at;
	put_number(self, name, self->source->metrics->started.wall);
}

static void put_followed(metrics_page_t *self, const char *name, uint32_t at)
{
	(void)at;
	put_number(self, name, self->source->metrics->store_fault == NULL);
}

static void put_age(metrics_page_t *self, const char *name, uint32_t at)
{
	(void)at;
	steer_now_t now;
	steer_now(&now);
	uint64_t ms = now.boot_ms - self->source->metrics->looked.boot_ms;
	page_put(&self->page, "%s %" PRIu64 ".%03u\n", name, ms / 1000, (unsigned)(ms % 1000));
}

static void put_sequence(metrics_page_t *self, const char *name, uint32_t at)
{
	(void)at;
	put_number(self, name, self->source->metrics->sequence);
}

static void put_commits(metrics_page_t *self, const char *name, uint32_t at)
{
	(void)at;
	const uint64_t *commits = self->source->metrics->commits;
	for (int made = 1; made >= 0; made--) {
		page_put(&self->page, "%s{result=\"%s\"} %" PRIu64 "\n", name,
		         metrics_result_name(made ? METRICS_SUCCESS : METRICS_FAILURE), commits[made]);
	}
}

static void put_committed(metrics_page_t *self, const char *name, uint32_t at)
{
	(void)at;
	put_number(self, name, self->source->metrics->committed.wall);
}

static void put_published(metrics_page_t *self, const char *name, uint32_t at)
{
	(void)at;
	put_number(self, name, self->source->metrics->states);
}

/* Samples of targets. */

static void put_targets(metrics_page_t *self, const char *name, uint32_t at)
{
	(void)at;
	const targets_t *targets = self->source->targets;
	uint64_t states[STEER_EXTERNAL_STATE_COUNT] = { 0 };
	for (uint32_t slot = 0; slot < targets_slots(targets); slot++) {
		const target_t *target = targets_get(targets, slot);
		if (target != NULL) {
			self->targets.unpublished += target->unpublished;
			if (target->query != NULL) {
				self->targets.queries[resolver_query_waits(target->query)]++;
			}
			states[page_target_state(target)] += target->used;
		}
	}
	for (unsigned i = 0; i < STEER_EXTERNAL_STATE_COUNT; i++) {
		page_put(&self->page, "%s{state=\"%s\"} %" PRIu64 "\n", name,
		         steer_external_state_name(i), states[i]);
	}
}

static void put_queries_running(metrics_page_t *self, const char *name, uint32_t at)
{
	(void)at;
	put_number(self, name, self->targets.queries[false]);
}

static void put_queries_waiting(metrics_page_t *self, const char *name, uint32_t at)
{
	(void)at;
	put_number(self, name, self->targets.queries[true]);
}

static void put_unpublished_answers(metrics_page_t *self, const char *name, uint32_t at)
{
	(void)at;
	put_number(self, name, self->targets.unpublished);
}

static void put_refreshes(metrics_page_t *self, const char *name, uint32_t at)
{
	(void)at;
	static const char *const results[STEER_RESOLVED_KINDS] = {
		[STEER_RESOLVED_FAILURE] = "failure", [STEER_RESOLVED_RECORDS] = "records",
		[STEER_RESOLVED_NODATA] = "nodata", [STEER_RESOLVED_NXDOMAIN] = "nxdomain",
	};
	for (unsigned i = 0; i < STEER_RESOLVED_KINDS; i++) {
		page_put(&self->page, "%s{result=\"%s\"} %" PRIu64 "\n", name, results[i],
		         self->source->metrics->refreshes[i]);
	}
}

static void put_answer_changes(metrics_page_t *self, const char *name, uint32_t at)
{
	(void)at;
	put_number(self, name, self->source->metrics->changes);
}

static void put_answers_removed(metrics_page_t *self, const char *name, uint32_t at)
{
	(void)at;
	put_number(self, name, self->source->metrics->removed);
}

static void put_published_answers(metrics_page_t *self, const char *name, uint32_t at)
{
	(void)at;
	put_number(self, name, self->source->metrics->answers);
}

/* Samples of a type. */

static const char *type_name(uint32_t type)
{
	return steer_health_check_type_name(type);
}

static void put_of_type(metrics_page_t *self, const char *name, uint32_t type, uint64_t number)
{
	page_put(&self->page, "%s{type=\"%s\"} %" PRIu64 "\n", name, type_name(type), number);
}

static void put_states(metrics_page_t *self, const char *name, uint32_t type)
{
	for (unsigned i = 0; i < PAGE_STATES; i++) {
		page_put(&self->page, "%s{type=\"%s\",state=\"%s\"} %" PRIu64 "\n", name, type_name(type),
		         page_state_name(i), self->counts[type].states[i]);
	}
}

static void put_unpublished(metrics_page_t *self, const char *name, uint32_t type)
{
	put_of_type(self, name, type, self->counts[type].unpublished);
}

static void put_running(metrics_page_t *self, const char *name, uint32_t type)
{
	put_of_type(self, name, type, self->counts[type].running);
}

static void put_waiting(metrics_page_t *self, const char *name, uint32_t type)
{
	put_of_type(self, name, type, self->counts[type].waiting);
}

static void put_results(metrics_page_t *self, const char *name, uint32_t type)
{
	const uint64_t *results = self->source->metrics->types[type].results;
	for (unsigned i = 0; i < METRICS_RESULTS; i++) {
		page_put(&self->page, "%s{type=\"%s\",result=\"%s\"} %" PRIu64 "\n", name, type_name(type),
		         metrics_result_name(i), results[i]);
	}
}

static void put_transitions(metrics_page_t *self, const char *name, uint32_t type)
{
	const uint64_t *transitions = self->source->metrics->types[type].transitions;
	for (int up = 1; up >= 0; up--) {
		page_put(&self->page, "%s{type=\"%s\",state=\"%s\"} %" PRIu64 "\n", name, type_name(type),
		         up ? "up" : "down", transitions[up]);
	}
}

static void put_durations(metrics_page_t *self, const char *name, uint32_t type)
{
	const metrics_type_t *counts = &self->source->metrics->types[type];
	page_t *page = &self->page;
	uint64_t sum = 0;
	for (unsigned i = 0; i < METRICS_BOUNDS; i++) {
		sum += counts->durations[i];
		page_put(page, "%s_bucket{type=\"%s\",le=\"%g\"} %" PRIu64 "\n", name, type_name(type),
		         metrics_bounds[i] / 1e6, sum);
	}
	sum += counts->durations[METRICS_BOUNDS];
	page_put(page, "%s_bucket{type=\"%s\",le=\"+Inf\"} %" PRIu64 "\n", name, type_name(type), sum);
	page_put(page, "%s_sum{type=\"%s\"} %" PRIu64 ".%06u\n", name, type_name(type),
	         counts->duration / 1000000, (unsigned)(counts->duration % 1000000));
	page_put(page, "%s_count{type=\"%s\"} %" PRIu64 "\n", name, type_name(type), sum);
}

/* Samples of a check. */

static void put_up(metrics_page_t *self, const char *name, uint32_t slot)
{
	const check_t *check = checks_get(self->source->checks, slot);
	uint8_t type = check->definition->type;
	counts_t *counts = &self->counts[type];
	counts->states[check->state.probed]++;
	counts->running += check->probe != NULL;
	counts->waiting += check->waiting;
	counts->unpublished += check->unpublished;
	page_put(&self->page, "%s{health_check=", name);
	page_put_quoted(&self->page, check->id);
	page_put(&self->page, ",type=\"%s\"} %d\n", type_name(type),
	         check->state.probed != STEER_PROBED_DOWN);
}

static const family_t families[] = {
	{ "steerd_build_info", "gauge", "Version of steerd.", FOR_STEERD, put_build },
	{ "steerd_start_time_seconds", "gauge",
	  "When steerd was started, in seconds of the Unix epoch.", FOR_STEERD, put_started },
	{ "steerd_store_followed", "gauge",
	  "Whether changes of the store are followed; if 0, the health checks known last are probed.",
	  FOR_STEERD, put_followed },
	{ "steerd_snapshot_age_seconds", "gauge",
	  "Seconds since the definitions were last known to be those of the store.", FOR_STEERD,
	  put_age },
	{ "steerd_snapshot_change_set", "gauge",
	  "Number of the change set of the store whose definitions are in use.", FOR_STEERD,
	  put_sequence },
	{ "steerd_commits_total", "counter",
	  "Commits of states and heartbeats to the store, by result.", FOR_STEERD, put_commits },
	{ "steerd_last_commit_time_seconds", "gauge",
	  "When states or a heartbeat were last committed, in seconds of the Unix epoch; 0: never.",
	  FOR_STEERD, put_committed },
	{ "steerd_published_states_total", "counter", "States published in the store.", FOR_STEERD,
	  put_published },
	{ "steerd_health_check_up", "gauge",
	  "State of a health check by its probes, whether or not it is inverted or forced: 0 is down, "
	  "1 is up or not decided yet.", FOR_CHECKS, put_up },
	{ "steerd_health_checks", "gauge", "Health checks that are probed, by state.", FOR_TYPES,
	  put_states },
	{ "steerd_unpublished_states", "gauge", "States that are decided and not yet published.",
	  FOR_TYPES, put_unpublished },
	{ "steerd_transitions_total", "counter", "States that were decided.", FOR_TYPES,
	  put_transitions },
	{ "steerd_probes_running", "gauge", "Probes that run now.", FOR_TYPES, put_running },
	{ "steerd_probes_waiting", "gauge", "Probes that wait for a free socket or process.", FOR_TYPES,
	  put_waiting },
	{ "steerd_probes_total", "counter", "Probes that have ended, by result.", FOR_TYPES,
	  put_results },
	{ "steerd_probe_duration_seconds", "histogram", "Durations of probes that could be made.",
	  FOR_TYPES, put_durations },
	{ "steerd_targets", "gauge", "External alias targets in use, by state.", FOR_STEERD,
	  put_targets },
	{ "steerd_target_queries_running", "gauge", "Tries to resolve a target that are under way.",
	  FOR_STEERD, put_queries_running },
	{ "steerd_target_queries_waiting", "gauge",
	  "Tries that are due and wait until fewer are under way.", FOR_STEERD, put_queries_waiting },
	{ "steerd_target_refreshes_total", "counter",
	  "Tries to resolve a target, by what came of them.", FOR_STEERD, put_refreshes },
	{ "steerd_target_changes_total", "counter",
	  "Answers of targets that were not those of before.", FOR_STEERD, put_answer_changes },
	{ "steerd_target_answers_removed_total", "counter",
	  "Answers of targets that were given up since they were stale for too long.", FOR_STEERD,
	  put_answers_removed },
	{ "steerd_published_answers_total", "counter",
	  "Answers of targets that were written in the store or removed from it.", FOR_STEERD,
	  put_published_answers },
	{ "steerd_unpublished_answers", "gauge",
	  "Answers of targets that are known and not yet written, or not yet removed.", FOR_STEERD,
	  put_unpublished_answers },
};

/*! Whether a metric has samples for a type or the check in a slot. */
static bool has_samples(const metrics_page_t *self, each_t each, uint32_t at)
{
	switch (each) {
	case FOR_TYPES:
		return probe_kind(at) != NULL;
	case FOR_CHECKS:
		return checks_get(self->source->checks, at) != NULL;
	default:
		return true;
	}
}

/*! How many types or slots there are. */
static uint32_t count_of(const metrics_page_t *self, each_t each)
{
	switch (each) {
	case FOR_TYPES:
		return METRICS_TYPES;
	case FOR_CHECKS:
		return checks_slots(self->source->checks);
	default:
		return 1;
	}
}

static bool next(page_t *page)
{
	metrics_page_t *self = (metrics_page_t *)page;
	if (self->family == sizeof(families) / sizeof(*families)) {
		return false;
	}
	const family_t *family = &families[self->family];
	uint32_t count = count_of(self, family->each);
	if (self->at == 0) {
		page_put(page, "# HELP %s %s\n# TYPE %s %s\n", family->name, family->help, family->name,
		         family->type);
	}
	while (self->at < count && !has_samples(self, family->each, self->at)) {
		self->at++;
	}
	if (self->at < count) {
		family->put(self, family->name, self->at++);
	} else {
		self->family++;
		self->at = 0;
	}
	return true;
}

page_t *page_metrics(const page_source_t *source)
{
	metrics_page_t *self =
		page_new(sizeof(*self), "text/plain; version=0.0.4; charset=utf-8", next);
	if (self == NULL) {
		return NULL;
	}
	self->source = source;
	return &self->page;
}
