/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief From a group to the records that answer: its policy is run, its aliases are followed.
 *
 * Threads:  pure; what the lookup gives must stay valid for the call.
 * Memory:   nothing is allocated; what an answer has looked at is in the lookup's workspace.
 * Bounds:   STEER_ALIAS_DEPTH links of a way; STEER_WORK_MAX of work, as STEER_COST_* count it;
 *           records as in core/records.h. Sets behind those that fill the message are not looked
 *           at.
 * Rules:    steer-policies(7), A1 to A8, H2 to H6, G8 to G10.
 */
#pragma once

#include "core/find.h"
#include "core/policy.h"
#include "core/records.h"
#include "steer/reply.h"

/*! Names that one answer looks at (rule A8). */
#define STEER_NAMES_MAX 256

/*! Work for one answer (rule A8), beside that of policies. */
#define STEER_COST_NAME   32 /*!< A name that is looked at. */
#define STEER_COST_RUN    16 /*!< A policy that is run. */
#define STEER_COST_TARGET  6 /*!< An alias target that was looked at before. */
#define STEER_COST_CHOSEN  3 /*!< A record set that answers. */
#define STEER_COST_ADDITIONAL 10 /*!< A record of the additional section, even if it does not fit. */
#define STEER_WORK_MAX    24000

/*! Told what happens, for explain; what is asked for health alone is not told. */
typedef struct steer_trace {
	/*! A name on the way, so many links from the question. \param[in] external  NULL: no result. */
	void (*name)(void *ctx, unsigned depth, const uint8_t *name, uint16_t type,
	             steer_reached_kind_t kind, const steer_external_answer_t *external);
	/*! A group whose program is about to run. */
	void (*group)(void *ctx, unsigned depth, const steer_group_t *group, bool strict);
	/*! A set of it answers. */
	void (*chosen)(void *ctx, unsigned depth, const steer_group_t *group, unsigned set);
	steer_policy_trace_t policy;
	void *ctx;
} steer_trace_t;

typedef struct steer_picker steer_picker_t;

/*! Whether a level is healthy for the client. */
typedef enum {
	STEER_HEALTH_UNKNOWN,
	STEER_HEALTH_UP,
	STEER_HEALTH_DOWN,
} steer_health_t;

/*! A name on the way from a question to its records, and what was found there. */
typedef struct {
	steer_picker_t *picker;
	const uint8_t *name; /*!< Asked for there; NULL: the question's own. */
	size_t name_len;
	uint64_t hash;       /*!< steer_name_hash() of it. */
	unsigned whole[2];   /*!< Number of the RRset that has all that a run, or a strict one, keeps. */
	uint16_t type;       /*!< Of the records wanted. */
	uint8_t depth;       /*!< Links passed. */
	uint8_t labels;      /*!< Of the group's owner. */
	bool link;           /*!< A CNAME is wanted, and the records of its target. */
	bool follows;        /*!< Its sets are links of an evaluated way: their targets count (A3). */
	bool resolved;       /*!< STEER_REACHED_EXTERNAL: there is a result. */
	uint8_t health;      /*!< STEER_HEALTH_*; it is asked for once. */
	steer_reached_kind_t kind;
	union {
		steer_group_t group;              /*!< STEER_REACHED_GROUP, _CNAME, _DNAME. */
		steer_external_answer_t external; /*!< STEER_REACHED_EXTERNAL. */
	};
} steer_level_t;

/*! Places of the table of levels: a power of two, and more than twice as many as levels. */
#define STEER_LEVEL_PLACES (4 * STEER_NAMES_MAX)

/*! Room to answer in, which keeps nothing from one answer to the next. */
typedef struct steer_workspace {
	steer_rrs_t parts[STEER_PARTS_MAX];
	const uint8_t *seen[STEER_SEEN_MAX];
	steer_level_t levels[STEER_NAMES_MAX + 1]; /*!< The last is that of names too many. */
	uint16_t places[STEER_LEVEL_PLACES];      /*!< Number of the level from 1; 0: none. */
	uint8_t made[STEER_NAMES_MAX + 1][STEER_NAME_MAX]; /*!< Names that DNAMEs make. */
} steer_workspace_t;

