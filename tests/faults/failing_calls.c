/* Makes one system call of a program fail, do half of its work, or be its last: for LD_PRELOAD.
 *
 * RECIP_FAIL=CALL:N:HOW names the call ("pwrite", "fsync", ...), which of its occurrences in the process is meant, counted from 1, and what
 * happens at it: "half" (a short write), "kill", or the number of an errno. N+ means this occurrence and all later ones. RECIP_CALLED names
 * a file that is made when that happened. RECIP_TIME is what the system's clock shows, in seconds since 1970. With RECIP_NO_LINKS the file
 * system has no hard links and no rename that does not replace, like FAT.
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
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
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
  long now = atomic_fetch_add(&seen, 1) + 1;
  if (*how == '+' ? now < number : now != number) return 0;
  if (*how == '+') how++;
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

#define READ(name, offset_type)                                              \
  ssize_t name(int file, void *bytes, size_t size, offset_type offset) {     \
    return fate("read") < 0 ? -1 : REAL(name)(file, bytes, size, offset);    \
  }
READ(pread, off_t)
READ(pread64, off64_t)

ssize_t read(int file, void *bytes, size_t size) {
  return file > 2 && fate("read") < 0 ? -1 : REAL(read)(file, bytes, size);
}

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
#define LINK(name, parameters, arguments)                                                   \
  int name parameters {                                                                     \
    if (getenv("RECIP_NO_LINKS")) return errno = EPERM, -1;                                 \
    return fate("link") < 0 ? -1 : REAL(name) arguments;                                    \
  }
LINK(link, (const char *from, const char *to), (from, to))
LINK(linkat, (int a, const char *from, int b, const char *to, int flags), (a, from, b, to, flags))

/* Rust's libraries make this system call without the C library, so only the kernel can refuse it. */
__attribute__((constructor)) static void refuse_renames(void) {
  if (!getenv("RECIP_NO_LINKS")) return;
  struct sock_filter rules[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_renameat2, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof rules / sizeof *rules, rules};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) _exit(99);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  const char *seconds = getenv("RECIP_TIME");
  int result = REAL(clock_gettime)(clock, time);
  if (seconds && clock == CLOCK_REALTIME) time->tv_sec = atol(seconds);
  return result;
}
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
