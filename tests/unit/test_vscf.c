/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/gdnsd/vscf.h"
#include "unit/stores.h"
#include "unit/test.h"

/*! Prints a value: 'text', [items], {key=value}, each hash and array with its place if wanted. */
static void tell(FILE *out, const steer_vscf_t *value, bool places)
{
	if (value->key != NULL) {
		fprintf(out, "%s=", value->key);
	}
	if (places) {
		fprintf(out, "%u:%u", value->place.line, value->place.column);
	}
	if (value->kind == STEER_VSCF_TEXT) {
		fprintf(out, "'%s'", value->text);
		return;
	}
	fputc(value->kind == STEER_VSCF_HASH ? '{' : '[', out);
	for (const steer_vscf_t *item = value->first; item != NULL; item = item->next) {
		tell(out, item, places);
		fputs(item->next != NULL ? " " : "", out);
	}
	fputc(value->kind == STEER_VSCF_HASH ? '}' : ']', out);
}

static void tell_error(void *ctx, const steer_place_t *place, const char *text)
{
	const char *slash = strrchr(place->file, '/');
	fprintf(ctx, "!%s:%u:%u %s", slash != NULL ? slash + 1 : place->file, place->line,
	        place->column, text);
}

/*! What an input says, or its error. */
static char *read_all(steer_input_t *input, bool anywhere, bool places, int *ret)
{
	char *told = NULL;
	size_t size;
	FILE *out = open_memstream(&told, &size);
	steer_fault_t fault;
	steer_report_t report = { tell_error, out, "f", &fault, 0 };
	steer_vscf_document_t *document = steer_vscf_new();
	const steer_vscf_t *root = NULL;
	*ret = steer_vscf_read(document, input, anywhere, &report, &root);
	if (*ret == STEER_OK) {
		tell(out, root, places);
	}
	fclose(out);
	steer_vscf_free(document);
	return told;
}

static char *read_text(const char *text, bool places, int *ret)
{
	steer_input_t *input = NULL;
	const size_t len = strlen(text);
	char *copy = malloc(len > 0 ? len : 1); // Of just its length, for the sanitizer's sake.
	memcpy(copy, text, len);
	assert_int_equal(steer_input_text(&input, "f", copy, len), STEER_OK);
	char *told = read_all(input, false, places, ret);
	free(copy);
	return told;
}

typedef struct {
	const char *text, *want;
} case_t;

static void check(const case_t *cases, size_t count, bool places, int want)
{
	for (size_t i = 0; i < count; i++) {
		int ret;
		char *told = read_text(cases[i].text, places, &ret);
		assert_string_equal(told, cases[i].want);
		assert_int_equal(ret, want);
		free(told);
	}
}

static void values_are_read(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "", "{}" },
		{ " # comment\n; another\n", "{}" },
		{ "a => b", "{a='b'}" },
		{ "a = b", "{a='b'}" },
		{ "a=b,c=>d e = f", "{a='b' c='d' e='f'}" },
		{ "a={}", "{a={}}" },
		{ "a=[]", "{a=[]}" },
		{ "a={b=>c,},", "{a={b='c'}}" },
		{ "a=[1,2 3,]", "{a=['1' '2' '3']}" },
		{ "a=[[1][{b=2}]]", "{a=[['1'] [{b='2'}]]}" },
		{ "[a]", "['a']" },
		{ " [ a, { b = c } ] # end", "['a' {b='c'}]" },
		{ "\"a b\" = \"\"", "{a b=''}" },
		{ "a=b;c\n#d\ne=f#g", "{a='b' e='f'}" },
		{ "a=\"b;c#d\"", "{a='b;c#d'}" },
		{ "a=b$c", "{a='b$c'}" },
		{ "a=\"x\ny\"", "{a='x\ny'}" },
		{ "a=192.0.2.1/24 2001:db8::/32=%multifo!x",
		  "{a='192.0.2.1/24' 2001:db8::/32='%multifo!x'}" },
		// The texts of gdnsd.config(5), written in several ways.
		{ "[example \"example\" ex\\097mpl\\e \"ex\\097mpl\\e\"]",
		  "['example' 'example' 'example' 'example']" },
		{ "[internal\\\"doublequote \"internal\\\"doublequote\"]",
		  "['internal\"doublequote' 'internal\"doublequote']" },
		{ "[white\\ space \"white space\"]", "['white space' 'white space']" },
		{ "[\"braces{every[where]oh}my\" braces\\{every\\[where\\]oh\\}my]",
		  "['braces{every[where]oh}my' 'braces{every[where]oh}my']" },
		{ "[\"\\\\===\" \"\\092===\" \"\\092\\=\\=\\=\" \\\\\\=\\=\\= \\092\\=\\=\\=]",
		  "['\\===' '\\===' '\\===' '\\===' '\\===']" },
		{ "a=\\255", "{a='\377'}" },
		{ "options={listen=[192.0.2.1 192.0.2.2]}",
		  "{options={listen=['192.0.2.1' '192.0.2.2']}}" },
	};
	check(cases, COUNT(cases), false, STEER_OK);
}

