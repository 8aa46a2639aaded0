/* sanitized.h - is this build watched by AddressSanitizer or ThreadSanitizer?
 *
 * They reserve terabytes of addresses and use system calls of their own, so limits that a release
 * build has cannot be put on. Nothing else may depend on it.
 *
 * Thread: [any]. Floor: media. Tests: tests/media/ward_test.c
 */
#ifndef GEN_MEDIA_SANITIZED_H
#define GEN_MEDIA_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define GEN_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define GEN_SANITIZED 1
#endif
#endif
#ifndef GEN_SANITIZED
#define GEN_SANITIZED 0
#endif

#endif
