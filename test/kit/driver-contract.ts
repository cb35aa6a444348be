import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Driver, Machine, RenderedFile, RenderTarget } from '../../src/mail/drivers/driver.ts';
import type { DebianBase } from './debian-root.ts';
import { createMailMachine, type MailMachine } from './mail-machine.ts';
import { installDirectory } from './mail-directory.ts';
import { mailModel, web } from './mail-model.ts';

/** What a driver must keep, with its real daemon, and what is special about testing it. */
export interface ContractCase {
  driver: Driver;
  /** In place of this machine. */
  base?: DebianBase;
  /** Makes a file invalid so that the daemon's own checker objects: its path, and what is put at its end. */
  spoil: { path: string; text: string; complaint: RegExp };
}

/** Minutes, in milliseconds, that a machine may take under load. */
const TIMEOUT = 180_000;

/** The one contract test: `describeDriver({ driver, … })` for each driver. Needs root. */
export function describeDriver({ driver, base, spoil }: ContractCase): void {
  describe(base === undefined ? driver.name : `${driver.name} in ${base}`, { timeout: TIMEOUT }, () => {
    let box: MailMachine;
    let machine: Machine;
    let target: RenderTarget;
    const model = mailModel('box.example.net', { web });
    const render = (): RenderedFile[] => driver.render(model, target);

    beforeAll(async () => {
      box = await createMailMachine('box.example.net', base);
      installDirectory(box, [{ address: 'alice@example.com', password: 'a' }], []);
      machine = {
        run: (command, args) => Promise.resolve(box.ask(command, args)),
        greeting: () => Promise.resolve(undefined),
      };
      const detected = await driver.detect(machine);
      expect(detected.kind).toBe('installed');
      target = { version: (detected as { version: string }).version, systemd: false, additions: new Map() };
    }, TIMEOUT);
    afterAll(() => box.close());

    function stage(change: (file: RenderedFile) => string | undefined = ({ content }) => content): string {
      const root = '/var/lib/staged';
      box.run('rm', '-rf', root);
      for (const file of render()) {
        const content = change(file);
        if (content === undefined) box.run('mkdir', '-p', root + file.path);
        else box.write(root + file.path, content);
      }
      return root;
    }

    it('is not found where its program is not', async () => {
      const nothing: Machine = {
        run: () => Promise.resolve({ status: 127, output: '' }),
        greeting: () => Promise.resolve(undefined),
      };
      expect(await driver.detect(nothing)).toEqual({ kind: 'missing' });
    });

    it('refuses a version that it does not know, with a sentence', async () => {
      const future: Machine = {
        ...machine,
        async run(command, args) {
          const ran = await machine.run(command, args);
          return {
            ...ran,
            output: ran.output.replace(/[\d.]+/.exec(target.version)![0], (version) => `99${version}`),
          };
        },
      };
      expect(await driver.detect(future)).toMatchObject({
        kind: 'unsupported',
        reason: expect.stringMatching(/\.$/) as string,
      });
    });

    it('renders the same files from the same model, each once, with absolute paths', () => {
      const files = render();
      expect(render()).toEqual(files);
      const paths = files.map(({ path }) => path);
      expect(new Set(paths).size).toBe(paths.length);
      for (const path of paths) expect(path).toMatch(/^\/(etc|var)\/[\w./@-]+$/);
    });

    it('keeps secrets from all but the daemon, and from what is shown', () => {
      const secrets = [model.certificate.key, model.settings.redisPassword, web.sessionKey];
      for (const { path, content, mode, secret } of render()) {
        const holds = secrets.some((text) => content?.includes(text)) || path.endsWith('.key');
        if (holds) expect([path, secret, mode & 0o007]).toEqual([path, true, 0]);
      }
    });

    it('has its users and groups on a machine with its packages', () => {
      for (const { owner, group } of render()) {
        box.run('getent', 'passwd', owner);
        box.run('getent', 'group', group);
      }
    });

    it('has its daemon’s checker accept what it renders, before anything is in place', async () => {
      const before = box.run('sh', '-c', 'cat /etc/postfix/main.cf /etc/dovecot/dovecot.conf | sha256sum');
      expect(await driver.check(stage(), machine)).toBeUndefined();
      expect(box.run('sh', '-c', 'cat /etc/postfix/main.cf /etc/dovecot/dovecot.conf | sha256sum')).toBe(
        before,
      );
      // The devices are the machine's own: some programs rename what they make over the file that they are told to write.
      expect(box.run('stat', '-c', '%F', '/dev/null').trim()).toBe('character special file');
    });

    it('has the checker find what is wrong, and says it', async () => {
      const root = stage(({ path, content }) => (path === spoil.path ? content! + spoil.text : content));
      expect(await driver.check(root, machine)).toMatch(spoil.complaint);
    });

    it('says what is wrong with a daemon that does not answer', async () => {
      expect(await driver.health(machine)).toMatch(/does not answer.*\.$/);
    });
  });
}