static void values_have_places(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "a =>\n  [ b\n  c ] d = {\n e = f }",
		  "1:1{a=2:3[2:5'b' 3:3'c'] d=3:11{e=4:6'f'}}" },
		{ "a=\"b\nc\" d=e", "1:1{a=1:3'b\nc' d=2:6'e'}" },
	};
	check(cases, COUNT(cases), true, STEER_OK);
}

static void mistakes_are_errors(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "a", "!f:1:1 a has no value; allowed: key => value" },
		{ "\n a b", "!f:2:2 a has no value; allowed: key => value" },
		{ "a=", "!f:1:3 no value; allowed: a text, [ ... ], { ... }, $include{path}" },
		{ "a=,", "!f:1:3 no value; allowed: a text, [ ... ], { ... }, $include{path}" },
		{ "a==b", "!f:1:3 no value; allowed: a text, [ ... ], { ... }, $include{path}" },
		{ "a=[b=c]", "!f:1:5 no value; allowed: a text, [ ... ], { ... }, $include{path}" },
		{ "a=[b,,c]", "!f:1:6 no value; allowed: a text, [ ... ], { ... }, $include{path}" },
		{ "=b", "!f:1:1 no key; allowed: key => value, $include{path}, or the end of the hash" },
		{ ",", "!f:1:1 no key; allowed: key => value, $include{path}, or the end of the hash" },
		{ "a=b}", "!f:1:4 no key; allowed: key => value, $include{path}, or the end of the hash" },
		{ "a={b=c", "!f:1:3 a brace that is not closed; allowed: { ... }" },
		{ "a={b=[c}", "!f:1:8 no value; allowed: a text, [ ... ], { ... }, $include{path}" },
		{ "a=[b", "!f:1:3 a bracket that is not closed; allowed: [ ... ]" },
		{ "[a] b", "!f:1:5 something after the array; allowed: nothing" },
		{ "a=\"b", "!f:1:3 a quote that is not closed; allowed: \"text\"" },
		{ "a=b\\", "!f:1:4 a backslash at the end; allowed: a character or three digits after it" },
		{ "a=\\1", "!f:1:3 a backslash and fewer than three digits; allowed: \\001 to \\255" },
		{ "a=\\12x", "!f:1:3 a backslash and fewer than three digits; allowed: \\001 to \\255" },
		{ "a=\\256", "!f:1:3 no byte of a text; allowed: \\001 to \\255" },
		{ "a=\\000", "!f:1:3 no byte of a text; allowed: \\001 to \\255" },
		{ "a=$b", "!f:1:3 a text that begins with $; allowed: \\$ for it, or $include{path}" },
		{ "$b=a", "!f:1:1 no key; allowed: key => value, $include{path}, or the end of the hash" },
		{ "a=b\na=c", "!f:2:1 a is already in line 1; allowed: once" },
		{ "x={b=1 a=2 c=3\n b=4}", "!f:2:2 b is already in line 1; allowed: once" },
		{ "a=$include{}", "!f:1:12 no path of a file; allowed: $include{path}" },
		{ "a=$include{b", "!f:1:13 no brace after the path; allowed: $include{path}" },
		{ "a=$include{b c}", "!f:1:14 no brace after the path; allowed: $include{path}" },
		{ "a=$include{b}",
		  "!f:1:14 $include has no folder to look in; allowed: in a regular file" },
		{ "$include{b}",
		  "!f:1:12 $include has no folder to look in; allowed: in a regular file" },
	};
	check(cases, COUNT(cases), false, STEER_EREFUSED);
}

