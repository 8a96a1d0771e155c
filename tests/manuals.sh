#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The manuals: mandoc finds nothing, and the byte layout in steer-store(5) is that of
# schema/layout.h.
cd "${srcdir:-.}" || exit 99
status=0

fields_of_header() { # lines "offset kind field"
	sed -nE 's/^[[:space:]]*X\([a-z]+, *([a-z0-9_]+), *([0-9]+), *(u[0-9]+)\).*/\2 \3 \1/p' \
		schema/layout.h
}

fields_of_manual() {
	sed -nE 's/^\.It ([0-9]+) Ta (u[0-9]+) Ta ([a-z0-9_]+) Ta .*/\1 \2 \3/p' \
		schema/steer-store.5
}

if [ "$(fields_of_header)" != "$(fields_of_manual)" ]; then
	echo "schema/steer-store.5 has other fields than schema/layout.h:" >&2
	fields_of_manual >&2
	status=1
fi

if command -v mandoc >/dev/null; then
	mandoc -Tlint -Wwarning module/bind/bind-steer.8 module/ctl/steerctl.8 \
		module/knot/mod-steer.8 module/steerd/steerd.8 schema/steer-import.5 \
		schema/steer-maps.5 schema/steer-policies.7 schema/steer-store.5 schema/steer-yaml.5 ||
		status=1
else
	echo "mandoc is not installed; manuals not checked by it"
fi

exit $status
