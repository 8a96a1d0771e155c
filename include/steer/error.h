/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Error codes, shared by all rooms.
 *
 * Calls return STEER_OK or one of these. Outputs are written only on success, unless a call
 * documents otherwise.
 */
#pragma once

/*! X(code, value, text): every error, its number and its text for a person. */
#define STEER_ERRORS(X) \
	X(OK,          0, "OK") \
	X(ENOENT,     -1, "not found") \
	X(EINVAL,     -2, "invalid argument") \
	X(ENOMEM,     -3, "out of memory") \
	X(ESPACE,     -4, "does not fit") \
	X(EDAMAGED,   -5, "damaged data") \
	X(EREFUSED,   -6, "refused") \
	X(EEXIST,     -7, "exists already") \
	X(EACCES,     -8, "permission denied") \
	X(EVERSION,   -9, "foreign or newer store") \
	X(EFULL,     -10, "store or disk is full") \
	X(EBUSY,     -11, "in use") \
	X(EIO,       -12, "input or output error, or a damaged page: restore a backup") \
	X(ESERVFAIL, -13, "server failure") \
	X(EWORKER,   -14, "no such worker")

/*! The codes. */
enum steer_error {
#define X(code, value, text) STEER_##code = (value),
	STEER_ERRORS(X)
#undef X
};

/*! Text of an error code, never NULL; callable from any thread. */
const char *steer_strerror(int code);
