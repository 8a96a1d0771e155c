/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A module that answers every question with one A record: what is left is the host's own cost. */
#include <string.h>

#include <knot/module.h>

static const uint8_t record[] = { 0xC0, 12, 0, 1, 0, 1, 0, 0, 0x0E, 0x10, 0, 4, 10, 0, 0, 1 };

static knotd_state_t answer(knotd_state_t state, knot_pkt_t *pkt, knotd_qdata_t *qdata,
                            knotd_mod_t *mod)
{
	(void)state;
	(void)qdata;
	(void)mod;
	memcpy(pkt->wire + pkt->size, record, sizeof(record));
	pkt->size += sizeof(record);
	knot_wire_set_ancount(pkt->wire, 1);
	knot_wire_set_aa(pkt->wire);
	return KNOTD_STATE_DONE;
}

static int load(knotd_mod_t *mod)
{
	return knotd_mod_hook(mod, KNOTD_STAGE_BEGIN, answer);
}

KNOTD_MOD_API(constant, KNOTD_MOD_FLAG_SCOPE_GLOBAL | KNOTD_MOD_FLAG_OPT_CONF, load, NULL, NULL,
              NULL);
