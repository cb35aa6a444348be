import type { WebSite } from '../model.ts';
import type { WebRule } from '../../web/store.ts';

/**
 * A server for a domain whose site is not a folder alone; an exact name goes before the patterns of the others.
 * @param files what serves its folder
 */
export function siteServer({ domain, hsts, rules }: WebSite, listen: string, files: string): string {
  const { seconds, subdomains } = hsts ?? { seconds: 0, subdomains: false };
  const header = `add_header Strict-Transport-Security "max-age=${seconds}${subdomains ? '; includeSubDomains' : ''}" always;`;
  const isWhole = rules.some(({ path }) => path === '/');
  return `  server {
    listen ${listen};
    server_name ${domain};
${hsts ? `    ${header}\n` : ''}${rules.map(locations).join('')}${isWhole ? '' : files}  }
`;
}

/** Of the path itself, and of what is below it. */
function locations(rule: WebRule): string {
  const places = rule.path === '/' ? ['/'] : [`= ${rule.path}`, `^~ ${rule.path}/`];
  return places.map((place) => `    location ${place} {\n${directives(rule)}    }\n`).join('');
}

function directives({ kind, to }: WebRule): string {
  if (kind === 'proxy')
    return `      proxy_pass ${to};
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto https;
`;
  // An origin alone: what is asked for goes on behind it.
  const isOrigin = !/^https?:\/\/.*\//.test(to);
  return `      return ${kind === 'redirect' ? 302 : 301} "${to}${isOrigin ? '$request_uri' : ''}";\n`;
}
