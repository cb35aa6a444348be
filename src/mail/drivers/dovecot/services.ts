import { sockets } from '../postfix/main-cf.ts';
import { etc, owner, queue } from './places.ts';

/**
 * Mebibytes that one who reads messages into the index may take, and the rest of them at which it writes to disk what it has: however large
 * the mailbox is.
 */
export const indexing = { most: 768, reserve: 384, processes: 2 };

/** What Dovecot runs, the same in both languages but for `forever`: how a process is told to serve any number of clients. */
export const services = ({
  forever,
}: {
  forever: string;
}): string => `# Doors: nothing without TLS, and for Postfix unix sockets in its queue.
service imap-login {
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = 993
    ssl = yes
  }
  process_min_avail = 1
  ${forever}
  vsz_limit = 512 M
}
service pop3-login {
  inet_listener pop3 {
    port = 0
  }
  inet_listener pop3s {
    port = 995
    ssl = yes
  }
}
service managesieve-login {
  inet_listener sieve {
    port = 4190
  }
}
service lmtp {
  user = ${owner}
  unix_listener ${queue}/${sockets.lmtp} {
    mode = 0600
    user = postfix
    group = postfix
  }
}
service auth {
  unix_listener ${queue}/${sockets.auth} {
    mode = 0600
    user = postfix
    group = postfix
  }
  unix_listener auth-userdb {
    mode = 0600
    user = ${owner}
  }
}
# Reads the directory, and may write nothing.
service auth-worker {
  user = postfix
}
service quota-status {
  executable = quota-status -p postfix
  client_limit = 64
  unix_listener ${queue}/${sockets.quota} {
    mode = 0600
    user = postfix
    group = postfix
  }
}
service signpost-quota-warning {
  executable = script ${etc}/signpost/bin/quota-warning
  user = ${owner}
  unix_listener signpost-quota-warning {
    mode = 0600
    user = ${owner}
  }
}
service stats {
  unix_listener stats-writer {
    mode = 0660
    group = ${owner}
  }
}
service imap {
  process_limit = 2048
}
service indexer-worker {
  process_limit = ${indexing.processes}
  vsz_limit = ${indexing.most} M
}
`;
