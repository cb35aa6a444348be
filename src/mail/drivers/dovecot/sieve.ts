/** Scripts for every mailbox, by file name, and the programs they call. */
export const scripts = {
  'spam.sieve': `require ["fileinto", "mailbox"];
if header :contains "X-Spam" "Yes" {
  fileinto :create "Junk";
  stop;
}
`,
  'learn-spam.sieve': `require ["vnd.dovecot.pipe", "copy"];
pipe :copy :try "learn" ["spam"];
`,
  // What goes to the bin was not missed.
  'learn-ham.sieve': `require ["vnd.dovecot.pipe", "copy", "imapsieve", "environment", "variables"];
if environment :matches "imap.mailbox" "*" { set "mailbox" "\${1}"; }
if string "\${mailbox}" "Trash" { stop; }
pipe :copy :try "learn" ["ham"];
`,
} as const;

/** How a warning is delivered into a mailbox that is nearly full. */
const noQuota = (version: string): string =>
  version.startsWith('2.3.')
    ? '-o "plugin/quota=count:User quota:noenforcing" -o "plugin/quota_vsizes=yes"'
    : '-o quota_enforce=no';

export const programs = (version: string) => ({
  learn: `#!/bin/sh
# Teaches Rspamd that the message on standard input is $1.
case "$1" in spam | ham) exec rspamc -h 127.0.0.1:11334 "learn_$1" >/dev/null 2>&1 ;; esac
exit 64
`,
  'quota-warning': `#!/bin/sh
# Tells the person that $1 per cent of the mailbox $2 are used.
exec /usr/lib/dovecot/dovecot-lda -d "$2" ${noQuota(version)} <<END
From: postmaster@$(echo "$2" | sed 's/.*@//')
To: $2
Subject: Your mailbox is $1% full
Content-Type: text/plain; charset=utf-8

Your mailbox $2 is $1% full. When it is full, no more mail arrives until
you delete some.
END
`,
});
