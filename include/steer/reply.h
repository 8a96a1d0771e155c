/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A question, and how its answer reaches the host's packet.
 *
 * Threads:  plain data; a question and a sink belong to the thread that asks.
 * Memory:   everything is borrowed. What a sink receives is valid until its put() returns.
 * Units:    TTLs in seconds; lengths of prefixes in bits.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*! No zone of the host encloses the name. */
#define STEER_NO_ZONE (-1)
/*! The host has not looked for its zone yet. */
#define STEER_ZONE_UNSOUGHT 0

/*! Why no overlay may answer over the host's zone. */
typedef enum {
	STEER_BAR_NONE,   /*!< It may. */
	STEER_BAR_SIGNED, /*!< The zone is signed: an unsigned answer would be bogus. */
	STEER_BAR_ABSENT, /*!< The zone is not loaded, or has expired: what it has is unknown. */
} steer_bar_t;

/*! The client (steer-policies(7), C1). */
typedef struct {
	uint8_t family;      /*!< IP version, 4 or 6; 0: unknown. */
	uint8_t length;      /*!< Number of known bits of the address. */
	uint8_t address[16]; /*!< 4 or 16 bytes are used; bits after length are zero. */
} steer_client_t;

/*!
 * A question. What costs the host work is requested only when needed, by callbacks on the thread
 * that asks the question, before the answer returns. They must not block, since commits wait for
 * the answer, and must not call the engine.
 */
typedef struct {
	const uint8_t *name;  /*!< QNAME in wire form, lower case, uncompressed. */
	uint16_t type;        /*!< QTYPE. */
	uint8_t name_len;     /*!< Bytes of the name. */
	bool host_only;       /*!< Answer only from a hosted zone with the apex of the host's zone. */
	bool overlay_only;    /*!< Answer only from an overlay: the host has already answered. */
	/*!
	 * Bytes of the name of the host's zone that encloses the name, or STEER_NO_ZONE. A host that has
	 * not looked for it says STEER_ZONE_UNSOUGHT, and zone returns it, which is called at most once
	 * for each answer, and only if the name may be in a hosted zone; NULL: STEER_NO_ZONE. Names in
	 * a zone that is given, with no hosted one in it, cost least.
	 */
	int host_zone;
	int (*zone)(void *host);
	steer_bar_t (*bar)(void *host); /*!< Called only for overlays; NULL: STEER_BAR_NONE. */
	/*!
	 * Fills in the client if the answer depends on it: by EDNS Client Subnet or by the source
	 * address. It may leave the client untouched, which means unknown. May be NULL.
	 */
	void (*client)(void *host, bool subnet, steer_client_t *client);
	void *host;           /*!< Passed to zone, bar and client. */
} steer_question_t;

/*! Sections of a message. */
typedef enum {
	STEER_ANSWER,
	STEER_AUTHORITY,
	STEER_ADDITIONAL,
} steer_section_t;

/*! Size of a wire-ready RR before its rdata: owner pointer, type, class, TTL, rdata length. */
#define STEER_RR_HEAD 12

/*! RRs of an RRset, as the store has them. */
typedef struct {
	const uint8_t *rrs; /*!< Wire-ready RRs, each with the owner C0 0C (the name asked for). */
	size_t len;         /*!< Their size in bytes. */
	uint32_t ttl;       /*!< The TTL that they contain. */
	uint16_t count;     /*!< Number of RRs, at least 1. */
} steer_rrs_t;

/*!
 * How the names of an SOA are written if it is the first RR after the question: of their ends, what
 * the QNAME or the name before has becomes a pointer (RFC 1035, section 4.1.4).
 */
