/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A question, and how its answer reaches the host's packet.
 *
 * Threads:  plain data; a question and a sink belong to the thread that asks.
 * Memory:   everything is borrowed. What a sink is given is valid until its put() returns.
 * Units:    TTLs in seconds; lengths of prefixes in bits.
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

/*! Who asks (steer-policies(7), C1). */
typedef struct {
	uint8_t family;      /*!< 4 or 6, the version of IP; 0: unknown. */
	uint8_t length;      /*!< Bits of the address that are known. */
	uint8_t address[16]; /*!< The first 4 or 16 bytes; bits behind length are zero. */
} steer_client_t;

/*!
 * A question. What costs the host something is asked for when it is needed, by calls to the host
 * on the thread that asks the question, before its answer returns. They must not block, since
 * commits wait for the answer, and must not call the engine.
 */
typedef struct {
	const uint8_t *name;  /*!< QNAME in wire form, lower case, uncompressed. */
	uint16_t type;        /*!< QTYPE. */
	uint8_t name_len;     /*!< Bytes of the name. */
	bool host_only;       /*!< Answer only if the hosted zone has that very name. */
	bool overlay_only;    /*!< Answer only from an overlay: the host has answered already. */
	/*!
	 * Label count of the host's zone that encloses the name, or STEER_NO_ZONE. Asked at most once
	 * for an answer, and only if the name may be in a hosted zone. NULL: there is none.
	 */
	int (*zone)(void *host);
	steer_bar_t (*bar)(void *host); /*!< Asked for overlays alone; NULL: no bar. */
	/*!
	 * Says who asks, if the answer depends on it: by EDNS Client Subnet, or by the source address.
	 * It may leave the client as it is: unknown. NULL: nobody knows.
	 */
	void (*client)(void *host, bool subnet, steer_client_t *client);
	void *host;           /*!< What zone, bar and client are given. */
} steer_question_t;

typedef enum {
	STEER_ANSWER,
	STEER_AUTHORITY,
	STEER_ADDITIONAL,
} steer_section_t;

/*! Bytes before the rdata of a wire-ready RR: owner pointer, type, class, TTL, rdata length. */
#define STEER_RR_HEAD 12

/*! RRs of an RRset, as the store keeps them. */
typedef struct {
	const uint8_t *rrs; /*!< Wire-ready RRs, each with the owner C0 0C (the asked name). */
	size_t len;         /*!< Bytes of them. */
	uint32_t ttl;       /*!< TTL that stands in them. */
	uint16_t count;     /*!< Number of RRs, at least 1. */
} steer_rrs_t;

/*! One RRset, in one part or several. */
typedef struct {
	const uint8_t *owner; /*!< Owner in wire form; NULL: the asked name. */
	const steer_rrs_t *parts; /*!< No RR stands in two of them. */
	unsigned parts_count; /*!< At least 1. */
	uint32_t ttl;         /*!< TTL to send: that of the parts, or a smaller one. */
	uint16_t type;
	int named_by;         /*!< In the additional section: position of the RR that names the owner,
	                           in the last RRset put before it; else -1. */
} steer_rrset_t;

/*!
 * Takes the answer, an RRset at a time.
 *
 * A host that writes its message at once says of each RRset whether it fits. One that renders the
 * message later copies what it is given, owners and RRs too, since they are gone with the next
 * commits, and never returns STEER_ESPACE: it truncates when it renders.
 */
typedef struct {
	/*!
	 * Adds one RRset to a section; sections come in order.
	 *
	 * \param[in] ctx       As in the sink.
	 * \param[in] section   Section.
	 * \param[in] rrset     RRset, borrowed until the return.
	 * \param[in] optional  Left out if it does not fit; otherwise the host truncates the reply
	 *                      (TC).
	 *
	 * \retval STEER_OK      Added.
	 * \retval STEER_ESPACE  Did not fit; only additional RRsets may follow.
	 * \retval STEER_ENOMEM  Could not be copied: the answer fails, unless it is additional.
	 */
	int (*put)(void *ctx, steer_section_t section, const steer_rrset_t *rrset, bool optional);
	void *ctx;
	size_t room; /*!< Bytes of the message that RRs may take, whatever the host: what cannot fit
	                  there is not put. */
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
	bool host_soa;      /*!< An overlay has no data: the SOA of the host's zone belongs to it. */
	/*!
	 * The last CNAME's target is not answered here: no hosted zone encloses it, or an overlay does
	 * and leaves it to the host's zone. A host that resolves for its clients goes on there. Not set
	 * where a chain ends in a loop or at its limit.
	 */
	bool leads_out;
	uint8_t scope;      /*!< SCOPE PREFIX-LENGTH (RFC 7871, section 6), if asked with a subnet. */
	int error;          /*!< Extended DNS error (RFC 8914) of SERVFAIL; -1: none. */
} steer_outcome_t;

/*! Extended DNS errors (IANA) that an outcome may have. */
#define STEER_EDE_OTHER     0
#define STEER_EDE_NOT_READY 14 /*!< An alias target has not been resolved yet. */
