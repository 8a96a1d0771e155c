#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The rules of steer-policies(7): each number that is cited exists there, and each is cited by a
# test. Whether that test would fail without the rule is for tests/mutate to find out.
cd "${srcdir:-.}" || exit 99

manual=schema/steer-policies.7
status=0

rules() {
	sed -nE 's/^\.It Sy ([A-Z]{1,2}[0-9]+)$/\1/p' $manual
}

cited() { # options of grep, files and folders
	number='[A-Z]{1,2}[0-9]+'
	grep -rIE --exclude=rules.sh --exclude-dir=__pycache__ "$@" \
		-e "([Rr]ules?|steer-policies\(7\),) $number((,|,? and|,? or| to) $number)*" \
		-e "\"$number: " # The label of a case.
}

twice=$(rules | sort | uniq -d)
if [ -n "$twice" ] || [ -z "$(rules)" ]; then
	echo "$manual: rules that stand there twice (or none at all): $twice" >&2
	status=1
fi

for rule in $(cited -oh include module schema tests | grep -oE '\<[A-Z]{1,2}[0-9]+\>' | sort -u); do
	if ! rules | grep -qx "$rule"; then
		cited -n include module schema tests | grep -w "$rule" >&2
		echo "^ rule $rule is not in $manual" >&2
		status=1
	fi
done

tested=$(cited -oh tests | grep -oE '\<[A-Z]{1,2}[0-9]+\>' | sort -u)
for rule in $(rules); do
	if ! echo "$tested" | grep -qx "$rule"; then
		echo "rule $rule of $manual is cited by no test" >&2
		status=1
	fi
done

echo "$(rules | wc -l) rules, each cited by a test. A citation is no coverage: that a rule is held"
echo "shows in a test that was seen to fail without it (CONTRIBUTING.md)."
exit $status
