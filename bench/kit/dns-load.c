/*
 * Asks a nameserver on loopback as much as it answers, or at a rate, by batched calls: dnsperf ends at some 90,000 questions a second. In C, so that no collection
 * of garbage is taken for the time of an answer. What came of it is printed as JSON (dns-load.ts says what its fields mean).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 64, ROOM = 4096, IDS = 1 << 16, MAX_QUESTIONS = 1 << 20 };
/* Seconds without an answer, after which what waits is lost. */
#define PATIENCE 0.2

static unsigned char received[BATCH][ROOM], sent[BATCH][ROOM];
static struct iovec in[BATCH], out[BATCH];
static struct mmsghdr queries[BATCH], answers[BATCH];
static unsigned char *questions[MAX_QUESTIONS];
static uint16_t lengths[MAX_QUESTIONS];
static double sent_at[IDS];
static long rcodes[16];

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

/* A file of messages, each behind its length (two octets); how many there are. */
static long read_questions(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) fail(path);
  long count = 0;
  for (int high; count < MAX_QUESTIONS && (high = getc(file)) != EOF; count++) {
    lengths[count] = high << 8 | getc(file);
    questions[count] = malloc(lengths[count]);
    if (lengths[count] > ROOM || fread(questions[count], 1, lengths[count], file) != lengths[count]) fail(path);
  }
  fclose(file);
  return count;
}

static int in_order(const void *a, const void *b) {
  float difference = *(const float *)a - *(const float *)b;
  return (difference > 0) - (difference < 0);
}

int main(int argc, char **argv) {
  if (argc != 6) return 2;
  double seconds = atof(argv[3]), rate = atof(argv[5]);
  long window = atol(argv[4]), count = read_questions(argv[2]), asked = 0, answered = 0, lost = 0, octets = 0, waiting = 0;
  /* As much as can come, in memory that is there already. */
  long room = (long)(rate * seconds) + IDS;
  float *latencies = malloc(room * sizeof *latencies);
  if (!latencies || count == 0) return 2;
  memset(latencies, 0, room * sizeof *latencies);
  int fd = socket(AF_INET, SOCK_DGRAM, 0), buffer = 8 << 20;
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at)) fail("connect");
  struct pollfd readable = {fd, POLLIN, 0};
  for (int i = 0; i < BATCH; i++) {
    in[i] = (struct iovec){received[i], ROOM};
    queries[i].msg_hdr = (struct msghdr){.msg_iov = &in[i], .msg_iovlen = 1};
    answers[i].msg_hdr = (struct msghdr){.msg_iov = &out[i], .msg_iovlen = 1};
  }
  double began = now(), last = began, time;
  while ((time = now()) < began + seconds) {
    long due = rate > 0 ? (long)((time - began) * rate) - asked : window - waiting;
    if (due > BATCH) due = BATCH;
    for (int i = 0; i < due; i++, asked++) {
      int question = asked % count;
      memcpy(sent[i], questions[question], lengths[question]);
      sent[i][0] = asked >> 8;
      sent[i][1] = asked;
      out[i] = (struct iovec){sent[i], lengths[question]};
      sent_at[asked % IDS] = time;
    }
    for (int done = 0, n; done < due; done += n > 0 ? n : 1) {
      n = sendmmsg(fd, answers + done, due - done, 0);
      if (n <= 0) lost++;
    }
    if (due > 0) waiting += due;
    int got = recvmmsg(fd, queries, BATCH, MSG_DONTWAIT, NULL);
    double then = now();
    for (int i = 0; i < got; i++) {
      rcodes[received[i][3] & 0x0f]++;
      octets += queries[i].msg_len;
      if (rate > 0 && answered + i < room) latencies[answered + i] = 1e6 * (then - sent_at[received[i][0] << 8 | received[i][1]]);
    }
    if (got > 0) {
      answered += got;
      waiting = waiting > got ? waiting - got : 0;
      last = then;
    } else if (rate == 0 && waiting >= window) {
      poll(&readable, 1, 20);
      if (then - last > PATIENCE) {
        lost += waiting;
        waiting = 0;
        last = then;
      }
    }
  }
  double took = now() - began;
  long measured = answered < room ? answered : room;
  qsort(latencies, measured, sizeof *latencies, in_order);
  printf("{\"answered\":%ld,\"lost\":%ld,\"seconds\":%f,\"octets\":%f,\"rcodes\":[", answered, rate > 0 ? asked - answered : lost, took,
         answered ? (double)octets / answered : 0);
  for (int i = 0; i < 16; i++) printf("%s%ld", i ? "," : "", rcodes[i]);
  printf("],\"p50\":%f,\"p99\":%f}\n", rate > 0 ? latencies[measured / 2] : 0, rate > 0 ? latencies[measured * 99 / 100] : 0);
  return 0;
}
