# SPDX-License-Identifier: GPL-3.0-or-later

# STEER_IF_CLANG(THEN, ELSE)
# --------------------------
AC_DEFUN([STEER_IF_CLANG], [
  AC_COMPILE_IFELSE([AC_LANG_SOURCE([[
#ifndef __clang__
#error not clang
#endif
int steer_clang;
  ]])], [$1], [$2])
])

# STEER_TRY_FLAGS(FLAGS, SOURCE, ERROR)
# -------------------------------------
# Fails with the error if a program does not link with the flags.
AC_DEFUN([STEER_TRY_FLAGS], [
  steer_save_CFLAGS=$CFLAGS
  CFLAGS="$CFLAGS $1"
  AC_LINK_IFELSE([AC_LANG_SOURCE([$2])], [], [AC_MSG_ERROR([$3])])
  CFLAGS=$steer_save_CFLAGS
])

# STEER_SANITIZER
# ---------------
# --with-sanitizer=LIST: sets sanitizer_CFLAGS and sanitizer_LDFLAGS.
AC_DEFUN([STEER_SANITIZER], [
  AC_ARG_WITH([sanitizer],
    [AS_HELP_STRING([--with-sanitizer=LIST], [build with sanitizers, e.g. address,undefined])],
    [], [with_sanitizer=no])
  AS_IF([test "$with_sanitizer" = yes], [with_sanitizer=address,undefined])
  sanitizer_CFLAGS=
  sanitizer_LDFLAGS=
  AS_IF([test "$with_sanitizer" != no], [
    sanitizer_CFLAGS="-fsanitize=$with_sanitizer -fno-sanitize-recover=all -fno-omit-frame-pointer"
    # Clang links its runtime into the program. A module is loaded by a program without one, so it
    # needs the shared runtime, which is outside the linker's path.
    STEER_IF_CLANG([
      sanitizer_CFLAGS="$sanitizer_CFLAGS -shared-libsan"
      steer_runtime=`$CC -print-file-name=libclang_rt.asan-$host_cpu.so`
      AS_CASE([$steer_runtime], [/*],
        [sanitizer_LDFLAGS="-Wl,-rpath,`AS_DIRNAME(["$steer_runtime"])`"])
    ])
    STEER_TRY_FLAGS([$sanitizer_CFLAGS], [[int main(void) { return 0; }]],
      [the compiler cannot link with -fsanitize=$with_sanitizer])
  ])
  AC_SUBST([sanitizer_CFLAGS])
  AC_SUBST([sanitizer_LDFLAGS])
])

# STEER_FUZZING
# -------------
# --enable-fuzzing: the fuzz targets become libFuzzer programs. Without it they run their seeds.
AC_DEFUN([STEER_FUZZING], [
  AC_ARG_ENABLE([fuzzing],
    [AS_HELP_STRING([--enable-fuzzing], [make the fuzz targets libFuzzer programs (needs clang)])],
    [], [enable_fuzzing=no])
  fuzzing_CFLAGS=
  fuzzing_LDFLAGS=
  AS_IF([test "$enable_fuzzing" != no], [
    AS_IF([test "$with_sanitizer" != no],
      [AC_MSG_ERROR([--enable-fuzzing brings its own sanitizers; leave --with-sanitizer out])])
    fuzzing_CFLAGS="-fsanitize=fuzzer-no-link,address,undefined"
    fuzzing_CFLAGS="$fuzzing_CFLAGS -fno-sanitize-recover=all -fno-omit-frame-pointer"
    fuzzing_LDFLAGS="-fsanitize=fuzzer,address,undefined"
    STEER_TRY_FLAGS([$fuzzing_LDFLAGS], [[
int LLVMFuzzerTestOneInput(const unsigned char *data, unsigned long size);
int LLVMFuzzerTestOneInput(const unsigned char *data, unsigned long size)
{
	(void)data;
	(void)size;
	return 0;
}
    ]], [the compiler has no libFuzzer; use CC=clang])
  ])
  AC_SUBST([fuzzing_CFLAGS])
  AC_SUBST([fuzzing_LDFLAGS])
  AM_CONDITIONAL([FUZZING], [test "$enable_fuzzing" != no])
  AM_CONDITIONAL([SANITIZED], [test "$with_sanitizer$enable_fuzzing" != nono])
])
