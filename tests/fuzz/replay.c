/* replay.c - runs a fuzz target over the files of a folder, where there is no libFuzzer.
 *
 * So every compiler and every ctest run sees the corpus. It is not a fuzzer: it makes nothing up.
 * Each input is copied to a block of exactly its size, so that a sanitizer sees the first byte read
 * too far. Ends with 1 when there is no input: a test that runs nothing has not passed.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads a whole file; NULL (and a line on standard error) when that fails. */
static uint8_t *replay_read(const char *path, size_t *size)
{
    uint8_t *data = NULL;
    long end = -1;
    FILE *file = fopen(path, "rb");

    if (file != NULL && fseek(file, 0, SEEK_END) == 0) {
        end = ftell(file);
    }
    if (end >= 0 && fseek(file, 0, SEEK_SET) == 0) {
        data = malloc(end > 0 ? (size_t)end : 1);
    }
    if (data != NULL && fread(data, 1, (size_t)end, file) != (size_t)end) {
        free(data);
        data = NULL;
    }
    if (data == NULL) {
        fprintf(stderr, "replay: cannot read %s\n", path);
    } else {
        *size = (size_t)end;
    }
    if (file != NULL) {
        fclose(file);
    }
    return data;
}

/* Runs every file of `folder`; the number run, or -1. */
static int replay_folder(const char *folder)
{
    DIR *entries = opendir(folder);
    const struct dirent *entry;
    int count = 0;

    if (entries == NULL) {
        fprintf(stderr, "replay: cannot open %s\n", folder);
        return -1;
    }
    while (count >= 0 && (entry = readdir(entries)) != NULL) {
        char path[4096];
        size_t size = 0;
        uint8_t *data;

        if (entry->d_name[0] == '.') {
            continue;
        }
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        data = replay_read(path, &size);
        if (data == NULL) {
            count = -1;
            continue;
        }
        fprintf(stderr, "replay: %s\n", entry->d_name); /* the last one named is the one that fails */
        LLVMFuzzerTestOneInput(data, size);
        free(data);
        count++;
    }
    closedir(entries);
    return count;
}

int main(int argc, char **argv)
{
    int total = 0;

    for (int i = 1; i < argc; i++) {
        int count = replay_folder(argv[i]);

        if (count < 0) {
            return 1;
        }
        total += count;
    }
    printf("replay: %d inputs\n", total);
    return total > 0 ? 0 : 1;
}
