#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The borders between the rooms: which headers stay out of which folder, and which headers of a
# sub-room, a folder inside a room, are public.
cd "${srcdir:-.}" || exit 99

status=0

keep_out() { # folder, pattern of headers
	test -d "$1" || return 0
	if grep -rnE --include='*.[ch]' "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]($2)" "$1"; then
		echo "^ not in $1" >&2
		status=1
	fi
}

enter_by() { # sub-room, pattern of its headers that others may include
	test -d "module/$1" || return 0
	if grep -rnE --include='*.[ch]' "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]$1/" \
	   include schema module | grep -v "^module/$1/" | grep -vE "[<\"]$1/($2)\.h[>\"]"; then
		echo "^ $1 is entered by $2 alone" >&2
		status=1
	fi
}

host='knot/|bind/|ns/|dns/|isc/|isccfg/'
library='libknot/|libzscanner/'
threads='urcu|pthread|threads\.h'

keep_out include        "$host|$library|lmdb|$threads|core/|store/|engine/|formats/|ctl/|steerd/"
keep_out schema         "$host|$library|lmdb|$threads|core/|store/|engine/|formats/|ctl/|steerd/"
keep_out module/core    "$host|$library|lmdb|$threads|time\.h|sys/|stdio|unistd|steer/(engine|fault)\.h|store/|engine/|formats/|ctl/|steerd/"
keep_out module/store   "$host|$library|$threads|steer/engine\.h|engine/|formats/|ctl/|steerd/"
keep_out module/engine  "$host|$library|lmdb|formats/|ctl/|steerd/"
keep_out module/formats "$host|lmdb|$threads|steer/engine\.h|store/|engine/|ctl/|steerd/"
keep_out module/knot    "lmdb|urcu[-/]|pthread|threads\.h|ns/|dns/|isc/|isccfg/|(core|store|engine|formats|ctl|steerd|bind)/|knot/(conf|nameserver|server|zone)/"
keep_out module/bind    "lmdb|urcu[-/]|pthread|threads\.h|knot/|$library|(core|store|engine|formats|ctl|steerd)/"
keep_out module/ctl     "$host|$library|lmdb|$threads|steer/engine\.h|engine/|steerd/"
keep_out module/steerd  "$host|libzscanner/|lmdb|urcu|threads\.h|steer/engine\.h|engine/|ctl/"

# What a change set is and does: it works on the databases, not on the files that hold them.
enter_by store/change 'change'
keep_out module/store/change 'store/(backup|files|pages|rights)\.h'
enter_by formats/gdnsd 'gdnsd'
enter_by formats/lua 'lua'
enter_by formats/geoip 'files|geoip'
enter_by formats/map 'map_builder|map_source'
enter_by formats/octodns 'octodns|write'
enter_by formats/route53 'cli53|express|order|route53|write'
enter_by formats/yaml 'scalar|tree|write|yaml'
enter_by steerd/endpoint 'endpoint|http'
enter_by steerd/probe 'probe|probers'
enter_by steerd/resolve 'addresses|resolve'

# The flavour of RCU that a host uses is included by one file of the host's room alone, and nowhere
# else: the engine has another one.
if grep -rnE --include='*.[ch]' '#[[:space:]]*include[[:space:]]*<urcu(-memb)?\.h>' module |
   grep -vE '^module/(bind|knot)/thread\.c:'; then
	echo "^ only in thread.c of a host's room" >&2
	status=1
fi

# What tests share is compiled once, in a library: its headers only declare.
if grep -nE '^\{' tests/*/*.h; then
	echo "^ code in a header of the tests" >&2
	status=1
fi

# Every source is in the build, so that the tarball has it.
for file in $(find include module schema -name '*.[ch]' | sort); do
	if ! grep -q "^[[:space:]]*$file\>" Makefile.am; then
		echo "$file is not in Makefile.am" >&2
		status=1
	fi
done

exit $status
