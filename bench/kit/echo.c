/* What the kernel costs: receives datagrams, so many a call, and sends each sender one of a given size, as a nameserver does that thinks of nothing. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { BATCH = 64, ROOM = 2048 };

static char received[BATCH][ROOM], sent[BATCH][ROOM];
static struct sockaddr_in names[BATCH];
static struct iovec in[BATCH], out[BATCH];
static struct mmsghdr queries[BATCH], answers[BATCH];

/* A datagram a call, as servers do that know of no other way. */
static void singly(int fd, int size) {
  for (;;) {
    socklen_t length = sizeof names[0];
    if (recvfrom(fd, received[0], ROOM, 0, (struct sockaddr *)&names[0], &length) < 0) continue;
    memcpy(sent[0], received[0], 12);
    sent[0][2] |= 0x80;
    sendto(fd, sent[0], size, 0, (struct sockaddr *)&names[0], length);
  }
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  int fd = socket(AF_INET, SOCK_DGRAM, 0), one = 1, size = atoi(argv[2]), batch = atoi(argv[3]), buffer = 4 << 20;
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
  if (size > ROOM || batch < 1 || batch > BATCH || bind(fd, (struct sockaddr *)&at, sizeof at)) { perror("bind"); return 1; }
  if (batch == 1) singly(fd, size);
  for (;;) {
    for (int i = 0; i < batch; i++) {
      in[i] = (struct iovec){received[i], ROOM};
      out[i] = (struct iovec){sent[i], size};
      queries[i].msg_hdr = (struct msghdr){&names[i], sizeof names[i], &in[i], 1};
      answers[i].msg_hdr = (struct msghdr){&names[i], sizeof names[i], &out[i], 1};
    }
    int count = recvmmsg(fd, queries, batch, MSG_WAITFORONE, NULL);
    for (int i = 0; i < count; i++) {
      memcpy(sent[i], received[i], 12);
      sent[i][2] |= 0x80;
    }
    for (int done = 0, n; done < count; done += n > 0 ? n : 1) n = sendmmsg(fd, answers + done, count - done, 0);
  }
}
