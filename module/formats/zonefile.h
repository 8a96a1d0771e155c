/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Zone files (RFC 1035, section 5), read by libzscanner.
 *
 * In addition, a record of the type ALIAS, or TYPE65401, is an alias for A and AAAA that evaluates
 * its target's health. Its TTL is ignored. What PowerDNS and cli53 write is passed on as it is.
 *
 * Threads:  a zone file belongs to one thread; there is no state outside it.
 * Memory:   what the sink is given is borrowed until it returns, except the file names, which live
 *           as long as the zone file.
 * Units:    lines and columns count from 1, columns in bytes.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/name.h"
#include "formats/dialect_lines.h"
#include "formats/input.h"
#include "formats/record.h"

/*! Deepest nesting of included files. */
#define STEER_INCLUDE_MAX 32

/*! A zone file in memory. */
typedef struct steer_zonefile steer_zonefile_t;

/*! A LUA record of PowerDNS. */
typedef struct {
	steer_text_record_t record; /*!< Its type is that of what it answers; it has no data. */
	const char *code;           /*!< Not NUL-terminated. */
	size_t len;
} steer_lua_line_t;

/*! What cli53 writes: a record with a comment, or a line of the class AWS and the type ALIAS. */
typedef struct {
	steer_text_record_t record; /*!< Of an ALIAS without data. */
	const uint8_t *origin;
	steer_line_t alias;   /*!< Before the data of an ALIAS; of a record, at is NULL. */
	const char *comment;  /*!< What follows AWS in it, to the end of the line; NULL: none. */
	size_t comment_len;
	uint32_t comment_line, comment_column;
} steer_cli53_line_t;

/*! Receives what other programs write. An error stops the reader, which returns it. */
typedef struct {
	int (*lua)(void *ctx, const steer_lua_line_t *line, steer_report_t *report);
	int (*cli53)(void *ctx, const steer_cli53_line_t *line, steer_report_t *report);
	/*! Called before an SOA, where another zone may begin, and at the end of the file. */
	int (*end)(void *ctx, steer_report_t *report);
	void *ctx;
} steer_dialects_t;

typedef struct {
	steer_record_f record;
	steer_set_f set;     /*!< Receives aliases; NULL: they are errors. */
	steer_error_f error; /*!< NULL: the reader stops at the first error. */
	steer_error_f warn;  /*!< Receives, at the end, what is not read as meant; NULL: unused. */
	void *ctx;
	const steer_dialects_t *dialects; /*!< NULL: their lines are errors. */
} steer_zonefile_sink_t;

/*! Opens a zone file, as steer_input_open(). */
int steer_zonefile_open(steer_zonefile_t **file, const char *path, steer_fault_t *fault);

/*!
 * Makes a zone file of text in memory, in which $INCLUDE is refused.
 *
 * \param[in] name  For messages.
 * \param[in] text  Borrowed until the zone file is closed.
 */
int steer_zonefile_text(steer_zonefile_t **file, const char *name, const char *text, size_t len);

/*! Makes a zone file of an input, and owns that if it succeeds. \retval STEER_OK, STEER_ENOMEM */
int steer_zonefile_take(steer_zonefile_t **file, steer_input_t *input);
/*! Lets a zone file include files that are not below its own folder. */
void steer_zonefile_include_anywhere(steer_zonefile_t *file);

/*!
 * Changes the text of a file before it is read, line by line, so that places stay.
 *
 * \param[in] origin  What names in it are relative to: the text of an absolute name.
 *
 * \retval STEER_OK
 * \retval others  Stop the reader, which returns it.
 */
typedef int (*steer_zonefile_prepare_f)(void *ctx, steer_input_t *input, const char *origin);
/*! Lets files that are included be prepared; what the zone file is made of has been already. */
void steer_zonefile_prepare(steer_zonefile_t *file, steer_zonefile_prepare_f prepare, void *ctx);

/*! Closes a zone file; NULL is fine. */
void steer_zonefile_close(steer_zonefile_t *file);

/*! What says which zone a file is of. */
typedef enum {
	STEER_NAMED_BY_SOA,    /*!< The owner of its SOA. */
	STEER_NAMED_BY_ORIGIN, /*!< $ORIGIN */
	STEER_NAMED_BY_FILE,   /*!< The name NAME.zone of the file. */
} steer_named_by_t;

typedef struct {
	uint8_t zone[STEER_NAME_MAX];   /*!< Lower case. */
	uint8_t origin[STEER_NAME_MAX]; /*!< What names are relative to before the first $ORIGIN. */
	steer_named_by_t by;
} steer_zonefile_name_t;

/*!
 * Finds out which zone a file is of: the owner of its first record if that is the SOA, else the
 * $ORIGIN in force there, else the file's name NAME.zone. It is the root only if "." is written.
 *
 * \retval STEER_EREFUSED  A syntax error comes first, or neither the text nor its name says.
 */
int steer_zonefile_zone(steer_zonefile_t *file, steer_zonefile_name_t *name, steer_fault_t *fault);

/*!
 * Reads a zone file, any number of times.
 *
 * \param[in] origin  Wire name in lower case: what names are relative to at its start.
 *
 * \retval STEER_OK
 * \retval STEER_EREFUSED  Syntax errors; fault has the first, or with sink.error their number.
 * \retval STEER_ENOMEM
 * \retval others          As the record callback returned.
 */
int steer_zonefile_read(steer_zonefile_t *file, const uint8_t *origin,
                        const steer_zonefile_sink_t *sink, steer_fault_t *fault);

/*! Frees the text of a zone file that will not be read again, but not the file names. */
void steer_zonefile_release(steer_zonefile_t *file);
