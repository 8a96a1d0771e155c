/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/metrics.h"

#include <stdlib.h>
#include <string.h>

#include "store/status.h"

const uint32_t metrics_bounds[METRICS_BOUNDS] = {
	1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000, 5000000,
	10000000,
};

const char *metrics_result_name(metrics_result_t result)
{
	static const char *const names[METRICS_RESULTS] = { "failure", "success", "inconclusive" };
	return names[result];
}

void metrics_init(metrics_t *metrics)
{
	*metrics = (metrics_t) { .states = 0 };
	steer_now(&metrics->started);
}

void metrics_probe(metrics_t *metrics, uint8_t type, metrics_result_t result, uint32_t duration)
{
	metrics_type_t *counts = &metrics->types[type];
	unsigned bucket = 0;
	counts->results[result]++;
	if (result == METRICS_INCONCLUSIVE) {
		return;
	}
	while (bucket < METRICS_BOUNDS && duration > metrics_bounds[bucket]) {
		bucket++;
	}
	counts->durations[bucket]++;
	counts->duration += duration;
}

void metrics_transition(metrics_t *metrics, uint8_t type, bool up)
{
	metrics->types[type].transitions[up]++;
}

static void set_fault(char **fault, const char *text)
{
	char *copy = text != NULL ? strdup(text) : NULL;
	free(*fault);
	*fault = copy;
}

void metrics_refresh(metrics_t *metrics, steer_resolved_t resolved)
{
	metrics->refreshes[resolved]++;
}

void metrics_commit(metrics_t *metrics, size_t states, size_t answers, const char *fault)
{
	metrics->commits[fault == NULL]++;
	if (fault == NULL) {
		metrics->states += states;
		metrics->answers += answers;
		steer_now(&metrics->committed);
	}
	set_fault(&metrics->publish_fault, fault);
}

void metrics_follow(metrics_t *metrics, uint64_t sequence)
{
	metrics->sequence = sequence;
	steer_now(&metrics->looked);
	set_fault(&metrics->store_fault, NULL);
}

void metrics_lose(metrics_t *metrics, const char *fault)
{
	set_fault(&metrics->store_fault, fault);
}

void metrics_free(metrics_t *metrics)
{
	set_fault(&metrics->publish_fault, NULL);
	set_fault(&metrics->store_fault, NULL);
}
