import { header } from '../file.ts';
import type { MailModel } from '../model.ts';
import { MILTER } from '../postfix/main-cf.ts';
import { HISTORY } from '../redis/history.ts';
import { REDIS } from '../redis/redis.ts';
import { RESOLVER } from '../unbound/config.ts';

/** Keys, by domain. Beside Rspamd's own folder, in which it may write. */
export const keyFolder = '/var/lib/signpost-dkim';

/** What goes into `local.d`, by file name. `override.d` stays the person's: it wins over everything here. */
export function localFiles(model: MailModel): Record<string, string> {
  const { settings } = model;
  const { scores } = settings;
  const files: Record<string, string> = {
    // Where no resolver answers, a message waits for two seconds, not for ten.
    'options.inc': `dns {
  nameserver = ["${RESOLVER.host}:${RESOLVER.port}"];
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
    'actions.conf': `reject = ${scores.reject};
add_header = ${scores.junk};
greylist = ${settings.greylisting ? greylistFrom(scores.junk) : 'null'};
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
    // Without what messages are about: who looks at the history need not know.
    'history_redis.conf': `key_prefix = "${HISTORY.key}";
nrows = ${HISTORY.rows};
compress = false;
subject_privacy = true;
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
    'dkim_signing.conf': signing,
    'arc.conf': sealing,
  };
  const lua: Record<string, string> = model.filters.length > 0 ? { 'rspamd.lua': domainFilters(model) } : {};
  return {
    ...Object.fromEntries(
      Object.entries(files).map(([name, text]) => [name, header(`override.d/${name}, which wins`) + text]),
    ),
    ...lua,
  };
}

/** A score that nothing has. */
const NEVER = 1_000_000;

/**
 * Scores of single domains, in Lua: Rspamd's own settings hold for a message as soon as one of its recipients is named there, and so
 * who writes to two domains would choose the scores of either. Here a message is as the box says unless all of its recipients are of one domain.
 */
function domainFilters({ filters, settings }: MailModel): string {
  const lines = filters.map(({ domain, scores = { junk: NEVER, reject: NEVER } }) => {
    const isGreylisted = settings.greylisting && scores.junk !== NEVER;
    const greylist = isGreylisted ? greylistFrom(scores.junk) : NEVER;
    return `  ['${domain}'] = { reject = ${scores.reject}, ['add header'] = ${scores.junk}, greylist = ${greylist} },`;
  });
  return `${header('/etc/rspamd/rspamd.local.lua').replaceAll('#', '--')}
local actions = {
${lines.join('\n')}
}
rspamd_config:register_symbol({
  name = 'SIGNPOST_DOMAIN',
  type = 'prefilter',
  priority = 10,
  callback = function(task)
    if task:get_user() then return end
    local domain
    for _, recipient in ipairs(task:get_recipients('smtp') or {}) do
      local other = (recipient.domain or ''):lower()
      if domain and domain ~= other then return end
      domain = other
    end
    if actions[domain or ''] then task:set_settings({ actions = actions[domain] }) end
  end,
})
`;
}

/** Mail that scores two thirds of what makes it spam is doubtful. */
const greylistFrom = (junk: number): number => Math.round((junk * 2 * 100) / 3) / 100;

/** Lua, at the beginning of a condition: the keys of a domain, of the files that match. Rspamd wants `return` first. */
const keysOf = `
  local function keys_of(domain, files)
    domain = (domain or ''):lower()
    if not domain:match('^[%w_][%w_.-]*$') then return false end
    local keys = {}
    for _, path in ipairs(require('rspamd_util').glob('${keyFolder}/' .. domain .. '/' .. files)) do
      local selector = path:match('/(%w+)%.key$')
      if selector then keys[#keys + 1] = { domain = domain, selector = selector, key = path } end
    end
    return keys[1] and keys or false
  end
  local function is_ours(task)
    local loopback = { ['127.0.0.1'] = true, ['::1'] = true }
    local ip = task:get_from_ip()
    return task:get_user() or (ip and loopback[tostring(ip)])
  end
  local function is_made_here(task)
    return task:get_user() or (is_ours(task) and not task:get_header('Received'))
  end
  local function is_refused(task)
    local refused = { reject = true, drop = true, ['soft reject'] = true }
    return task:has_pre_result() and refused[task:get_metric_action()]
  end
`;

/**
 * Signs what persons send and what is made on this machine, with all keys that are in the folder of the domain in `From:`. Looked up for each
 * message: a key that comes or goes needs no reload, and a hundred thousand domains cost no more than one. Both algorithms sign each message
 * (RFC 8463 §3): receivers take the one that they know.
 *
 * Of what persons send, only a \`From:\` of their own domains is signed: nobody on the box speaks for the domain of somebody else.
 *
 * What came from elsewhere and is handed in again (a filter that sends mail on) has a `Received:` header, and is not vouched for: a stranger may have
 * written its `From:`. Postfix does not show its own one to milters.
 */
const signCondition = `
return function(task)${keysOf}  -- Whose From it is: who signed in speaks for the domain of their sender, which Postfix has checked, and of their own address.
  local function speaks_for(task, domain)
    local user = task:get_user()
    if not user then return true end
    local sender = task:get_from('smtp')
    local domains = { [user:lower():match('@([^@]+)$') or ''] = true }
    if sender and sender[1] then domains[(sender[1].domain or ''):lower()] = true end
    domain = (domain or ''):lower()
    return domain ~= '' and domains[domain] or false
  end
  if not is_made_here(task) or is_refused(task) then return false end
  local from = task:get_from('mime')
  if not from or #from ~= 1 or not speaks_for(task, from[1].domain) then return false end
  return keys_of(from[1].domain, '*.key')
end
`;

/**
 * Seals what comes from elsewhere for the domain that it came for (ARC, RFC 8617): whoever gets it forwarded sees how it was here. At this
 * point nobody knows what will be forwarded. Of the algorithms ARC has RSA alone.
 */
const sealCondition = `
return function(task)${keysOf}  if is_ours(task) or is_refused(task) then return false end
  local recipients = task:get_recipients('smtp')
  if not recipients or not recipients[1] then return false end
  return keys_of(recipients[1].domain, 'rsa*.key')
end
`;

const withCondition = (condition: string): string => `check_pubkey = false;
sign_condition = <<SIGNPOST
${condition.trim()}
SIGNPOST
;
`;
const signing = withCondition(signCondition);
const sealing = withCondition(sealCondition);
