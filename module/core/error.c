/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steer/error.h"

const char *steer_strerror(int code)
{
	switch (code) {
#define X(symbol, value, text) case STEER_##symbol: return text;
	STEER_ERRORS(X)
#undef X
	default: return "unknown error";
	}
}
