/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/resolve/unbound_context.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "steerd/log.h"

#define RESOLV_CONF "/etc/resolv.conf"
#define HOSTS       "/etc/hosts"
/*! Asked if there is no other name server, see resolv.conf(5). */
#define LOCAL_SERVER "127.0.0.1"

/*!
 * What all contexts have in common: some of it, such as bounds of TTLs and timeouts, libunbound
 * keeps once for the whole process.
 *
 * TTLs are what servers say. Special names but localhost are asked for.
 *
 * Servers that do not answer are avoided. If all name servers to forward to are, nothing is sent,
 * and the context is made anew, which knows nothing. So a dead server is avoided if there is
 * another one, and the last one is tried on. With recursion, this is of one zone, and the context
 * stays, but servers are tried again after a minute.
 */
static const char common[] =
	"server:\n"
	"    module-config: \"iterator\"\n"
	"    do-not-query-localhost: no\n"
	"    cache-max-ttl: 2147483647\n"
	"    cache-max-negative-ttl: 2147483647\n"
	"    infra-cache-min-rtt: 500\n"
	"    infra-cache-max-rtt: 4000\n"
	"    local-zone: \"home.arpa.\" nodefault\n"
	"    local-zone: \"invalid.\" nodefault\n"
	"    local-zone: \"onion.\" nodefault\n"
	"    local-zone: \"test.\" nodefault\n";

/*! Nothing is cached, so that TTLs are those of the servers now, and a change is seen at once. */
static const char forwarding[] =
	"    outbound-msg-retry: 3\n"
	"forward-zone:\n"
	"    name: \".\"\n"
	"    forward-no-cache: yes\n";

/*!
 * Answers are cached as long as they hold, along with the delegations that lead to them: libunbound
 * can leave both or none. Whoever asks when a TTL is over does not notice. Errors are cached for
 * five seconds.
 */
static const char recursing[] =
	"    infra-host-ttl: 60\n"
	"    infra-keep-probing: yes\n";

/*! Gives the configuration, which libunbound reads only from a file. */
static int configure(struct ub_ctx *ub, const unbound_options_t *options, unsigned sockets)
{
	char path[32];
	int fd = memfd_create("unbound", MFD_CLOEXEC), err = UB_READFILE;
	FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (file == NULL) {
		close(fd);
		return UB_READFILE;
	}
	fputs(common, file);
	fprintf(file, "    outgoing-range: %u\n", sockets);
	fputs(options->recursion ? recursing : forwarding, file);
	if (fflush(file) == 0) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		err = ub_ctx_config(ub, path);
	}
	fclose(file);
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

/*! Sets which name servers are asked. */
static int set_servers(struct ub_ctx *ub, const unbound_options_t *options, bool quiet)
{
	int err = UB_NOERROR;
	if (options->servers_count == 0) {
		err = ub_ctx_resolvconf(ub, RESOLV_CONF);
		if (err != UB_NOERROR) {
			warn(quiet, RESOLV_CONF, err, "the name server of this machine is asked");
			err = ub_ctx_set_fwd(ub, LOCAL_SERVER);
		}
	}
	for (unsigned i = 0; i < options->servers_count && err == UB_NOERROR; i++) {
		err = ub_ctx_set_fwd(ub, options->servers[i].text);
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
	if (err == UB_NOERROR && !options->recursion) {
		err = set_servers(ub, options, quiet);
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
