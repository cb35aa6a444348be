import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../src/core/log.ts';
import { serveAgent } from '../../src/mail/agent/server.ts';
import type { MailboxUsage } from '../../src/mail/agent/usage.ts';

/** Nobody accepted a plan: nothing is applied. */
const postfix = { name: 'postfix', detected: { kind: 'missing' }, managed: false, running: false } as const;

/**
 * The agent of a machine on which Dovecot alone is asked: it says what some mailboxes hold, and has no other servers. What Dovecot itself says is
 * in test/mail.
 */
export async function startUsageAgent(
  held: readonly MailboxUsage[],
): Promise<{ path: string; stop(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-usage-agent-'));
  const path = join(folder, 'agent.sock');
  const server = await serveAgent({
    agent: {
      start: () => Promise.resolve(),
      close: () => Promise.resolve(),
      answer(request) {
        if (request.do === 'status') return Promise.resolve({ ok: true, status: [postfix] });
        return Promise.resolve(
          request.do === 'usage'
            ? { ok: true, usage: held.filter(({ address }) => request.addresses.includes(address)) }
            : { ok: false, problem: 'There are no other mail servers here.' },
        );
      },
    },
    path,
    peerOf: () => ({ pid: 1, uid: 0 }),
    allowed: () => true,
    log: createLog({ level: 'silent' }),
  });
  return {
    path,
    stop() {
      server.close();
      rmSync(folder, { recursive: true });
    },
  };
}
