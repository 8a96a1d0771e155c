/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The command line: options of a verb as a table, and words as values.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "ctl/verbs.h"

/*! What options_parse() returns if the verb is to go on. */
#define GO_ON (-1)

/*! Words that one option may collect: the name servers of a delegation set. */
#define WORDS_MAX 13

/*! A list of words that an option collects. */
typedef struct {
	const char *items[WORDS_MAX];
	unsigned count;
} words_t;

typedef enum {
	OPTION_FLAG,  /*!< value is a bool. */
	OPTION_WORD,  /*!< value is a const char *. */
	OPTION_WORDS, /*!< value is a words_t. */
} option_kind_t;

typedef struct {
	const char *name; /*!< Long name, or a letter; NULL ends a table. */
	option_kind_t kind;
	void *value;
} option_t;

/*!
 * Parses the options of a verb, and those common to all: -d, --json, --help.
 *
 * \param[in,out] argc, argv  What was given to the verb; then its arguments without options.
 * \param[in]     options     Table.
 * \param[in]     min, max    Number of arguments allowed.
 *
 * \return GO_ON, or the exit status: it was --help, or wrong, and has been said.
 */
int options_parse(run_t *run, int *argc, char ***argv, const option_t *options, int min, int max);

/*! One of the actions of a verb. */
typedef struct {
	const char *name;    /*!< NULL ends a table. */
	const char *program; /*!< "steerctl VERB ACTION", for messages. */
	int (*function)(run_t *run, int argc, char **argv); /*!< argv[0] is the action. */
} action_t;

/*! Runs the action of a verb that the first argument names. \return The exit status. */
int options_action(run_t *run, int argc, char **argv, const action_t *actions);

/*! Prints a verb's help on standard output. */
void options_help(const run_t *run);

/*! Says what is wrong with the command line. \return EXIT_USAGE */
__attribute__((format(printf, 2, 3)))
int options_wrong(const run_t *run, const char *format, ...);

/*! Appends a word to a list for a message: "zone, yaml". What does not fit is left out. */
void option_list(char *list, size_t size, const char *word);

/*! A number from 0 to max. \return false: it is none. */
bool option_number(const char *text, uint64_t max, uint64_t *number);
/*! Bytes, or with K, M, G, T. \return false: it is no size. */
bool option_size(const char *text, uint64_t *size);
/*! A name; says so if it is none. \return GO_ON or EXIT_USAGE */
int option_name(const run_t *run, const char *text, uint8_t *name);
/*!
 * Names, written one after the other; says so if one is none.
 *
 * \param[out] names  Wire names; WORDS_MAX of the longest fit.
 *
 * \return GO_ON or EXIT_USAGE
 */
int option_names(const run_t *run, const words_t *words, uint8_t *names, size_t *len);
/*! A record type; says so if it is none. \return GO_ON or EXIT_USAGE */
int option_type(const run_t *run, const char *text, uint16_t *type);
