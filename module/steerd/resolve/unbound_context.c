/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/resolve/unbound_context.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "formats/forwarders.h"
#include "steerd/log.h"

#define RESOLV_CONF "/etc/resolv.conf"
#define HOSTS       "/etc/hosts"
/*! Asked if there is no other name server, see resolv.conf(5). */
#define LOCAL_SERVER "127.0.0.1"

/*!
 * What all contexts have in common. Bounds of TTLs and of timeouts are among it, because libunbound
 * has one of each for the whole process.
 *
 * TTLs are those that servers tell, up to 7 days (RFC 8767, section 4), negative ones up to three
 * hours (RFC 2308, section 5). To keep negative answers from being cached would hide their TTLs.
 * No answer is made of others: denials are not synthesized. Special names are asked for, and those
 * of private addresses, but for the names of this host.
 */
static const char common[] =
	"server:\n"
	"    do-not-query-localhost: no\n"
	"    aggressive-nsec: no\n"
	"    cache-max-ttl: 604800\n"
	"    cache-max-negative-ttl: 10800\n"
	"    infra-cache-min-rtt: 500\n"
	"    infra-cache-max-rtt: 4000\n"
	"    unblock-lan-zones: yes\n"
	"    insecure-lan-zones: yes\n"
	"    local-zone: \"home.arpa.\" nodefault\n"
	"    local-zone: \"invalid.\" nodefault\n"
	"    local-zone: \"onion.\" nodefault\n"
	"    local-zone: \"test.\" nodefault\n";

/*!
 * Nothing is cached, so that TTLs are what servers say now, and a change is seen at once.
 *
 * Servers that do not answer are avoided. When that is true of all, nothing is sent, and the
 * context is made anew, which knows nothing. So a dead server is avoided if there is another one,
 * and the last one is tried on.
 */
static const char forwarding[] =
	"    outbound-msg-retry: 3\n"
	"forward-zone:\n"
	"    name: \".\"\n"
	"    forward-no-cache: yes\n";

/*! Some connections, each for many queries at the same time. */
static const char over_tcp[] =
	"    tcp-upstream: yes\n"
	"    outgoing-num-tcp: 16\n";

/*!
 * Answers are cached as long as they hold, since libunbound caches both answers and delegations or
 * neither, which would be a walk from the root each time. Who asks when a TTL is over does not
 * notice. Errors are cached for five seconds, which cannot be changed.
 *
 * Servers of a zone that do not answer are asked again after 10 seconds, not after 15 minutes.
 */
static const char recursing[] =
	"    infra-host-ttl: 10\n";

static void write_config(FILE *file, const unbound_options_t *options, unsigned sockets)
{
	fputs(common, file);
	fprintf(file, "    outgoing-range: %u\n    module-config: \"%siterator\"\n", sockets,
	        options->anchors != NULL ? "validator " : "");
	fputs(options->anchors != NULL ? options->anchors : "", file);
	if (options->tcp) {
		fputs(over_tcp, file);
	}
	if (!unbound_context_is_recursion(options)) {
		fputs(forwarding, file);
		return;
	}
	fputs(recursing, file);
	if (options->hints != NULL) {
		fprintf(file, "stub-zone:\n    name: \".\"\n    stub-prime: yes\n%s", options->hints);
	}
}

/*! Gives the configuration, which libunbound reads only from a file. */
static int configure(struct ub_ctx *ub, const unbound_options_t *options, unsigned sockets)
{
	char path[32];
	int fd = memfd_create("unbound", MFD_CLOEXEC), err = UB_READFILE;
	FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (file != NULL) {
		write_config(file, options, sockets);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		err = fflush(file) == 0 ? ub_ctx_config(ub, path) : UB_READFILE;
		fclose(file);
	} else if (fd >= 0) {
		close(fd);
	}
	return err;
}

/*! Says why a file is not used. */
static void warn(bool quiet, const char *file, int err, const char *instead)
{
	if (!quiet) {
		log_line(LOG_WARNING, "%s: %s; %s", file,
		         err == UB_READFILE ? strerror(errno) : ub_strerror(err), instead);
	}
}

/*! Sets that the system's name servers are asked. */
static int set_system(struct ub_ctx *ub, bool quiet)
{
	int err = ub_ctx_resolvconf(ub, RESOLV_CONF);
	if (err != UB_NOERROR) {
		warn(quiet, RESOLV_CONF, err, "the name server of this machine is asked");
		err = ub_ctx_set_fwd(ub, LOCAL_SERVER);
	}
	return err;
}

static int set_servers(struct ub_ctx *ub, const steer_forwarders_t *forwarders)
{
	int err = UB_NOERROR;
	for (unsigned i = 0; i < forwarders->count && err == UB_NOERROR; i++) {
		char text[STEER_FORWARDER_TEXT];
		steer_forwarder_print(&forwarders->servers[i], text);
		err = ub_ctx_set_fwd(ub, text);
	}
	return err;
}

int unbound_context_open(struct ub_ctx **out, unbound_loop_t *loop,
                         const unbound_options_t *options, unsigned sockets, bool quiet)
{
	struct ub_ctx *ub = ub_ctx_create_ub_event(&loop->base);
	if (ub == NULL) {
		return UB_NOMEM;
	}
	int err = ub_ctx_debugout(ub, NULL); // What it would log are lines not of steerd's form.
	if (err == UB_NOERROR) {
		err = configure(ub, options, sockets);
	}
	if (err == UB_NOERROR && options->forwarders.count > 0) {
		err = set_servers(ub, &options->forwarders);
	} else if (err == UB_NOERROR && !unbound_context_is_recursion(options)) {
		err = set_system(ub, quiet);
	}
	if (err != UB_NOERROR) {
		ub_ctx_delete(ub);
		return err;
	}
	if (options->hosts_file) {
		err = ub_ctx_hosts(ub, HOSTS);
		if (err != UB_NOERROR && errno != ENOENT) {
			warn(quiet, HOSTS, err, "not all of it is used");
		}
	}
	*out = ub;
	return UB_NOERROR;
}
