/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A question, and how its answer reaches the host's packet.
 *
 * Threads:  plain data; a question and a sink belong to the thread that asks.
 * Memory:   everything is borrowed. What a sink is given is valid until its put() returns.
 * Units:    TTLs in seconds.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*! No zone of the host encloses the question. */
#define STEER_NO_ZONE (-1)

/*! Why no overlay may answer over the host's zone. */
typedef enum {
	STEER_BAR_NONE,   /*!< One may. */
	STEER_BAR_SIGNED, /*!< The zone is signed: an unsigned answer would be bogus. */
	STEER_BAR_ABSENT, /*!< The zone is not loaded or expired, so that nobody knows. */
} steer_bar_t;

typedef struct {
	const uint8_t *name;  /*!< QNAME in wire form, lower case, uncompressed. */
	uint16_t type;        /*!< QTYPE. */
	uint8_t name_len;     /*!< Bytes of the name. */
	int host_labels;      /*!< Label count of the host's zone for it, or STEER_NO_ZONE. */
	bool host_only;       /*!< Answer only if the hosted zone has that very name. */
	bool overlay_only;    /*!< Answer only from an overlay: the host has answered already. */
	steer_bar_t (*bar)(void *host); /*!< Asked for overlays alone; NULL: no bar. */
	void *host;           /*!< What bar is given. */
} steer_question_t;

typedef enum {
	STEER_ANSWER,
	STEER_AUTHORITY,
	STEER_ADDITIONAL,
} steer_section_t;

/*! Bytes before the rdata of a wire-ready RR: owner pointer, type, class, TTL, rdata length. */
#define STEER_RR_HEAD 12

/*! One RRset as the store keeps it. */
typedef struct {
	const uint8_t *owner; /*!< Owner in wire form; NULL: the asked name. */
	const uint8_t *rrs;   /*!< Wire-ready RRs, each with the owner C0 0C (the asked name). */
	size_t rrs_len;       /*!< Bytes of them. */
	uint32_t ttl;         /*!< TTL to send: that of the RRs, or a smaller one. */
	uint16_t type;
	uint16_t count;       /*!< Number of RRs, at least 1. */
	int named_by;         /*!< In the additional section: position of the RR that names the owner,
	                           in the last RRset put before it; else -1. */
} steer_rrset_t;

/*! Takes the answer apart. */
typedef struct {
	/*!
	 * Adds one RRset to a section; sections come in order.
	 *
	 * \param[in] ctx       As in the sink.
	 * \param[in] section   Section.
	 * \param[in] rrset     RRset, borrowed until the return.
	 * \param[in] optional  Left out if it does not fit; otherwise the reply is truncated (TC).
	 *
	 * \retval STEER_OK      Added.
	 * \retval STEER_ESPACE  Did not fit; only additional RRsets may follow.
	 */
	int (*put)(void *ctx, steer_section_t section, const steer_rrset_t *rrset, bool optional);
	void *ctx;
} steer_sink_t;

typedef enum {
	STEER_KIND_POSITIVE,
	STEER_KIND_NODATA,
	STEER_KIND_NXDOMAIN,
	STEER_KIND_REFERRAL,
	STEER_KINDS,
} steer_kind_t;

/*! What the walk found, beside the RRsets. */
typedef struct {
	steer_kind_t kind;
	uint8_t rcode;      /*!< NOERROR, NXDOMAIN or YXDOMAIN. */
	bool authoritative; /*!< AA. */
} steer_outcome_t;
