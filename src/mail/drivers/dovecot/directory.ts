import { header } from '../file.ts';

const connect = (directory: string): string =>
  `${header('none; the directory is what decides')}driver = sqlite\nconnect = ${directory}\n`;

/** Passwords of persons, and where their mail lies. */
export const directoryConf = (directory: string): string => `${connect(directory)}
password_query = SELECT address AS user, password FROM mailbox \\
  WHERE address = '%Lu' AND enabled = 1 AND password IS NOT NULL
user_query = SELECT '*:bytes=' || quota AS quota_rule FROM mailbox WHERE address = '%Lu'
iterate_query = SELECT address AS user FROM mailbox
`;

/** Passwords of devices: they are random, so a plain digest tells nobody anything (docs/decisions/mail-directory.md). */
export const appPasswordConf = (directory: string): string => `${connect(directory)}
password_query = SELECT mailbox.address AS user, NULL AS password, 'Y' AS nopassword \\
  FROM app_password JOIN mailbox ON mailbox.address = app_password.address \\
  WHERE app_password.address = '%Lu' AND app_password.digest = '%{sha256:password}' AND mailbox.enabled = 1
`;
