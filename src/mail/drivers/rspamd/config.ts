import { header } from '../file.ts';
import type { DkimSigner, MailModel } from '../model.ts';
import { MILTER } from '../postfix/main-cf.ts';
import { REDIS } from '../redis/redis.ts';

export const keyFolder = '/etc/rspamd/signpost-dkim';
export const keyFile = ({ domain, selector }: DkimSigner): string => `${keyFolder}/${domain}.${selector}.key`;

/** What goes into `local.d`, by file name. `override.d` stays the person's: it wins over everything here. */
export function localFiles(model: MailModel): Record<string, string> {
  const { settings } = model;
  const files: Record<string, string> = {
    // Where no resolver answers, a message waits for two seconds, not for ten.
    'options.inc': `dns {
  timeout = 1s;
  retransmits = 2;
}
task_timeout = 12s;
`,
    'worker-proxy.inc': `bind_socket = "${MILTER.host}:${MILTER.port}";
milter = yes;
timeout = 60s;
max_retries = 2;
upstream "local" {
  default = yes;
  self_scan = yes;
}
`,
    // The proxy scans by itself.
    'worker-normal.inc': 'enabled = false;\n',
    'worker-controller.inc': 'bind_socket = "127.0.0.1:11334";\n',
    'actions.conf': `reject = 15;
add_header = 6;
${settings.greylisting ? 'greylist = 4;' : 'greylist = null;'}
`,
    // Rspamd's milter itself adds `X-Spam: Yes`, which Dovecot's sieve script looks for.
    'milter_headers.conf': `use = ["authentication-results", "x-spamd-bar"];
skip_authenticated = true;
routines {
  authentication-results {
    header = "Authentication-Results";
    remove = 0;
    add_smtp_user = false;
  }
}
`,
    'redis.conf': `servers = "${REDIS.host}:${REDIS.port}";
password = "${settings.redisPassword}";
`,
    'classifier-bayes.conf': `backend = "redis";
autolearn = true;
min_learns = 50;
`,
    'greylist.conf': `enabled = ${settings.greylisting};
expire = 1d;
timeout = 3min;
`,
    'dmarc.conf': `actions {
  quarantine = "add_header";
  reject = "reject";
}
`,
    'dkim_signing.conf': signing(model),
    'arc.conf': `sign_authenticated = false;
sign_local = false;
sign_inbound = false;
`,
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name, header(`override.d/${name}, which wins`) + text]),
  );
}

/** Both algorithms sign each message (RFC 8463 §3): receivers take the one that they know. */
function signing({ dkim }: MailModel): string {
  const byDomain = Map.groupBy(dkim, ({ domain }) => domain);
  const domains = [...byDomain].map(
    ([domain, keys]) =>
      `  "${domain}" {\n    selectors [\n${keys.map((key) => `      { selector = "${key.selector}"; path = "${keyFile(key)}"; }`).join(',\n')}\n    ]\n  }\n`,
  );
  return `allow_envfrom_empty = true;
allow_hdrfrom_mismatch = true;
allow_hdrfrom_mismatch_sign_networks = true;
allow_username_mismatch = true;
sign_authenticated = true;
sign_local = true;
sign_inbound = false;
use_domain = "header";
use_esld = false;
try_fallback = false;
check_pubkey = false;
domain {
${domains.join('')}}
`;
}
