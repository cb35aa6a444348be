import { createHash, createHmac } from 'node:crypto';

/** Where Rspamd keeps what passed: a list, the newest first. */
export const HISTORY = { key: 'signpost-history', rows: 2000, user: 'history' };

/** Of the user that may read the history and nothing else; made of the password that Rspamd has. */
export const historyPassword = (redisPassword: string): string =>
  createHmac('sha256', redisPassword).update('history').digest('hex');

/** That user (Redis ACL). */
export const historyUser = (redisPassword: string): string => {
  const digest = createHash('sha256').update(historyPassword(redisPassword)).digest('hex');
  return `user ${HISTORY.user} on #${digest} ~${HISTORY.key}* -@all +lrange`;
};