typedef struct {
	uint16_t mname_rest; /*!< Where the rest of MNAME is in the message; 0: it is written whole. */
	uint16_t rname_rest;
	uint8_t apex_len;    /*!< Bytes of the owner, in which the QNAME ends. */
	uint8_t mname_len;   /*!< Bytes of MNAME; 0: this is not known. */
	uint8_t mname_own;   /*!< Those before the pointer. */
	uint8_t rname_own;
	uint8_t labels;      /*!< Of the last name with labels of its own before a pointer; 0: none. */
} steer_soa_names_t;

/*! An RRset, in one or more parts. */
typedef struct {
	const uint8_t *owner; /*!< Owner in wire form; NULL: the name asked for. */
	const steer_rrs_t *parts; /*!< No RR is in two of them. */
	unsigned parts_count; /*!< At least 1. */
	uint32_t ttl;         /*!< TTL to send, which may be smaller than that of the parts. */
	uint16_t type;
	int named_by;         /*!< In the additional section: position of the RR that names the owner
	                           in the last RRset of the other sections; else -1. */
	const steer_soa_names_t *soa; /*!< Of an SOA that is alone; NULL: not known. */
} steer_rrset_t;

/*!
 * Receives the answer, one RRset at a time.
 *
 * A host that writes its message immediately returns for each RRset whether it fits. A host that
 * renders the message later copies what it receives, including owners and RRs, since their memory
 * is reused after the next commits, and never returns STEER_ESPACE: it truncates when it renders.
 */
typedef struct {
	/*!
	 * Adds one RRset to a section; sections come in order.
	 *
	 * \param[in] ctx       Of the sink.
	 * \param[in] section   Section.
	 * \param[in] rrset     RRset, borrowed until put() returns.
	 * \param[in] optional  If it does not fit, it is left out; otherwise the host truncates the
	 *                      reply (TC).
	 *
	 * \retval STEER_OK      Added.
	 * \retval STEER_ESPACE  It did not fit; only additional RRsets may follow.
	 * \retval STEER_ENOMEM  It could not be copied: the answer fails, unless it is additional.
	 */
	int (*put)(void *ctx, steer_section_t section, const steer_rrset_t *rrset, bool optional);
	void *ctx;
	size_t room; /*!< Bytes of the message left for RRs; what cannot fit in them is not put. */
	/*!
	 * The end of the message: an answer that is only RRs of the name asked for, in which there is
	 * nothing to compress, is copied there instead of being put. NULL: it is put.
	 */
	uint8_t *raw;
} steer_sink_t;

/*! Kinds of answers. */
typedef enum {
	STEER_KIND_POSITIVE,
	STEER_KIND_NODATA,
	STEER_KIND_NXDOMAIN,
	STEER_KIND_REFERRAL,
	STEER_KINDS,
} steer_kind_t;

/*! What an answer consists of besides RRsets. */
typedef struct {
	steer_kind_t kind;
	uint8_t rcode;      /*!< NOERROR, NXDOMAIN or YXDOMAIN. */
	bool authoritative; /*!< AA. */
	bool host_soa;      /*!< An overlay has no data: the host adds the SOA of its zone. */
	/*!
	 * The target of the last CNAME is not answered here: no hosted zone encloses it, or an overlay
	 * does and leaves it to the host's zone. A host that resolves for its clients continues there.
	 * Not set where a chain ends in a loop or at its limit.
	 */
	bool leads_out;
	bool stale;         /*!< An alias target gave it whose last refresh has failed. */
	uint8_t scope;      /*!< SCOPE PREFIX-LENGTH (RFC 7871, section 6) for a query with a subnet. */
	int error;          /*!< Extended DNS error (RFC 8914) for SERVFAIL; -1: none. */
	uint16_t raw_len;   /*!< Bytes of the answer section that were copied to the sink's raw, ... */
	uint16_t raw_count; /*!< ... and the number of RRs in them. */
} steer_outcome_t;

/*! Extended DNS errors (IANA) that an outcome may have. */
#define STEER_EDE_OTHER     0
#define STEER_EDE_NOT_READY 14 /*!< An alias target has not been resolved yet. */
