/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The command line: a table of a verb's options, and words parsed as values.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "ctl/verbs.h"

/*! What options_parse() and others return if the verb should go on. */
#define GO_ON (-1)

/*! How often an option that collects words can be given: the name servers of a delegation set. */
#define WORDS_MAX 13

/*! The words that an option has collected. */
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
	const char *name; /*!< Long name, or a letter; NULL ends the table. */
	option_kind_t kind;
	void *value;
} option_t;

/*!
 * Parses the options of a verb and the common ones: -d, --json, --help.
 *
 * \param[in,out] argc, argv  What the verb was given; afterwards its arguments without options.
 * \param[in]     options     Table.
 * \param[in]     min, max    Number of arguments allowed.
 *
 * \return GO_ON, or the exit status after help or an error message
 */
int options_parse(run_t *run, int *argc, char ***argv, const option_t *options, int min, int max);

/*! One of the actions of a verb. */
typedef struct {
	const char *name;    /*!< NULL ends the table. */
	const char *program; /*!< "steerctl VERB ACTION", for messages. */
	int (*function)(run_t *run, int argc, char **argv); /*!< argv[0] is the action. */
} action_t;

/*! Runs the action that the first argument names. \return The exit status */
int options_action(run_t *run, int argc, char **argv, const action_t *actions);

/*! Prints a verb's help on standard output. */
void options_help(const run_t *run);

/*! Prints an error message about the command line, and the usage. \return EXIT_USAGE */
__attribute__((format(printf, 2, 3)))
int options_wrong(const run_t *run, const char *format, ...);

/*! Appends a word to a list for a message, such as "zone, yaml". What does not fit is cut off. */
void option_list(char *list, size_t size, const char *word);

/*! Parses a number from 0 to max. \return false: it is not one */
bool option_number(const char *text, uint64_t max, uint64_t *number);
/*! Parses a number of bytes, also with K, M, G or T. \return false: it is not one */
bool option_size(const char *text, uint64_t *size);
/*! Parses a domain name. \return GO_ON, or EXIT_USAGE after an error message */
int option_name(const run_t *run, const char *text, uint8_t *name);
/*!
 * Parses domain names and writes them one after the other.
 *
 * \param[out] names  Wire names, with room for WORDS_MAX of the longest.
 *
 * \return GO_ON, or EXIT_USAGE after an error message
 */
int option_names(const run_t *run, const words_t *words, uint8_t *names, size_t *len);
/*! Parses a record type. \return GO_ON, or EXIT_USAGE after an error message */
int option_type(const run_t *run, const char *text, uint16_t *type);
