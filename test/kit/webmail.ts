import type { MailMachine } from './mail-machine.ts';

/** A person at Roundcube: a browser as far as it needs one, without its scripts. */
export interface Webmail {
  /** A page, or what it says to a request. @returns status and text, after redirects */
  get(query: string): { status: number; text: string };
  post(query: string, form: Record<string, string>): { status: number; text: string };
  /** Whether it let the person in. */
  signIn(address: string, password: string): boolean;
  /** Writes a message and sends it. @returns what Roundcube says */
  send(to: string, subject: string, text: string): string;
  /** @returns what Roundcube says */
  changePassword(current: string, next: string): string;
}

/** Asks over HTTPS by name, with the certificate checked against `ca`, a path on the machine. */
export function webmailAt(
  machine: Pick<MailMachine, 'ask'>,
  { host, ca, name }: { host: string; ca: string; name: string },
): Webmail {
  const jar = `/tmp/webmail-${name}.cookies`;
  const curl = (args: string[], input?: string): { status: number; text: string } => {
    const always = ['-sS', '--max-time', '60', '--location', '--cacert', ca, '-b', jar, '-c', jar];
    const resolve = ['--resolve', `${host}:443:127.0.0.1`, '-w', '\n%{http_code}'];
    const { output } = machine.ask('curl', [...always, ...resolve, ...args], input);
    const end = output.lastIndexOf('\n');
    return { status: Number(output.slice(end + 1)), text: output.slice(0, end) };
  };
  const url = (query: string): string => `https://${host}/mail/${query}`;
  const get: Webmail['get'] = (query) => curl([url(query)]);
  const post: Webmail['post'] = (query, form) =>
    curl(['--data-binary', '@-', url(query)], new URLSearchParams(form).toString());
  /** Against forged requests; the page's scripts have it in every page. */
  const tokenIn = ({ text }: { text: string }): string =>
    /name="_token" value="([^"]+)"/.exec(text)?.[1] ?? /"request_token":"([^"]+)"/.exec(text)?.[1] ?? '';

  return {
    get,
    post,
    signIn(address, password) {
      const _token = tokenIn(get('?_task=login'));
      const form = { _token, _task: 'login', _action: 'login', _timezone: 'UTC', _url: '' };
      const answer = post('?_task=login', { ...form, _user: address, _pass: password });
      return answer.status === 200 && answer.text.includes('"task":"mail"');
    },
    send(to, subject, text) {
      const page = get('?_task=mail&_action=compose');
      const value = (field: string): string =>
        new RegExp(`name="${field}"[^>]* value="([^"]*)"`).exec(page.text)?.[1] ?? '';
      const _from =
        /<option value="(\d+)"/.exec(
          /<select[^>]*name="_from"[\s\S]*?<\/select>/.exec(page.text)?.[0] ?? '',
        )?.[1] ?? '';
      const form = { _token: tokenIn(page), _task: 'mail', _action: 'send', _id: value('_id'), _from };
      return post('?_task=mail&_action=send', {
        ...form,
        ...{ _to: to, _subject: subject, _message: text, _is_html: '0', _store_target: 'Sent' },
      }).text;
    },
    changePassword(current, next) {
      const page = get('?_task=settings&_action=plugin.password');
      return post('?_task=settings&_action=plugin.password-save', {
        ...{ _token: tokenIn(page), _curpasswd: current, _newpasswd: next, _confpasswd: next },
      }).text;
    },
  };
}
