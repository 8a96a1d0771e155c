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

/*! Who asks, and what an answer has cost so far. */
struct steer_picker {
	const steer_lookup_t *lookup;
	const steer_question_t *question;
	steer_outcome_t *outcome; /*!< Gets scope and error. */
	uint32_t room;            /*!< Bytes of the message that may be left, at most. */
	unsigned work;
	unsigned levels;          /*!< In use. */
	unsigned made;            /*!< In use; each is the name of a level. */
	unsigned gathered;        /*!< RRsets gathered so far, links of ways too. */
	bool hashed;              /*!< The client's hash is known. */
	uint64_t hash;
};

/*! Begins an answer. \param[in] room  Bytes that its records may take. */
static inline void steer_picker_begin(steer_picker_t *picker, const steer_lookup_t *lookup,
                                      const steer_question_t *question, size_t room,
                                      steer_outcome_t *outcome)
{
	picker->lookup = lookup;
	picker->question = question;
	picker->outcome = outcome;
	picker->room = room < STEER_WIRE_MAX ? room : STEER_WIRE_MAX;
	picker->work = picker->levels = picker->made = picker->gathered = 0;
	picker->hashed = false;
}

/*! Records picked. */
typedef struct {
	steer_records_t records;
	bool single;        /*!< Only one record set answers (rule G9). */
	uint32_t ttl;       /*!< The smallest of the sets and of the way to them (rule G8). */
	bool failed;        /*!< A set that was chosen could not tell its records. */
	bool mixed;         /*!< A record may be in several of the sets. */
	bool drawn;         /*!< Chance, or the client, decided what was picked. */
	unsigned number;    /*!< Its own, of those that the picker gathers. */
	unsigned runs;      /*!< Of programs so far; one that is run twice gives its records twice. */
	unsigned first;     /*!< Number of the one that gave the first part. */
} steer_picked_t;

/*!
 * Picks the records of a group.
 *
 * \param[out] picked  Records, in parts of the workspace.
 * \param[in]  taken   Parts of the workspace that are in use.
 * \param[in]  single  Only one record set answers.
 *
 * \retval STEER_OK
 * \retval STEER_ESPACE     They do not fit, or more would have to be compared than is allowed.
 * \retval STEER_ESERVFAIL  No set that was chosen could tell, or all-down=servfail, or too much
 *                          work.
 */
int steer_pick(steer_picker_t *picker, const steer_group_t *group, unsigned taken, bool single,
               steer_picked_t *picked);

/*!
 * How an alias target is found, without running a policy.
 *
 * \param[out] resolved  External: it is.
 */
steer_reached_kind_t steer_pick_reached(const steer_lookup_t *lookup, const uint8_t *name,
                                        uint16_t type, bool *resolved);
