import { inPlace } from './places.ts';

/** Scripts for every mailbox, by file name. */
export const scripts = (hostname: string) => ({
  // Dovecot's own Received is the first, that of the box's Postfix the second; what is below, others wrote.
  'once.sieve': `require ["date", "index", "variables", "vnd.dovecot.execute"];
if header :index 2 :matches "Received" "*by ${hostname} (Postfix*)*id *; *" {
  set "id" "\${4}";
  set "arrival" "\${5}";
  if string :matches "\${id}" "*?for <*" { set "id" "\${1}"; }
  if currentdate :matches "date" "*" { set "today" "\${1}"; }
  if execute "came-before" ["\${id}", "\${arrival}", "\${today}"] { discard; stop; }
}
`,
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
});

/** How a warning is delivered into a mailbox that is nearly full. */
const noQuota = (version: string): string =>
  version.startsWith('2.3.')
    ? '-o "plugin/quota=count:User quota:noenforcing" -o "plugin/quota_vsizes=yes"'
    : '-o quota_enforce=no';

/**
 * Whether a message lies here already: Postfix hands on again what it was not told to be stored, and who would have told it was killed. Each
 * try leaves a mark, so that only a second one has to look. In doubt the message is delivered.
 */
const cameBefore = `#!/bin/sh
# Ends with 0 if what Postfix had as $1 since $2 was stored for $RECIPIENT before. $3 is today.
export PATH=/usr/bin:/bin
umask 077
export id="$1" arrival="$2"
today="$HOME/.tries/$3"
mark="$id $arrival $RECIPIENT"
case "$mark" in */*) exit 1 ;; esac
first=
for day in "$HOME"/.tries/*; do
  if [ -e "$day/$mark" ]; then first="$day/$mark"; break; fi
done
if [ -z "$first" ]; then
  if [ ! -d "$today" ]; then
    mkdir -p "$today" || exit 1
    # Postfix tries for two days.
    set -- "$HOME"/.tries/*
    while [ $# -gt 4 ]; do rm -rf "$1"; shift; done
  fi
  # Of two at the same moment one makes it. In it is the process that stores the message.
  set -C
  echo $PPID 2>/dev/null > "$today/$mark" && exit 1
  set +C
  first="$today/$mark"
  [ -e "$first" ] || exit 1
fi
# A filter that sends mail on may not have got so far.
if grep -Eqs 'redirect|notify|pipe' "$HOME/.dovecot.sieve" "$HOME"/sieve/*.sieve ${inPlace.before}/*.sieve ${inPlace.after}/*.sieve
then exit 1
fi
# By Dovecot's index, and in the files that were made when it was tried first: of those Dovecot may not know, when it was killed.
stored() {
  doveadm fetch -u "$USER" hdr mailbox '*' savedsince $(($(stat -c %Y "$first") - 1)) | is_there || files | is_there
}
files() {
  find "$HOME/mail" -type f \\( -path '*/new/*' -o -path '*/cur/*' \\) -cnewer "$first" ! -newerct "@$(($(stat -c %Y "$first") + 120))" \\
  | while read -r file; do
    echo hdr:
    zcat -f -- "$file" | sed '/^\\r*$/q'
  done 2>/dev/null
}
is_there() {
  awk '
  function look() { if (name == "received" && ++hops == 2) hop = value; if (name == "delivered-to" && to == "") to = value }
  { sub(/\\r$/, "") }
  !inside { inside = 1; name = hop = to = ""; hops = 0; next }
  /^[ \\t]/ { value = value $0; next }
  { look(); name = tolower($0); sub(/[ \\t]*:.*/, "", name); value = $0; sub(/^[^:]*:[ \\t]*/, "", value) }
  $0 == "" {
    inside = 0
    at = index(hop, "id " ENVIRON["id"])
    after = substr(hop, at + 3 + length(ENVIRON["id"]), 1)
    end = "; " ENVIRON["arrival"]
    if (at && (after == ";" || after == " " || after == "\\t") && to == ENVIRON["RECIPIENT"] \\
      && substr(hop, length(hop) - length(end) + 1) == end) found = 1
  }
  END { exit !found }
'
}
# Those that tried before this one, and when the last of them began.
exec 9>>"$first+"
flock 9
others=$(cat "$first" "$first+")
if [ -s "$first+" ]; then last=$(stat -c %Y "$first+"); else last=$(stat -c %Y "$first"); fi
echo $PPID >&9
exec 9>&-
# Who was to be told may have been killed, and not who stores: that one is waited for. It takes no minute.
storing() {
  [ $(($(date +%s) - last)) -lt 60 ] || return 1
  for other in $others; do
    if [ "$other" != $PPID ] && grep -qsx lmtp "/proc/$other/comm"; then return 0; fi
  done
  return 1
}
for second in 1 2 3 4 5 6 7 8 9 10; do
  if storing; then wait=1; else wait=; fi
  if stored; then exit 0; fi
  if [ -z "$wait" ]; then exit 1; fi
  sleep 1
done
exit 1
`;

export const programs = (version: string) => ({
  'came-before': cameBefore,
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
