export const etc = '/etc/dovecot';
/** Debian has this user from the start; it owns nothing else that is worth a theft. */
export const owner = 'mail';
/** Where mail lies: `DOMAIN/LOCAL`. */
export const mailFolder = '/var/vmail';
/** Postfix's, in which the sockets for it are. */
export const queue = '/var/spool/postfix';
/** Where Dovecot reads those of them that it understands; it compiles them when they are put there. */
export const inPlace = { before: `${etc}/signpost/sieve-before.d`, after: `${etc}/signpost/sieve-after.d` };
/** Scripts of a person's own for all mailboxes. */
export const additions = { before: '/etc/signpost/sieve-before.d', after: '/etc/signpost/sieve-after.d' };
