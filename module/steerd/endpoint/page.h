/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A page that is made while it is read, piece by piece.
 *
 * However many health checks there are, a page has only one piece in memory, and the loop goes on
 * between the pieces. What comes and goes meanwhile may be missing; each piece is true when it is
 * made.
 *
 * Threads:  the loop's.
 * Memory:   its own; borrows what it tells of.
 */
#pragma once

#include <sys/types.h>

#include "steerd/checks.h"
#include "steerd/metrics.h"
#include "steerd/targets.h"

/*! Room for a piece, such as all that is told of one check. */
#define PAGE_PIECE 8192

/*! What pages tell of. */
typedef struct {
	struct ev_loop *loop;
	const checks_t *checks;
	const targets_t *targets;
	const metrics_t *metrics;
} page_source_t;

/*! What of it a page is asked for; NULL: everything. */
typedef struct {
	const char *id;   /*!< Of a check. */
	const char *name; /*!< Of a target, as text. */
} page_query_t;

typedef struct page page_t;

/*! Puts the next piece. \return false: there is none */
typedef bool (*page_next_f)(page_t *page);

struct page {
	unsigned status;   /*!< Of HTTP. */
	const char *type;  /*!< Of its content. */
	page_next_f next;
	size_t len, sent;
	char piece[PAGE_PIECE];
};

/*!
 * A short text, to which a newline is added. What is not printable is masked.
 *
 * \return NULL: no memory
 */
page_t *page_text(unsigned status, const char *text);
/*! Everything in the text format of Prometheus, 0.0.4. \return NULL: no memory */
page_t *page_metrics(const page_source_t *source);
/*! The checks as a JSON array. \param[in] id  Only that one; NULL: all. \return NULL: no memory */
page_t *page_checks(const page_source_t *source, const char *id);
/*!
 * The alias targets in use as a JSON array. \param[in] name  Only those of that name; NULL: all.
 *
 * \return NULL: no memory
 */
page_t *page_targets(const page_source_t *source, const char *name);
void page_free(page_t *page);

/*! Takes the next bytes, at most size. \return how many; 0: that was all */
size_t page_read(page_t *page, char *buf, size_t size);

/* For those who make pages. */

/*! How many values steer_probed_t has. */
#define PAGE_STATES 3
/*! The word for a state. */
const char *page_state_name(steer_probed_t probed);

/*! How a target is. */
steer_external_state_t page_target_state(const target_t *target);

/*! Allocates a page, as the first member of something larger. \return NULL: no memory */
void *page_new(size_t size, const char *type, page_next_f next);
typedef struct page_list page_list_t;

/*! A page that is a JSON array, of which each piece has one value. */
struct page_list {
	page_t page;
	/*! Puts the next value. \return false: there is none */
	bool (*put)(page_list_t *list);
	bool begun, ended;
};

/*! Allocates one, as the first member of something larger. \return NULL: no memory */
void *page_list_new(size_t size, bool (*put)(page_list_t *list));
/*! Adds to the piece. What does not fit is cut off. */
__attribute__((format(printf, 2, 3)))
void page_put(page_t *page, const char *format, ...);
/*!
 * Adds a text in quotes, as a string of JSON or as a label of Prometheus. What is not printable is
 * masked. At most REASON_SIZE bytes count.
 */
void page_put_quoted(page_t *page, const char *text);
