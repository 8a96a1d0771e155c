#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs every fuzz target on its seeds: -runs=0 makes libFuzzer do that and stop, too.
set -e
srcdir=${srcdir:-.}
for target in dns_message gdnsd geoip health_check log map_source network_map node octodns \
              response route53 yaml zonefile; do
	echo "$target"
	"tests/fuzz/$target" -runs=0 "$srcdir/tests/fuzz/$target.seeds"
done
