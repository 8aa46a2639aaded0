/* tsan.c - what ThreadSanitizer is told not to report; it is linked into every program of that build
 * (packaging/build/tsan.cmake), because gend starts programs with an environment of their own and
 * TSAN_OPTIONS would not reach them.
 *
 * It is not the place for races of ours: each line names a library that ThreadSanitizer cannot see
 * into, and what it gets wrong because of that.
 */
const char *__tsan_default_suppressions(void);

__attribute__((visibility("default"))) const char *__tsan_default_suppressions(void)
{
    return
        /* Pango loads fontconfig's fonts on threads of GLib's and hands them over under GLib's
         * locks, which are futexes of its own: ThreadSanitizer sees the strings being made and
         * compared, and nothing between. gen-typeset itself has one thread. (called_from_lib would
         * be cheaper, but hides unlocking too.) */
        "race:libpangoft2-1.0.so\n"
        "race:libfontconfig.so\n"
        /* libuv closes descriptors by syscall(SYS_close), and we open folders with openat(), which
         * has no interceptor: for ThreadSanitizer the number still belongs to the pipe that the
         * loop's thread closed, when a worker closes the folder that has it now. */
        "race:closedir\n";
}