/*! An answer in the making: who asks, where it goes, and what it has cost so far. */
struct steer_picker {
	const steer_lookup_t *lookup;
	const steer_question_t *question;
	const steer_sink_t *sink;
	steer_outcome_t *outcome; /*!< Its scope and error are set. */
	uint32_t room;            /*!< Bytes of the message that are left at most. */
	unsigned work;
	unsigned levels;          /*!< In use. */
	unsigned made;            /*!< In use; each is the name of a level. */
	unsigned gathered;        /*!< RRsets gathered so far, those of links included. */
	bool hashed;              /*!< The client's hash is known. */
	uint64_t hash;
};

/*! Begins an answer. */
static inline void steer_picker_begin(steer_picker_t *picker, const steer_lookup_t *lookup,
                                      const steer_question_t *question, const steer_sink_t *sink,
                                      steer_outcome_t *outcome)
{
	picker->lookup = lookup;
	picker->question = question;
	picker->sink = sink;
	picker->outcome = outcome;
	picker->room = sink->room < STEER_WIRE_MAX ? sink->room : STEER_WIRE_MAX;
	picker->work = picker->levels = picker->made = picker->gathered = 0;
	picker->hashed = false;
}

/*! Records picked. Of a group without a policy only records and ttl are set. */
typedef struct {
	steer_records_t records;
	uint32_t ttl;       /*!< The smallest of the sets and of the aliases to them (rule G8). */
	bool single;        /*!< Only one record set answers (rule G9). */
	bool failed;        /*!< The records of a chosen set could not be found out. */
	bool mixed;         /*!< A record may be in several of the sets. */
	bool drawn;         /*!< Chance, or the client, decided what was picked. */
	unsigned number;    /*!< Its own, among those that the picker gathers. */
	unsigned runs;      /*!< Of programs so far; one that is run twice gives its records twice. */
	unsigned first;     /*!< Number of the run that gave the first part. */
} steer_picked_t;

/*! Picks records that no policy chooses. \param[out] part  Where records refer to. */
static inline void steer_pick_rrs(const steer_picker_t *picker, uint16_t type,
                                  const steer_rrs_t *rrs, steer_rrs_t *part,
                                  steer_picked_t *picked)
{
	steer_records_begin(&picked->records, type, part, NULL, picker->room, 0);
	steer_records_add(&picked->records, rrs);
	picked->ttl = rrs->ttl;
}

/*!
 * Picks the records of a group: all of them if it has no policy, else those that its policy chooses.
 *
 * \param[out] picked  Records, in parts of the workspace.
 * \param[in]  taken   Parts of the workspace that are in use.
 * \param[in]  single  Only one record set answers.
 *
 * \retval STEER_OK
 * \retval STEER_ESPACE     Those of a policy do not fit, or too many would have to be compared.
 * \retval STEER_ESERVFAIL  The records of no chosen set could be found out, all-down=servfail, or
 *                          too much work.
 */
int steer_pick(steer_picker_t *picker, const steer_group_t *group, unsigned taken, bool single,
               steer_picked_t *picked);

/*!
 * Puts records into the message.
 *
 * \param[in] owner     As in steer_rrset_t, like named_by.
 * \param[in] optional  As for the sink.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_ESPACE  They do not fit; the sink is not called if that is known beforehand.
 */
static inline int steer_picker_put(steer_picker_t *picker, steer_section_t section,
                                   const uint8_t *owner, const steer_picked_t *picked,
                                   int named_by, bool optional)
{
	const steer_records_t *records = &picked->records;
	const steer_sink_t *sink = picker->sink;
	const steer_rrset_t rrset = {
		.owner = owner, .parts = records->parts, .parts_count = records->count,
		.ttl = picked->ttl, .type = records->type, .named_by = named_by,
	};
	if (steer_records_full(records)) {
		return STEER_ESPACE;
	}
	if (section == STEER_ADDITIONAL) {
		picker->work += records->gathered * STEER_COST_ADDITIONAL;
	}
	int ret = sink->put(sink->ctx, section, &rrset, optional);
	if (ret == STEER_OK) {
		picker->room -= records->least;
	}
	return ret;
}

/*!
 * How an alias target is found, without running a policy.
 *
 * \param[out] resolved  External: it is.
 */
steer_reached_kind_t steer_pick_reached(const steer_lookup_t *lookup, const uint8_t *name,
                                        uint16_t type, bool *resolved);
