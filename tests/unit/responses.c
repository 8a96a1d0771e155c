/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/responses.h"

static void write_records(const knot_rrset_t *rrset, steer_text_t *text, FILE *out)
{
	char owner[STEER_NAME_TEXT];
	knot_rdata_t *rdata = rrset->rrs.rdata;
	steer_name_print(rrset->owner, owner);
	fprintf(out, " %s", owner);
	for (uint16_t i = 0; i < rrset->rrs.count; i++) {
		fprintf(out, "%s %s", i > 0 ? "," : "",
		        steer_rdata_print(text, rrset->type, rdata->data, rdata->len));
		rdata = knot_rdataset_next(rdata);
	}
}

void response_write(const response_t *response, steer_text_t *text, FILE *out)
{
	static const char *const kinds[] = { "RECORDS", "NODATA", "NXDOMAIN", "FAILURE" };
	fprintf(out, "%s", kinds[response->kind]);
	if (response->kind == RESPONSE_FAILURE) {
		fprintf(out, "%s %s", response->impossible ? " (impossible)" : "", response->fault);
	} else {
		fprintf(out, " %u", response->ttl);
	}
	if (response->rrset != NULL) {
		write_records(response->rrset, text, out);
	}
}
