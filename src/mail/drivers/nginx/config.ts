import { header } from '../file.ts';
import type { MailModel } from '../model.ts';
import { siteServer } from './sites.ts';

/** Where nginx takes what Signpost hands on. It speaks no TLS: Signpost has done that (docs/decisions/web.md). */
export const WEB = { host: '127.0.0.1', port: 8090 };

/** Answered without any file: whether it is our nginx that listens. */
export const HEALTH = '/.signpost';

/** What went wrong; who asked for what is in another file. */
export const ERROR_LOG = '/var/log/nginx/error.log';

/** What a domain shows that has no folder. */
export const nothingYet = '/var/lib/signpost-web';
/** `DOMAIN` below it is the site of the domain. */
export const sites = '/var/www';
export const addition = '/etc/signpost/nginx.conf';
/** PHP of Roundcube listens there. */
export const roundcubeSocket = '/run/php/signpost-roundcube.sock';

/** What of Roundcube's folder is served as it is: pictures, styles and scripts, and no PHP. */
const assets =
  '^/mail/((?:program/(?:js|resources)|plugins|skins)/.+\\.(?:css|js|mjs|json|gif|png|jpe?g|svg|ico|webp|woff2?|ttf|eot|otf|mp3|wav|html))$';

/** The same for any number of domains but for those that are more than the name of a folder. */
export function nginxConf({ hostname, settings, web }: MailModel, additions: string): string {
  const listen = `${WEB.host}:${WEB.port}`;
  const own = (web?.sites ?? []).map((site) => `${siteServer(site, listen, files(site.domain))}\n`).join('');
  // Names have 253 octets at most; nginx warns of a table that is small for them.
  const names =
    own === '' ? '' : '  server_names_hash_max_size 4096;\n  server_names_hash_bucket_size 512;\n';
  return `${header(`${addition}, which is put at the end of http; an exact server_name of yours goes before all of these`)}
user www-data;
worker_processes auto;
pid /run/nginx.pid;
error_log ${ERROR_LOG};
include /etc/nginx/modules-enabled/*.conf;

events {
  worker_connections 2048;
}

http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  access_log /var/log/nginx/access.log;
  server_tokens off;
  sendfile on;
  tcp_nopush on;
  # Longer than Signpost keeps a connection, so that none ends under a request.
  keepalive_timeout 300s;
  keepalive_requests 100000;
  gzip on;
  gzip_vary on;
  gzip_proxied any;
  gzip_types text/css text/plain application/javascript application/json application/xml image/svg+xml;
  client_max_body_size ${uploadMebibytes(settings.messageSizeLimit)}m;
  # Whoever asks came by Signpost: a port in an answer would be the wrong one.
  absolute_redirect off;
  set_real_ip_from ${WEB.host};
  real_ip_header X-Forwarded-For;

  # Everything by HTTPS.
  server {
    listen 80 default_server;
    listen [::]:80 default_server;
    return 400;
  }
  server {
    listen 80;
    listen [::]:80;
    server_name ~^[a-z0-9._-]+$;
    return 301 https://$host$request_uri;
  }

  # The box itself: webmail.
  server {
    listen ${listen} default_server;
    server_name ${hostname};
    location / {
      return 404;
    }
    location = ${HEALTH} {
      access_log off;
      return 204;
    }
    location = /mail {
      return 301 /mail/;
    }
    location ~ ^/mail/(?:index\\.php)?$ {
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME /var/lib/roundcube/public_html/index.php;
      fastcgi_param SCRIPT_NAME /mail/index.php;
      fastcgi_param HTTPS on;
      fastcgi_param SERVER_PORT 443;
      # No Proxy header becomes PHP's HTTP_PROXY.
      fastcgi_param HTTP_PROXY "";
      fastcgi_read_timeout 120s;
      fastcgi_pass unix:${roundcubeSocket};
    }
    location ~ ${assets} {
      alias /var/lib/roundcube/public_html/$1;
      expires 1d;
    }
  }

${names}${own}  # Sites: those of domains that Signpost serves the web for, as it asks for no others.
  server {
    listen ${listen};
    server_name ~^www\\.(?<domain>[a-z0-9_-]+(?:\\.[a-z0-9_-]+)+)$;
    return 301 https://$domain$request_uri;
  }
  server {
    listen ${listen};
    server_name ~^(?<domain>[a-z0-9_-]+(?:\\.[a-z0-9_-]+)+)$;
${files('$domain')}  }
${additions}}
`;
}

/** The site of a domain, or of none in particular, or what says that there is none yet. */
const files = (domain: string): string => `    set $folder ${nothingYet};
    if (-d ${sites}/default) {
      set $folder ${sites}/default;
    }
    if (-d ${sites}/${domain}) {
      set $folder ${sites}/${domain};
    }
    root $folder;
    index index.html;
    location / {
      try_files $uri $uri/ =404;
    }
    location ~ /\\.(?!well-known/) {
      return 404;
    }
`;

/** A message of the greatest size comes as a form: what is attached is in base64 only when it leaves. */
export const uploadMebibytes = (messageSizeLimit: number): number =>
  Math.ceil(messageSizeLimit / (1024 * 1024)) + 1;

export const nothingYetPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Nothing here yet</title>
<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1.25rem}</style>
<h1>Nothing here yet</h1>
<p>This domain has no web site so far.</p>
</html>
`;
