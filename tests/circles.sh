#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# No circular includes: X.c and X.h count as one file, which depends on those whose headers it
# includes. Files in a circle can only be understood, tested and changed together; what they share
# belongs in a file below them.
cd "${srcdir:-.}" || exit 99

find include module schema tests -name '*.[ch]' | LC_ALL=C sort | awk '
# Resolves a quoted name: next to the file that includes it, or in a folder of -I.
function find_header(from, name,    i, folder, count, folders) {
	folder = from
	sub(/[^\/]*$/, "", folder)
	count = split(folder " include/ module/ tests/", folders, " ")
	for (i = 1; i <= count; i++) {
		if ((folders[i] name) in exists) {
			return folders[i] name
		}
	}
	return name in exists ? name : ""
}

function file_of(path) {
	return substr(path, 1, length(path) - 2)
}

function read_includes(path,    line, header, from, to) {
	from = file_of(path)
	while ((getline line < path) > 0) {
		if (line !~ /^[ \t]*#[ \t]*include[ \t]*"/) {
			continue
		}
		split(line, quoted, "\"")
		header = find_header(path, quoted[2])
		to = file_of(header)
		if (header != "" && to != from && !((from, to) in said)) {
			said[from, to] = path " includes " header
			next_of[from] = next_of[from] " " to
			includes++
		}
	}
	close(path)
}

# Marks whatever a file depends on, nearest first; came[x] is the file before x on that path.
function walk(start,    queue, head, tail, at, below, count, i) {
	split("", came)
	queue[tail = 1] = start
	for (head = 1; head <= tail; head++) {
		at = queue[head]
		count = split(next_of[at], below, " ")
		for (i = 1; i <= count; i++) {
			if (!(below[i] in came)) {
				came[below[i]] = at
				queue[++tail] = below[i]
			}
		}
	}
}

# Prints the shortest path from a file back to itself.
function print_circle(start,    at, way) {
	at = start
	do {
		way = "\n\t" said[came[at], at] way
		at = came[at]
	} while (at != start)
	print substr(way, 2)
}

{ exists[$0] = 1; paths[++count_paths] = $0 }

END {
	for (i = 1; i <= count_paths; i++) {
		read_includes(paths[i])
		if (file_of(paths[i]) != files[count_files]) {
			files[++count_files] = file_of(paths[i])
		}
	}
	if (includes == 0) {
		print "no file includes another: is this the folder of the sources?"
		exit 99
	}
	for (i = 1; i <= count_files; i++) { # What can be reached from each that is in a circle.
		walk(files[i])
		if (files[i] in came) {
			circular[++circulars] = files[i]
			for (below in came) {
				reaches[files[i], below] = 1
			}
		}
	}
	for (i = 1; i <= circulars; i++) {
		if (circular[i] in done) {
			continue
		}
		circle = ""
		for (j = i; j <= circulars; j++) {
			if (((circular[i], circular[j]) in reaches) &&
			    ((circular[j], circular[i]) in reaches)) {
				done[circular[j]] = 1
				circle = circle (circle == "" ? "" : " ") circular[j]
			}
		}
		print "a circle of files: " circle
		walk(circular[i])
		print_circle(circular[i])
		status = 1
	}
	print count_files " files, " includes " includes of one by another"
	exit status
}' >&2
