/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/geoip/locations.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "formats/network_text.h"

/* Equal records. */

static int compare_records(const steer_geoip_views_t *views, const steer_geoip_view_t *x,
                           const steer_geoip_view_t *y)
{
	const steer_geoip_record_t *p = views->records + x->first, *q = views->records + y->first;
	for (size_t i = 0; i < x->count && i < y->count; i++, p++, q++) {
		if (p->type != q->type || p->len != q->len) {
			return p->type != q->type ? p->type - q->type : p->len - q->len;
		}
		const int order = memcmp(views->bytes + p->rdata, views->bytes + q->rdata, p->len);
		if (order != 0) {
			return order;
		}
	}
	return (x->count > y->count) - (x->count < y->count);
}

static int by_name_and_records(const void *a, const void *b, void *ctx)
{
	const steer_geoip_view_t *x = *(steer_geoip_view_t *const *)a;
	const steer_geoip_view_t *y = *(steer_geoip_view_t *const *)b;
	return x->name != y->name ? (x->name > y->name) - (x->name < y->name)
	                          : compare_records(ctx, x, y);
}

/*! Numbers what views have: of the same name, the same records have the same number. */
static void number_contents(steer_geoip_views_t *views, steer_geoip_view_t **rows, size_t count)
{
	size_t number = 0;
	qsort_r(rows, count, sizeof(*rows), by_name_and_records, views);
	for (size_t i = 0; i < count; i++) {
		number += i > 0 && by_name_and_records(&rows[i - 1], &rows[i], views) != 0;
		rows[i]->content = number;
	}
}

/* Networks with the same answers. */

static int by_network(const void *a, const void *b)
{
	const steer_geoip_view_t *x = *(steer_geoip_view_t *const *)a;
	const steer_geoip_view_t *y = *(steer_geoip_view_t *const *)b;
	const int order = steer_network_compare(&x->network, &y->network);
	return order != 0 ? order : (x->name > y->name) - (x->name < y->name);
}

/*! State of the making. */
typedef struct {
	steer_geoip_view_t **rows;
	const struct steer_located *networks;
} made_t;

/*! Order of networks by what they have at each name. */
static int compare_answers(const made_t *made, const struct steer_located *x,
                           const struct steer_located *y)
{
	for (size_t i = 0; i < x->count && i < y->count; i++) {
		const size_t p = made->rows[x->first + i]->content, q = made->rows[y->first + i]->content;
		if (p != q) {
			return p > q ? 1 : -1;
		}
	}
	return (x->count > y->count) - (x->count < y->count);
}

static int by_answers(const void *a, const void *b, void *ctx)
{
	const made_t *made = ctx;
	const struct steer_located *x = &made->networks[*(const size_t *)a];
	const struct steer_located *y = &made->networks[*(const size_t *)b];
	const int order = compare_answers(made, x, y);
	return order != 0 ? order : (x->view->number > y->view->number) -
	                            (x->view->number < y->view->number);
}

/*! Finds the networks; of each, its view that comes first in the file. */
static void find_networks(steer_locations_t *locations, steer_geoip_view_t **rows, size_t count)
{
	qsort(rows, count, sizeof(*rows), by_network);
	for (size_t i = 0; i < count; i++) {
		struct steer_located *network = &locations->networks[locations->count];
		if (i == 0 || steer_network_compare(&rows[i - 1]->network, &rows[i]->network) != 0) {
			*network = (struct steer_located) { .view = rows[i], .first = i };
			locations->count++;
		} else {
			network--;
		}
		if (rows[i]->number < network->view->number) {
			network->view = rows[i];
		}
		network->count++;
	}
}

static bool join_networks(steer_locations_t *locations, steer_geoip_view_t **rows)
{
	const made_t made = { rows, locations->networks };
	size_t *order = malloc(locations->count * sizeof(*order)), same = 0;
	if (order == NULL) {
		return false;
	}
	for (size_t i = 0; i < locations->count; i++) {
		order[i] = i;
	}
	qsort_r(order, locations->count, sizeof(*order), by_answers, (void *)&made);
	for (size_t i = 0; i < locations->count; i++) {
		struct steer_located *network = &locations->networks[order[i]];
		const bool first = i == 0 || compare_answers(&made, network,
		                                             &locations->networks[order[i - 1]]) != 0;
		same = first ? order[i] : same;
		network->location = same;
		for (size_t j = 0; j < network->count; j++) {
			rows[network->first + j]->location = same;
		}
	}
	free(order);
	return true;
}

/*! Names the collection after the section; other characters than those of names become '-'. */
static void name_collection(steer_geoip_reading_t *reading, const steer_knot_text_t *id,
                            steer_locations_t *locations)
{
	const size_t len = strlen(id->text);
	if (len > STEER_REGION_NAME_MAX || len == 0) {
		steer_geoip_wrong(reading, &id->at, "id: not as long as the name of a collection; "
		                  "allowed: 1 to %d bytes", STEER_REGION_NAME_MAX);
		return;
	}
	for (size_t i = 0; i < len; i++) {
		const unsigned char c = id->text[i];
		locations->collection[i] = c < 0x80 && (isalnum(c) || c == '_') ? c : '-';
	}
}

void steer_locations_make(steer_geoip_reading_t *reading, steer_geoip_views_t *views,
                          steer_locations_t *locations)
{
	size_t count = 0;
	*locations = (steer_locations_t) { .count = 0 };
	if (views->mode != STEER_GEOIP_SUBNET || views->views_count == 0) {
		return;
	}
	name_collection(reading, &views->section->id, locations);
	steer_geoip_view_t **rows = malloc(views->views_count * sizeof(*rows));
	locations->networks = malloc(views->views_count * sizeof(*locations->networks));
	if (rows != NULL && locations->networks != NULL) {
		for (size_t i = 0; i < views->views_count; i++) {
			steer_geoip_view_t *view = &views->views[i];
			if (!view->left_out && !views->names[view->name].left_out) {
				rows[count++] = view;
			}
		}
		number_contents(views, rows, count);
		find_networks(locations, rows, count);
	}
	if (rows == NULL || locations->networks == NULL ||
	    (count > 0 && !join_networks(locations, rows))) {
		steer_geoip_no_memory(reading);
	}
	free(rows);
}

void steer_locations_free(steer_locations_t *locations)
{
	free(locations->networks);
}

const char *steer_location_name(const steer_locations_t *locations, size_t location,
                                char text[STEER_LOCATION_TEXT])
{
	steer_network_print(&locations->networks[location].view->network, text);
	for (char *at = text; *at != '\0'; at++) {
		*at = *at == '/' ? '_' : *at == '.' || *at == ':' ? '-' : *at;
	}
	return text;
}

void steer_locations_pass(steer_geoip_reading_t *reading, const steer_locations_t *locations)
{
	const steer_reading_t *sink = reading->sink;
	char name[STEER_LOCATION_TEXT];
	for (size_t i = 0; i < locations->count && sink->network != NULL &&
	     steer_geoip_goes_on(reading); i++) {
		const steer_geoip_view_t *view = locations->networks[i].view;
		const steer_text_network_t network = {
			.collection = locations->collection, .network = view->network, .place = view->at,
			.location = steer_location_name(locations, locations->networks[i].location, name),
		};
		reading->ret = sink->network(sink->ctx, &network, reading->report.fault);
	}
}
