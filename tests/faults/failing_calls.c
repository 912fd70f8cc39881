/* Makes one system call of a program fail, do half of its work, or be its last: for LD_PRELOAD.
 *
 * RECIP_FAIL=CALL:N:HOW names the call ("pwrite", "fsync", ...), which of its occurrences in the process is meant, counted from 1, and what
 * happens at it: "half" (a short write), "kill", or the number of an errno. RECIP_CALLED names a file that is made when that happened.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long seen;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* 0: nothing happens at this call. 1: it does half of its work. -1: it fails, and errno is set. */
static int fate(const char *call) {
  const char *plan = getenv("RECIP_FAIL");
  size_t length = strlen(call);
  if (!plan || strncmp(plan, call, length) || plan[length] != ':') return 0;
  char *how;
  long number = strtol(plan + length + 1, &how, 10);
  if (atomic_fetch_add(&seen, 1) + 1 != number) return 0;
  const char *called = getenv("RECIP_CALLED");
  if (called) {
    int file = REAL(open)(called, O_WRONLY | O_CREAT, 0600);
    if (file >= 0) close(file);
  }
  if (!strcmp(how, ":kill")) kill(getpid(), SIGKILL);
  if (!strcmp(how, ":half")) return 1;
  errno = atoi(how + 1);
  return -1;
}

#define WRITE(name, counted, offset_type)                                                    \
  ssize_t name(int file, const void *bytes, size_t size, offset_type offset) {               \
    int happens = fate(counted);                                                             \
    if (happens < 0) return -1;                                                              \
    return REAL(name)(file, bytes, happens && size > 1 ? size / 2 : size, offset);           \
  }
WRITE(pwrite, "pwrite", off_t)
WRITE(pwrite64, "pwrite", off64_t)

ssize_t write(int file, const void *bytes, size_t size) {
  int happens = file > 2 ? fate("write") : 0;
  if (happens < 0) return -1;
  return REAL(write)(file, bytes, happens && size > 1 ? size / 2 : size);
}

#define PLAIN(result, name, counted, parameters, arguments) \
  result name parameters { return fate(counted) < 0 ? -1 : REAL(name) arguments; }
PLAIN(int, fsync, "fsync", (int file), (file))
PLAIN(int, fdatasync, "fsync", (int file), (file))
PLAIN(int, ftruncate, "ftruncate", (int file, off_t size), (file, size))
PLAIN(int, ftruncate64, "ftruncate", (int file, off64_t size), (file, size))
PLAIN(int, rename, "rename", (const char *from, const char *to), (from, to))
PLAIN(int, renameat2, "rename", (int a, const char *from, int b, const char *to, unsigned flags), (a, from, b, to, flags))
PLAIN(int, link, "link", (const char *from, const char *to), (from, to))
PLAIN(int, linkat, "link", (int a, const char *from, int b, const char *to, int flags), (a, from, b, to, flags))
PLAIN(int, unlink, "unlink", (const char *path), (path))

#define OPEN(name)                                                       \
  int name(const char *path, int flags, ...) {                           \
    va_list rest;                                                        \
    va_start(rest, flags);                                               \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
    va_end(rest);                                                        \
    return fate("open") < 0 ? -1 : REAL(name)(path, flags, mode);        \
  }
OPEN(open)
OPEN(open64)

#define LOCK(name)                                                \
  int name(int file, int command, ...) {                          \
    va_list rest;                                                 \
    va_start(rest, command);                                      \
    void *argument = va_arg(rest, void *);                        \
    va_end(rest);                                                 \
    int locks = command == F_SETLK || command == F_SETLKW;        \
    return locks && fate("fcntl") < 0 ? -1 : REAL(name)(file, command, argument); \
  }
LOCK(fcntl)
LOCK(fcntl64)

#define MAP(name, offset_type)                                                                     \
  void *name(void *at, size_t size, int rights, int flags, int file, offset_type offset) {          \
    return file >= 0 && fate("mmap") < 0 ? MAP_FAILED : REAL(name)(at, size, rights, flags, file, offset); \
  }
MAP(mmap, off_t)
MAP(mmap64, off64_t)
