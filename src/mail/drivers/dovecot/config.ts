import { header } from '../file.ts';
import type { MailModel } from '../model.ts';
import { folders } from './folders.ts';
import { etc, inPlace, mailFolder, owner } from './places.ts';
import { indexing, services } from './services.ts';

/** dovecot.conf for 2.3; 2.4 has another language (config-2.4.ts). */
export function dovecotConf(_model: MailModel, systemd: boolean): string {
  return `${header(`${etc}/local.conf, which is read last`)}
protocols = imap pop3 lmtp sieve
listen = *, ::
${systemd ? '' : 'log_path = /dev/stderr\n'}login_greeting = ready
auth_mechanisms = plain login
auth_username_format = %Lu
disable_plaintext_auth = yes
recipient_delimiter = +
# Whoever guesses waits longer with each guess; people at webmail all come from here, and Roundcube counts for itself.
login_trusted_networks = 127.0.0.0/8 ::1

# TLS
ssl = required
ssl_cert = <${etc}/signpost/chain.pem
ssl_key = <${etc}/signpost/key.pem
ssl_min_protocol = TLSv1.2
ssl_prefer_server_ciphers = no
ssl_options = no_ticket

# Who may sign in. Passwords of devices first: a look-up of a digest costs nothing, a hash of Argon2 much.
passdb {
  driver = sql
  args = ${etc}/signpost/app-passwords.conf
  result_failure = continue
  result_internalfail = continue
}
passdb {
  driver = sql
  args = ${etc}/signpost/directory.conf
}
userdb {
  driver = sql
  args = ${etc}/signpost/directory.conf
}

# Mail
mail_home = ${mailFolder}/%d/%n
mail_location = maildir:~/mail
mail_uid = ${owner}
mail_gid = ${owner}
first_valid_uid = 8
last_valid_uid = 8
first_valid_gid = 8
mail_plugins = quota zlib fts fts_xapian
mail_fsync = optimized
${folders}
protocol imap {
  mail_plugins = $mail_plugins imap_quota imap_zlib imap_sieve
  mail_max_userip_connections = 40
  imap_idle_notify_interval = 4 mins
}
protocol lmtp {
  mail_plugins = $mail_plugins sieve
  mail_fsync = always
}
protocol sieve {
  managesieve_max_line_length = 65536
}

plugin {
  zlib_save = gz
  zlib_save_level = 6

  # Each word of a message, and each part of one that has three letters or more, while it is delivered.
  fts = xapian
  fts_xapian = partial=3 full=20 lowmemory=${indexing.reserve}
  fts_autoindex = yes
  fts_autoindex_exclude = \\Junk
  fts_autoindex_exclude2 = \\Trash

  quota = count:User quota
  quota_vsizes = yes
  quota_grace = 10%%
  quota_max_mail_size = 0
  quota_status_success = DUNNO
  quota_status_nouser = DUNNO
  quota_status_overquota = "552 5.2.2 The mailbox is full"
  quota_exceeded_message = The mailbox is full.
  quota_warning = storage=95%% signpost-quota-warning 95 %u
  quota_warning2 = storage=80%% signpost-quota-warning 80 %u

  sieve = file:~/sieve;active=~/.dovecot.sieve
  sieve_before = ${etc}/signpost/once.sieve
  sieve_before2 = ${etc}/signpost/spam.sieve
  sieve_before3 = ${inPlace.before}
  sieve_after = ${inPlace.after}
  sieve_plugins = sieve_imapsieve sieve_extprograms
  sieve_global_extensions = +vnd.dovecot.pipe +vnd.dovecot.environment +vnd.dovecot.execute
  sieve_pipe_bin_dir = ${etc}/signpost/bin
  sieve_execute_bin_dir = ${etc}/signpost/bin
  sieve_execute_exec_timeout = 1m
  sieve_vacation_min_period = 1h

  # Whoever moves mail into Junk, or out of it, teaches Rspamd.
  imapsieve_mailbox1_name = Junk
  imapsieve_mailbox1_causes = COPY APPEND
  imapsieve_mailbox1_before = file:${etc}/signpost/learn-spam.sieve
  imapsieve_mailbox2_name = *
  imapsieve_mailbox2_from = Junk
  imapsieve_mailbox2_causes = COPY
  imapsieve_mailbox2_before = file:${etc}/signpost/learn-ham.sieve
}

${services({ forever: 'service_count = 0' })}
!include_try ${etc}/local.conf
`;
}
