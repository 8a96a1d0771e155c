/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/silence.h"

#include "store/settings.h"

static int read_heartbeat(const steer_reader_t *status, steer_now_t *beat)
{
	static const uint8_t key = STEER_STATUS_HEARTBEAT;
	const void *value;
	size_t len;
	int ret = steer_reader_get(status, STEER_DB_STATUS, &key, sizeof(key), &value, &len);
	return ret == STEER_OK ? steer_heartbeat_open(beat, value, len) : ret;
}

int steer_silence_read(const steer_reader_t *records, const steer_reader_t *status,
                       const steer_now_t *now, steer_silence_t *silence)
{
	steer_now_t beat;
	uint32_t after, stale;
	int times = steer_setting_read(records, &steer_settings[STEER_SETTING_STALE_AFTER], &after);
	int words = steer_setting_read(records, &steer_settings[STEER_SETTING_STALE], &stale);
	int beats = read_heartbeat(status, &beat);
	if (times == STEER_EIO || words == STEER_EIO || beats == STEER_EIO) {
		return STEER_EIO;
	}
	*silence = (steer_silence_t) { .after = after, .up = stale == STEER_STALE_UP };
	steer_silence_decide(silence, beats == STEER_OK ? &beat : NULL, now);
	return times != STEER_OK || words != STEER_OK || beats == STEER_EDAMAGED ? STEER_EDAMAGED
	                                                                         : STEER_OK;
}

bool steer_steerd_is_at_work(const steer_reader_t *status, const steer_now_t *now)
{
	steer_now_t beat;
	steer_silence_t silence = { .after = STEER_STALE_AFTER_MIN };
	if (read_heartbeat(status, &beat) != STEER_OK) {
		return false;
	}
	steer_silence_decide(&silence, &beat, now);
	return !silence.silent;
}
