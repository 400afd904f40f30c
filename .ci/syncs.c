// In front of libc where strace may not trace: fsync and fdatasync fail or stall while the file ONELOOP_SYNCS_ORDER says so:
// its first letter is `a` when all fail, `f` when every fifth of each thread does, `s` when they stall.
//
//   cc -shared -fPIC -o syncs.so .ci/syncs.c -ldl
//   LD_PRELOAD=./syncs.so ONELOOP_SYNCS_ORDER=order scribe

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int sync_by(const char *name, int file) {
    const char *path = getenv("ONELOOP_SYNCS_ORDER");
    int order = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    char first = 0;
    if (order >= 0) {
        if (read(order, &first, 1) != 1) {
            first = 0;
        }
        close(order);
    }
    static __thread unsigned count;
    if (first == 'a' || (first == 'f' && count++ % 5 == 0)) {
        errno = EIO;
        return -1;
    }
    if (first == 's') {
        struct timespec span = {0, 200 * 1000 * 1000};
        nanosleep(&span, NULL);
    }
    return ((int (*)(int))dlsym(RTLD_NEXT, name))(file);
}

int fsync(int file) {
    return sync_by("fsync", file);
}

int fdatasync(int file) {
    return sync_by("fdatasync", file);
}
