import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate made by `openssl`, with its key; PEM. */
export interface Issued {
  certificate: string;
  key: string;
}

export interface IssueOptions {
  /** Undefined: it signs itself. */
  issuer?: Issued;
  /** Common name. */
  subject?: string;
  names?: string[];
  ca?: boolean;
  /** Of a CA: how many CAs may stand below it before the server. */
  pathLength?: number;
  /** Arguments of `openssl genpkey`. */
  key?: string[];
  /** Lines of the extension section, besides the names and the basic constraints. */
  extensions?: string[];
  digest?: string;
  serial?: string;
  days?: number;
}

/** Makes keys and certificates with the real `openssl`, in a folder that `remove` takes away. */
export interface Openssl {
  run(...args: string[]): string;
  /** Writes `text` into the folder and returns its path. */
  file(text: string): string;
  issue(options: IssueOptions): Issued;
  remove(): void;
}

const ecKey = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];

export function openssl(): Openssl {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-openssl-'));
  let count = 0;
  const run = (...args: string[]): string =>
    execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const file = (text: string): string => {
    const path = join(folder, `${++count}.pem`);
    writeFileSync(path, text);
    return path;
  };

  function issue(options: IssueOptions): Issued {
    const {
      issuer,
      subject,
      names = [],
      ca = false,
      pathLength,
      extensions = [],
      digest = 'sha256',
    } = options;
    const key = run('genpkey', ...(options.key ?? ecKey));
    const request = file('');
    run(
      'req',
      '-new',
      '-key',
      file(key),
      '-subj',
      subject === undefined ? '/' : `/CN=${subject}`,
      '-out',
      request,
    );
    const section = [
      `basicConstraints=critical,CA:${ca ? 'TRUE' : 'FALSE'}${pathLength === undefined ? '' : `,pathlen:${pathLength}`}`,
      ...(names.length > 0 ? [`subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`] : []),
      ...extensions,
    ];
    const signer = issuer
      ? ['-CA', file(issuer.certificate), '-CAkey', file(issuer.key)]
      : ['-signkey', file(key)];
    const result = file('');
    const settings = [
      '-days',
      String(options.days ?? 90),
      `-${digest}`,
      '-extfile',
      file(section.join('\n')),
    ];
    const serial = ['-set_serial', options.serial ?? String(1000 + count)];
    run('x509', '-req', '-in', request, ...signer, ...settings, ...serial, '-out', result);
    return { certificate: readFileSync(result, 'utf8'), key };
  }

  return { run, file, issue, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
