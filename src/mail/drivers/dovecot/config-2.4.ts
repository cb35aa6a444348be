import { header } from '../file.ts';
import type { MailModel } from '../model.ts';
import { folders } from './folders.ts';
import { etc, inPlace, mailFolder, owner } from './places.ts';
import { indexing, services } from './services.ts';

/** dovecot.conf for 2.4, which says the same as that for 2.3 in another language. Mail lies on disk as it did. */
export function dovecotConf24({ directory }: MailModel, systemd: boolean): string {
  // The first version of the language, and of what is kept on disk, that any 2.4 knows.
  return `${header(`${etc}/local.conf, which is read last`)}
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols = imap pop3 lmtp sieve
listen = *, ::
${systemd ? '' : 'log_path = /dev/stderr\n'}login_greeting = ready
auth_mechanisms = plain login
auth_username_format = %{user | lower}
auth_allow_cleartext = no
recipient_delimiter = +
# Whoever guesses waits longer with each guess; people at webmail all come from here, and Roundcube counts for itself.
login_trusted_networks = 127.0.0.0/8 ::1

# TLS
ssl = required
ssl_server_cert_file = ${etc}/signpost/chain.pem
ssl_server_key_file = ${etc}/signpost/key.pem
ssl_min_protocol = TLSv1.2
ssl_server_prefer_ciphers = client
ssl_options = no_ticket

# Who may sign in. Passwords of devices first: a look-up of a digest costs nothing, a hash of Argon2 much.
sql_driver = sqlite
sqlite_path = ${directory}
sqlite_readonly = yes
passdb app-passwords {
  driver = sql
  sql_query = SELECT mailbox.address AS user, NULL AS password, 'Y' AS nopassword \\
    FROM app_password JOIN mailbox ON mailbox.address = app_password.address \\
    WHERE app_password.address = '%{user | lower}' AND mailbox.enabled = 1 \\
    AND app_password.digest = '%{password | sha256 | hexlify}'
  result_failure = continue
  result_internalfail = continue
}
passdb passwords {
  driver = sql
  sql_query = SELECT address AS user, password FROM mailbox \\
    WHERE address = '%{user | lower}' AND enabled = 1 AND password IS NOT NULL
}
userdb mailboxes {
  driver = sql
  sql_query = SELECT CASE quota WHEN 0 THEN 'unlimited' ELSE quota || 'B' END AS quota_storage_size, \\
    (quota / 10) || 'B' AS quota_storage_grace FROM mailbox WHERE address = '%{user | lower}'
  sql_iterate_query = SELECT address AS user FROM mailbox
}

# Mail
mail_home = ${mailFolder}/%{user | domain}/%{user | username}
mail_driver = maildir
mail_path = ~/mail
mail_uid = ${owner}
mail_gid = ${owner}
first_valid_uid = 8
last_valid_uid = 8
first_valid_gid = 8
mail_fsync = optimized
mail_plugins {
  quota = yes
  mail_compress = yes
  fts = yes
  fts_xapian = yes
}
mail_compress_write_method = gz
compress_gz_level = 6

# Each word of a message, and each part of one that has three letters or more, while it is delivered.
fts_autoindex = yes
# Dovecot wants one; the index has no use for it.
language en {
  default = yes
}
fts xapian {
  partial = 3
  lowmemory = ${indexing.reserve}
  maxthreads = 2
}
${folders}
protocol imap {
  mail_plugins {
    imap_quota = yes
    imap_sieve = yes
  }
  mail_max_userip_connections = 40
  imap_idle_notify_interval = 4 mins
}
protocol lmtp {
  mail_plugins {
    sieve = yes
  }
  mail_fsync = always
}

quota "User quota" {
  driver = count
  warning almost {
    quota_storage_percentage = 95
    execute signpost-quota-warning {
      args = 95 %{user}
    }
  }
  warning soon {
    quota_storage_percentage = 80
    execute signpost-quota-warning {
      args = 80 %{user}
    }
  }
}
quota_exceeded_message = The mailbox is full.
quota_status_success = DUNNO
quota_status_nouser = DUNNO
quota_status_overquota = 552 5.2.2 The mailbox is full

sieve_script personal {
  type = personal
  path = ~/sieve
  active_path = ~/.dovecot.sieve
}
sieve_script once {
  type = before
  path = ${etc}/signpost/once.sieve
}
sieve_script spam {
  type = before
  path = ${etc}/signpost/spam.sieve
}
sieve_script ours-before {
  type = before
  path = ${inPlace.before}
}
sieve_script ours-after {
  type = after
  path = ${inPlace.after}
}
sieve_plugins {
  sieve_imapsieve = yes
  sieve_extprograms = yes
}
sieve_global_extensions {
  vnd.dovecot.pipe = yes
  vnd.dovecot.environment = yes
  vnd.dovecot.execute = yes
}
sieve_pipe_bin_dir = ${etc}/signpost/bin
sieve_execute_bin_dir = ${etc}/signpost/bin
sieve_execute_exec_timeout = 1 mins
sieve_vacation_min_period = 1h

# Whoever moves mail into Junk, or out of it, teaches Rspamd.
mailbox Trash {
  fts_autoindex = no
}
mailbox Junk {
  fts_autoindex = no
  sieve_script learn-spam {
    type = before
    cause = copy append
    path = ${etc}/signpost/learn-spam.sieve
  }
}
imapsieve_from Junk {
  sieve_script learn-ham {
    type = before
    cause = copy
    path = ${etc}/signpost/learn-ham.sieve
  }
}

${services({ forever: 'restart_request_count = unlimited' })}
# Who delivers says there what it does.
service anvil {
  unix_listener anvil {
    mode = 0660
    group = ${owner}
  }
}
!include_try ${etc}/local.conf
`;
}
