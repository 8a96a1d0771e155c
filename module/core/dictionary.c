/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/dictionary.h"

#include "core/regions.h"

const char *steer_dictionary_kind_name(uint8_t kind)
{
	switch (kind) {
#define X(symbol, byte, name) case STEER_DICTIONARY_##symbol: return name;
	STEER_DICTIONARY_KINDS(X)
#undef X
	default: return NULL;
	}
}

bool steer_dictionary_name_is_good(const steer_dictionary_name_t *name)
{
	if (name->kind != STEER_DICTIONARY_LOCATION) {
		return steer_dictionary_kind_name(name->kind) != NULL &&
		       steer_region_name_is_good(name->text, name->len);
	}
	const char *slash = memchr(name->text, '/', name->len);
	const size_t before = slash != NULL ? slash - name->text : name->len;
	return slash != NULL && steer_region_name_is_good(name->text, before) &&
	       steer_region_name_is_good(slash + 1, name->len - before - 1);
}

bool steer_dictionary_name_equal(const steer_dictionary_name_t *a,
                                 const steer_dictionary_name_t *b)
{
	return a->kind == b->kind && a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

size_t steer_dictionary_key(uint8_t key[STEER_DICTIONARY_KEY_MAX],
                            const steer_dictionary_name_t *name)
{
	key[0] = name->kind;
	memcpy(key + 1, name->text, name->len);
	return 1 + name->len;
}

int steer_dictionary_key_open(steer_dictionary_name_t *name, const void *key, size_t len)
{
	if (len < 1 || len > STEER_DICTIONARY_KEY_MAX) {
		return STEER_EDAMAGED;
	}
	const steer_dictionary_name_t read = {
		.kind = *(const uint8_t *)key, .text = (const char *)key + 1, .len = len - 1,
	};
	if (!steer_dictionary_name_is_good(&read)) {
		return STEER_EDAMAGED;
	}
	*name = read;
	return STEER_OK;
}

void steer_dictionary_number_key(uint8_t key[STEER_DICTIONARY_NUMBER_KEY], uint32_t number)
{
	key[0] = STEER_DICTIONARY_NUMBER;
	for (unsigned i = 0; i < sizeof(number); i++) {
		key[1 + i] = number >> (24 - 8 * i);
	}
}

static int take_number(uint32_t *to, uint32_t number)
{
	if (number < 1 || number > STEER_DICTIONARY_MAX) {
		return STEER_EDAMAGED;
	}
	*to = number;
	return STEER_OK;
}

int steer_dictionary_number_key_open(uint32_t *number, const void *key, size_t len)
{
	const uint8_t *at = key;
	if (len != STEER_DICTIONARY_NUMBER_KEY || at[0] != STEER_DICTIONARY_NUMBER) {
		return STEER_EDAMAGED;
	}
	return take_number(number, (uint32_t)at[1] << 24 | at[2] << 16 | at[3] << 8 | at[4]);
}

int steer_dictionary_number_open(uint32_t *number, const void *value, size_t len)
{
	uint32_t stored;
	if (len != sizeof(stored)) {
		return STEER_EDAMAGED;
	}
	memcpy(&stored, value, sizeof(stored));
	return take_number(number, steer_le_u32(stored));
}
