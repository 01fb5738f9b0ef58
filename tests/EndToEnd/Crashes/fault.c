// Fails the N-th write or sync of a file under one folder, once, with EIO; counts only while a file that arms it exists.
// LD_PRELOAD it with FAULT_FOLDER, FAULT_ARMED (a path), FAULT_FIRED (a path, written when it has struck), FAULT_NTH, and to narrow it
// FAULT_CALL (part of the call's name, such as sync) and FAULT_FILE (part of the file's path).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *folder, *armed, *fired, *only_call, *only_file;
static long nth;
static atomic_long seen;

__attribute__((constructor)) static void start(void) {
    folder = getenv("FAULT_FOLDER");
    armed = getenv("FAULT_ARMED");
    fired = getenv("FAULT_FIRED");
    only_call = getenv("FAULT_CALL");
    only_file = getenv("FAULT_FILE");
    const char *n = getenv("FAULT_NTH");
    nth = n ? atol(n) : 0;
}

static int strikes(int fd, const char *call) {
    if (!folder || !armed || !fired || nth <= 0 || access(armed, F_OK) != 0)
        return 0;
    char link[64], path[4096], note[4200];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0)
        return 0;
    path[length] = 0;
    if ((only_call && !strstr(call, only_call)) || (only_file && !strstr(path, only_file)))
        return 0;
    if (strncmp(path, folder, strlen(folder)) != 0 || atomic_fetch_add(&seen, 1) + 1 != nth)
        return 0;
    int file = syscall(SYS_openat, AT_FDCWD, fired, O_CREAT | O_WRONLY | O_TRUNC, 0600);
    if (file >= 0) {
        int size = snprintf(note, sizeof note, "%s %s", call, path);
        syscall(SYS_write, file, note, (size_t)size);
        syscall(SYS_close, file);
    }
    errno = EIO;
    return 1;
}

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = dlsym(RTLD_NEXT, name)

ssize_t write(int fd, const void *data, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    return strikes(fd, "write") ? -1 : real(fd, data, size);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    REAL(ssize_t, "pwrite", int, const void *, size_t, off_t);
    return strikes(fd, "pwrite") ? -1 : real(fd, data, size, at);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    return strikes(fd, "pwrite64") ? -1 : real(fd, data, size, at);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    return strikes(fd, "writev") ? -1 : real(fd, parts, count);
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
    REAL(ssize_t, "pwritev", int, const struct iovec *, int, off_t);
    return strikes(fd, "pwritev") ? -1 : real(fd, parts, count, at);
}
int fsync(int fd) {
    REAL(int, "fsync", int);
    return strikes(fd, "fsync") ? -1 : real(fd);
}
int fdatasync(int fd) {
    REAL(int, "fdatasync", int);
    return strikes(fd, "fdatasync") ? -1 : real(fd);
}
