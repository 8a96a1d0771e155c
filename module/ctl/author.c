/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/author.h"

#include <ctype.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void author_who(char who[AUTHOR_TEXT])
{
	char user[128];
	const struct passwd *entry = getpwuid(getuid());
	if (entry != NULL) {
		snprintf(user, sizeof(user), "%s", entry->pw_name);
	} else {
		snprintf(user, sizeof(user), "%lu", (unsigned long)getuid());
	}
	const char *sudo = getenv("SUDO_USER");
	if (sudo != NULL && sudo[0] != '\0' && strcmp(sudo, user) != 0) {
		snprintf(who, AUTHOR_TEXT, "%.256s (%s)", sudo, user);
	} else {
		snprintf(who, AUTHOR_TEXT, "%s", user);
	}
}

/*! Whether a shell takes the word literally. */
static bool is_plain(const char *word)
{
	for (const char *at = word; *at != '\0'; at++) {
		if (!isalnum((unsigned char)*at) && strchr("-_./:,+@%=", *at) == NULL) {
			return false;
		}
	}
	return word[0] != '\0';
}

typedef struct {
	char *at, *end;
} writer_t;

/*! What does not fit is cut off; the text has more room than the log. */
static void put(writer_t *writer, const char *text)
{
	for (; *text != '\0' && writer->at < writer->end; text++) {
		*writer->at++ = *text;
	}
}

static void put_quoted(writer_t *writer, const char *word)
{
	put(writer, "'");
	for (; *word != '\0'; word++) {
		const char one[] = { *word, '\0' };
		put(writer, *word == '\'' ? "'\\''" : one);
	}
	put(writer, "'");
}

static void put_word(writer_t *writer, const char *word)
{
	if (is_plain(word)) {
		put(writer, word);
	} else {
		put_quoted(writer, word);
	}
}

void author_word(char *text, size_t size, const char *word)
{
	writer_t writer = { text, text + size - 1 };
	put_word(&writer, word);
	*writer.at = '\0';
}

void author_what(char what[AUTHOR_TEXT], int argc, char **argv)
{
	writer_t writer = { what, what + AUTHOR_TEXT - 1 };
	for (int i = 0; i < argc; i++) {
		put(&writer, i > 0 ? " " : "");
		put_word(&writer, argv[i]);
	}
	*writer.at = '\0';
}

void author_show(char shown[AUTHOR_SHOWN], const char *text, size_t len)
{
	steer_utf8_mask(shown, AUTHOR_SHOWN, text, len);
}
