export const etc = '/etc/dovecot';
/** Debian has this user from the start; it owns nothing else that is worth a theft. */
export const owner = 'mail';
/** Where mail lies: `DOMAIN/LOCAL`. */
export const mailFolder = '/var/vmail';
/** Postfix's, in which the sockets for it are. */
export const queue = '/var/spool/postfix';
