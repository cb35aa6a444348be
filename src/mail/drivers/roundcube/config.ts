import { uploadMebibytes } from '../nginx/config.ts';
import type { MailModel, WebModel } from '../model.ts';

/** Beside Debian's own configuration, which stays as it is: it is read first, and this one wins. */
export const etc = '/etc/roundcube/signpost';
/** Contacts, settings and sessions: a database of our own, whatever Debian's installation was answered. */
export const data = '/var/lib/signpost-roundcube';
export const LOG_FOLDER = '/var/log/roundcube/';

/** Owns Roundcube's logs and temporary files in Debian. */
export const user = 'www-data';
/** Read after everything else. */
export const local = '/etc/roundcube/signpost-local.php';

/** What the directory of an installation means to Roundcube. */
export const environment = { RCUBE_CONFIG_PATH: '/etc/roundcube', ROUNDCUBE_CONFIG_DIR: etc };

/** A string of PHP. */
const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

/** config.inc.php for 1.6. */
export function configPhp({ hostname, settings }: MailModel, web: WebModel, version: string): string {
  return `<?php
// Written by Signpost; a change made here is noticed, and never replaced unasked.
// Additions of your own: ${local}, which is read last. For Roundcube ${version}.

$config['db_dsnw'] = 'sqlite:///${data}/roundcube.sqlite?mode=0600';
$config['des_key'] = ${quoted(web.sessionKey)};
$config['cipher_method'] = 'AES-256-CBC';

// The servers are on this machine, and show the certificate of the box. One that it signed itself is known by the copy here.
$tls = ['ssl' => [
    'verify_peer' => true,
    'verify_peer_name' => true,
    'peer_name' => ${quoted(hostname)},
    'cafile' => '${etc}/chain.pem',
    'capath' => '/etc/ssl/certs',
]];
$config['imap_host'] = 'ssl://127.0.0.1:993';
$config['imap_conn_options'] = $tls;
$config['smtp_host'] = 'ssl://127.0.0.1:465';
$config['smtp_user'] = '%u';
$config['smtp_pass'] = '%p';
$config['smtp_conn_options'] = $tls;
$config['smtp_helo_host'] = ${quoted(hostname)};
$config['managesieve_host'] = 'tls://127.0.0.1:4190';
$config['managesieve_conn_options'] = $tls;
$config['managesieve_vacation'] = 1;
$config['managesieve_script_name'] = 'roundcube';

$config['plugins'] = ['archive', 'jqueryui', 'managesieve', 'markasjunk', 'password', 'zipdownload'];

// Passwords are changed by the API of the box, which asks for the old one, takes JSON, and says why it refuses.
$config['password_driver'] = 'httpapi';
$config['password_httpapi_url'] = ${quoted(`${web.api}/api/v1/password`)};
$config['password_httpapi_method'] = 'POST';
$config['password_httpapi_var_user'] = 'address';
$config['password_httpapi_var_curpass'] = 'password';
$config['password_httpapi_var_newpass'] = 'newPassword';
$config['password_httpapi_expect'] = null;
$config['password_confirm_current'] = true;
$config['password_minimum_length'] = 10;
$config['password_http_client'] = ['http_errors' => false, 'proxy' => '', 'handler' => function ($request, $options) {
    parse_str((string) $request->getBody(), $form);
    $body = GuzzleHttp\\Psr7\\Utils::streamFor(json_encode($form));
    $json = $request->withoutHeader('Content-Length')->withHeader('Content-Type', 'application/json')->withBody($body);
    return GuzzleHttp\\HandlerStack::create()($json, $options)->then(function ($answer) {
        $problem = json_decode((string) $answer->getBody());
        if ($answer->getStatusCode() >= 400 && isset($problem->detail))
            rcmail::get_instance()->output->command('display_message', $problem->detail, 'error');
        $answer->getBody()->rewind();
        return $answer;
    });
}];

// As the mail servers make them.
$config['drafts_mbox'] = 'Drafts';
$config['sent_mbox'] = 'Sent';
$config['junk_mbox'] = 'Junk';
$config['trash_mbox'] = 'Trash';
$config['archive_mbox'] = 'Archive';
$config['quota_zero_as_unlimited'] = true;
$config['max_message_size'] = '${uploadMebibytes(settings.messageSizeLimit) - 1}M';
// Whoever signs in has a whole address: their mail program would send as nothing else.
$config['username_domain'] = '';
$config['login_lc'] = 2;
$config['identities_level'] = 0;

$config['product_name'] = ${quoted(hostname)};
$config['enable_installer'] = false;
$config['use_https'] = true;
$config['request_path'] = '/mail/';
$config['session_lifetime'] = 60;
$config['session_samesite'] = 'Lax';
$config['login_rate_limit'] = 5;
$config['log_driver'] = 'file';
$config['log_dir'] = '${LOG_FOLDER}';
$config['log_logins'] = true;
$config['temp_dir'] = '/var/lib/roundcube/temp/';

if (is_readable('${local}')) include '${local}';
`;
}

/** A pool of PHP's process manager for Roundcube alone; nobody uses it, and nothing of it runs. */
export function poolConf({ settings }: MailModel, socket: string): string {
  const mebibytes = uploadMebibytes(settings.messageSizeLimit);
  const set = Object.entries(environment).map(([name, value]) => `env[${name}] = ${value}`);
  return `; Written by Signpost; a change made here is noticed, and never replaced unasked.
[signpost-roundcube]
user = ${user}
group = ${user}
listen = ${socket}
listen.owner = ${user}
listen.group = ${user}
listen.mode = 0600
pm = ondemand
pm.max_children = 16
pm.process_idle_timeout = 60s
pm.max_requests = 500
ping.path = /ping
ping.response = pong
${set.join('\n')}
php_admin_flag[expose_php] = off
php_admin_flag[display_errors] = off
php_admin_flag[log_errors] = on
php_admin_value[error_log] = ${LOG_FOLDER}php.log
php_admin_value[memory_limit] = ${mebibytes + 128}M
php_admin_value[upload_max_filesize] = ${mebibytes}M
php_admin_value[post_max_size] = ${mebibytes}M
php_admin_value[session.gc_probability] = 1
php_admin_value[session.gc_divisor] = 1000
`;
}
