# SPDX-License-Identifier: GPL-3.0-or-later
# Makes a table of C from a CSV file whose first line, after comments, names the columns: a line
# ROW(...) for each, with columns as strings, except degrees (lat, lon), which become hundredths.
# The fields must not contain double quotes or backslashes.
/^#/ { next }
{ count = split_fields($0) }
columns == 0 {
	for (columns = 1; columns <= count; columns++) {
		is_degrees[columns] = fields[columns] == "lat" || fields[columns] == "lon"
	}
	columns = count
	next
}
count != columns {
	print FILENAME ":" FNR ": it has " count " fields, not " columns >"/dev/stderr"
	exit 1
}
{
	row = ""
	for (i = 1; i <= columns; i++) {
		row = row (i > 1 ? ", " : "") (is_degrees[i] ? hundredths(fields[i]) : "\"" fields[i] "\"")
	}
	print "ROW(" row ")"
}

# Splits at commas that are not between double quotes.
function split_fields(line,    count, quoted, part, parts, i) {
	parts = split(line, part, ",")
	count = 0
	for (i = 1; i <= parts; i++) {
		if (quoted) {
			fields[count] = fields[count] "," part[i]
		} else {
			fields[++count] = part[i]
		}
		quoted = gsub(/"/, "\"", fields[count]) % 2
	}
	for (i = 1; i <= count; i++) {
		gsub(/"/, "", fields[i])
	}
	return count
}

function hundredths(degrees) {
	return sprintf("%d", degrees * 100 + (degrees < 0 ? -0.5 : 0.5))
}
