/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief check: the dictionary, whose names and numbers must belong together.
 */
#include "ctl/check.h"
#include "ctl/options.h"
#include "store/dictionary.h"

static bool tell(void *ctx, const char *text)
{
	check_store_finding(ctx, "damaged dictionary: %s", text);
	return true;
}

int check_dictionary(checker_t *checker)
{
	int ret = steer_dictionary_check(checker->view.reader, tell, checker);
	if (ret != STEER_OK) {
		fprintf(stderr, "%s: the dictionary cannot be read: %s\n", checker->run->program,
		        steer_strerror(ret));
		return EXIT_STORE;
	}
	return GO_ON;
}
