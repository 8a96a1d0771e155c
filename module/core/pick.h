/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief From a group to the records that answer: its policy is run, its aliases are followed.
 *
 * Threads:  pure; what the lookup returns must stay valid for the call.
 * Memory:   nothing is allocated; what an answer has looked at is in the lookup's workspace.
 * Bounds:   STEER_ALIAS_DEPTH links of an alias chain; STEER_WORK_MAX of work, as counted by
 *           STEER_COST_*; records as in core/records.h. Sets after those that fill the message are
 *           not looked at.
 * Rules:    steer-policies(7), A1 to A8, H2 to H6, G8 to G10.
 */
#pragma once

#include "core/find.h"
#include "core/locate.h"
#include "core/policy.h"
#include "core/raw.h"
#include "core/records.h"
#include "steer/reply.h"

/*! Names that one answer may look at (rule A8). */
#define STEER_NAMES_MAX 256

/*! Work for one answer (rule A8), besides that of policies (core/policy_run.h). */
#define STEER_COST_NAME       32 /*!< A name that is looked at. */
#define STEER_COST_RUN        16 /*!< A policy that is run. */
#define STEER_COST_TARGET      6 /*!< An alias target that was already looked at. */
#define STEER_COST_CHOSEN      3 /*!< A record set that answers. */
#define STEER_COST_ADDITIONAL 10 /*!< A record of the additional section, fitting or not. */
#define STEER_WORK_MAX        24000

/*! Receives what happens, for explain; what is looked at only to find out health is left out. */
typedef struct steer_trace {
	/*! A name, depth links from the question. \param[in] external  NULL if it has no result. */
	void (*name)(void *ctx, unsigned depth, const uint8_t *name, uint16_t type,
	             steer_reached_kind_t kind, const steer_external_answer_t *external);
	/*! A group whose policy is about to run. */
	void (*group)(void *ctx, unsigned depth, const steer_group_t *group, bool strict);
	/*! One of its sets answers. */
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

/*!
 * A level: one name on the path from a question to its records, and what was found there.
 *
 * The question's own group is the level of depth 0; each alias, CNAME and DNAME leads one level
 * deeper. A name that is reached again for the same type at the same depth is the same level.
 */
typedef struct {
	steer_picker_t *picker;
	const uint8_t *name; /*!< NULL for the question's own. */
	size_t name_len;
	unsigned whole[2];   /*!< RRset that has all its records: those of a run, of a strict run. */
	uint16_t type;       /*!< Of the records wanted. */
	uint16_t place;      /*!< Its slot of the hash table, once it is there. */
	uint8_t depth;       /*!< Links from the question to here. */
	uint8_t labels;      /*!< Of the group's owner. */
	bool link;           /*!< A CNAME is wanted, and the records of its target. */
	bool resolved;       /*!< STEER_REACHED_EXTERNAL: there is a result. */
	uint8_t health;      /*!< STEER_HEALTH_*; found out once. */
	steer_reached_kind_t kind; /*!< How it was found. */
	union {
		steer_group_t group;              /*!< STEER_REACHED_GROUP, _CNAME, _DNAME. */
		steer_external_answer_t external; /*!< STEER_REACHED_EXTERNAL. */
	};
} steer_level_t;

/*! Slots of the hash table of levels: a power of two, more than twice the number of levels. */
#define STEER_LEVEL_PLACES (4 * STEER_NAMES_MAX)

/*! Scratch memory of an answer, zero at first; nothing is kept from one answer to the next. */
typedef struct steer_workspace {
	steer_rrs_t parts[STEER_PARTS_MAX];
	const uint8_t *seen[STEER_SEEN_MAX];
	steer_level_t levels[STEER_NAMES_MAX + 1]; /*!< The last one stands for names over a limit. */
	/*! Indexes of levels. A slot is empty unless an indexed level has it as its place. */
	uint16_t places[STEER_LEVEL_PLACES];
	uint8_t made[STEER_NAMES_MAX + 1][STEER_NAME_MAX]; /*!< Names synthesized from DNAMEs. */
} steer_workspace_t;

/*! The picker: an answer in the making. Who asks, where it goes, what it has cost so far. */
struct steer_picker {
	const steer_lookup_t *lookup;
	const steer_question_t *question;
	const steer_sink_t *sink;
	steer_outcome_t *outcome; /*!< Its scope, stale and error are set. */
	uint32_t room;            /*!< Upper bound of the bytes left in the message. */
	unsigned work;
	unsigned levels;          /*!< In use. */
	unsigned indexed;         /*!< Of these, the first that are in the hash table. */
	unsigned made;            /*!< In use; each is the name of one level. */
	unsigned gathered;        /*!< RRsets gathered so far, those of links included. */
	steer_locator_t locator;  /*!< Where the client is. */
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
	picker->work = picker->levels = picker->indexed = picker->made = picker->gathered = 0;
	steer_locator_begin(&picker->locator, lookup->maps, question, &outcome->scope);
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
	/*! Of a link: the external target of an alias in its place, which was resolved to its end. */
	const steer_level_t *end;
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
 * Picks the records of a group: all of them if it has no policy, else those its policy chooses.
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
	if (steer_records_full(records)) {
		return STEER_ESPACE;
	}
	if (section == STEER_ANSWER && steer_is_raw(sink, owner, records->type)) {
		return steer_raw_put(sink, records->parts, records->count, picked->ttl, picker->outcome);
	}
	if (section == STEER_ADDITIONAL) {
		picker->work += records->gathered * STEER_COST_ADDITIONAL;
	}
	const steer_rrset_t rrset = {
		.owner = owner, .parts = records->parts, .parts_count = records->count,
		.ttl = picked->ttl, .type = records->type, .named_by = named_by,
	};
	int ret = sink->put(sink->ctx, section, &rrset, optional);
	if (ret == STEER_OK) {
		picker->room -= records->least;
	}
	return ret;
}

/*! How an alias target would be found, without running a policy. */
steer_reached_kind_t steer_pick_reached(const steer_lookup_t *lookup, const uint8_t *name,
                                        uint16_t type);