/*! A text of so many times what is between. */
static char *repeated(const char *begin, const char *text, size_t times, const char *end)
{
	const size_t len = strlen(text);
	char *made = malloc(strlen(begin) + len * times + strlen(end) + 1), *at = stpcpy(made, begin);
	for (size_t i = 0; i < times; i++) {
		at = stpcpy(at, text);
	}
	strcpy(at, end);
	return made;
}

static void sizes_are_bounded(void **state)
{
	(void)state;
	const struct {
		const char *begin, *text, *end;
		size_t good, bad;
		const char *error;
	} cases[] = {
		{ "a=", "[", "", 0, STEER_VSCF_DEPTH,
		  "!f:1:34 more than 32 hashes, arrays and files inside each other; allowed: fewer" },
		{ "a=", "{a=", "", 0, 1000000,
		  "!f:1:96 more than 32 hashes, arrays and files inside each other; allowed: fewer" },
		{ "a=", "x", "", STEER_VSCF_TEXT_MAX, STEER_VSCF_TEXT_MAX + 1,
		  "!f:1:3 a text of more than 16384 bytes; allowed: shorter ones" },
		{ "a=\"", "x", "\"", STEER_VSCF_TEXT_MAX, 10 << 20,
		  "!f:1:3 a text of more than 16384 bytes; allowed: shorter ones" },
		{ "a=[", "x ", "]", 1000, STEER_VSCF_VALUES + 1,
		  "!f:1:8388610 more than 4194304 values; allowed: fewer" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		int ret;
		char *text = repeated(cases[i].begin, cases[i].text, cases[i].bad, cases[i].end);
		char *told = read_text(text, false, &ret);
		assert_string_equal(told, cases[i].error);
		assert_int_equal(ret, STEER_EREFUSED);
		free(told);
		free(text);
		if (cases[i].good > 0) {
			text = repeated(cases[i].begin, cases[i].text, cases[i].good, cases[i].end);
			told = read_text(text, false, &ret);
			assert_int_equal(ret, STEER_OK);
			free(told);
			free(text);
		}
	}
}

static void keys_are_found(void **state)
{
	(void)state;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	for (unsigned i = 0; i < 20000; i++) {
		fprintf(out, "k%u = %u\n", i * 7919 % 20000, i);
	}
	fclose(out);
	steer_input_t *input = NULL;
	steer_fault_t fault;
	steer_report_t report = { NULL, NULL, "f", &fault, 0 };
	const steer_vscf_t *root = NULL;
	steer_vscf_document_t *document = steer_vscf_new();
	assert_int_equal(steer_input_text(&input, "f", text, size), STEER_OK);
	assert_int_equal(steer_vscf_read(document, input, false, &report, &root), STEER_OK);
	assert_int_equal(root->count, 20000);
	for (unsigned i = 0; i < 20000; i++) {
		char key[16], value[16];
		snprintf(key, sizeof(key), "k%u", i * 7919 % 20000);
		snprintf(value, sizeof(value), "%u", i);
		assert_string_equal(steer_vscf_get(root, key)->text, value);
	}
	assert_null(steer_vscf_get(root, "k"));
	assert_null(steer_vscf_get(root->first, "k1"));
	const steer_vscf_t *one = steer_vscf_next(root->first, NULL);
	assert_ptr_equal(one, root->first);
	assert_null(steer_vscf_next(root->first, one));
	steer_vscf_free(document);
	free(text);
}

/* Other files. */

static void put(const char *folder, const char *name, const char *text)
{
	char path[256];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static char *read_file(const char *folder, const char *text, bool anywhere, int *ret)
{
	char path[256];
	steer_fault_t fault;
	steer_input_t *input = NULL;
	put(folder, "config", text);
	snprintf(path, sizeof(path), "%s/config", folder);
	assert_int_equal(steer_input_open(&input, path, &fault), STEER_OK);
	return read_all(input, anywhere, false, ret);
}

static void other_files_are_included(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
		bool anywhere;
	} cases[] = {
		{ "a=$include{array}", "{a=['1' {b='2'}]}", false },
		{ "a = [ $include{ \"hash\" } ]", "{a=[{c='3' d='4'}]}", false },
		{ "a=1 $include{hash},b=2", "{a='1' c='3' d='4' b='2'}", false },
		{ "$include{d}", "{e='5' f='6'}", false },
		{ "$include{d/*1}", "{e='5'}", false },
		{ "$include{none}", "{}", false },
		{ "$include{deeper}", "{x={e='5' f='6'}}", false },
		{ "$include{missing}", "!config:1:1 FOLDER/missing: there is no such file; allowed: one, a "
		  "folder, or a pattern that matches files", false },
		{ "$include{d/*9}", "!config:1:1 FOLDER/d/*9: there is no such file; allowed: one, a "
		  "folder, or a pattern that matches files", false },
		{ "a=$include{missing}", "!config:1:3 FOLDER/missing: No such file or directory", false },
		{ "a=$include{d}", "!config:1:3 $INCLUDE of FOLDER/d; allowed: files below the folder of "
		  "the one that is imported, or any with --include-anywhere", false },
		{ "$include{array}", "!config:1:1 FOLDER/array is an array; allowed: a hash, among the "
		  "entries of one", false },
		{ "c=1 $include{hash}", "!hash:1:1 c is already in line 1 of FOLDER/config; allowed: once",
		  false },
		{ "$include{wrong}", "!wrong:2:1 a has no value; allowed: key => value", false },
		{ "$include{itself}", "!itself:1:1 more than 32 hashes, arrays and files inside each "
		  "other; allowed: fewer", false },
		{ "a=$include{twice0}", "!config:1:3 more than 1000 files; allowed: fewer", false },
		{ "a=$include{/dev/null}", "!config:1:3 $INCLUDE of /dev/null; allowed: files below the "
		  "folder of the one that is imported, or any with --include-anywhere", false },
		{ "a=$include{/dev/null}", "{a={}}", true },
	};
	char *folder = temp_new(), path[256];
	for (unsigned i = 0; i < 3; i++) {
		static const char *const names[] = { "d", "none", "deeper" };
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		assert_int_equal(mkdir(path, 0700), 0);
	}
	put(folder, "array", "[ 1 { b = 2 } ]");
	put(folder, "hash", "c = 3, d = 4");
	put(folder, "d/1", "e=5");
	put(folder, "d/2", "f=6");
	put(folder, "deeper/x", "x={ $include{../d} }");
	put(folder, "wrong", "\na");
	put(folder, "itself", "$include{itself}");
	for (unsigned i = 0; i < 11; i++) {
		char name[16], text[64];
		snprintf(name, sizeof(name), "twice%u", i);
		snprintf(text, sizeof(text), i < 10 ? "[ $include{twice%u} $include{twice%u} ]" : "[]",
		         i + 1,
		         i + 1);
		put(folder, name, text);
	}
	for (size_t i = 0; i < COUNT(cases); i++) {
		int ret;
		char *told = read_file(folder, cases[i].text, cases[i].anywhere, &ret), *want = NULL;
		const char *mark = strstr(cases[i].want, "FOLDER");
		const int before = mark != NULL ? mark - cases[i].want : (int)strlen(cases[i].want);
		assert_true(asprintf(&want, "%.*s%s%s", before, cases[i].want, mark != NULL ? folder : "",
		                     mark != NULL ? mark + strlen("FOLDER") : "") > 0);
		if (strstr(want, "more than 1000") != NULL) { // In whichever file that is.
			assert_non_null(strstr(told, strchr(want, ' ')));
		} else {
			assert_string_equal(told, want);
		}
		assert_int_equal(ret, cases[i].want[0] == '!' ? STEER_EREFUSED : STEER_OK);
		free(told);
		free(want);
	}
	temp_free(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_read),
		cmocka_unit_test(values_have_places),
		cmocka_unit_test(mistakes_are_errors),
		cmocka_unit_test(sizes_are_bounded),
		cmocka_unit_test(keys_are_found),
		cmocka_unit_test(other_files_are_included),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
