import type { Command } from 'commander';
import { inCommands } from '../api-words.ts';
import { contextOf } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { shownWithALabels } from '../names.ts';
import { fields } from '../table.ts';
import { withRelative } from '../times.ts';
import { type FormerHostname, formerText } from './box.ts';

interface Health {
  ready: boolean;
  problems: string[];
  zones: number;
  dns: string[];
  version: string;
  startedAt: string;
  certificateFingerprint: string;
}

interface Box {
  hostname: string | null;
  ipv4: string[];
  ipv6: string[];
  formerHostnames: FormerHostname[];
}

/** `signpost status` */
export function addStatus(program: Command): void {
  program
    .command('status')
    .description('say whether the box is ready, and what it serves; exit code 1 when it is not ready')
    .addHelpText('after', '\nExample:\n  signpost status --json')
    .action(async (_options: unknown, command: Command) => {
      const { client, show } = contextOf(command);
      const health = (await client({ method: 'GET', path: '/health' })) as Health;
      const box = (await client({ method: 'GET', path: '/box' })) as Box;
      show({ ...health, box }, () =>
        fields([
          ['ready', health.ready ? 'yes' : 'no'],
          ['problems', health.problems.length > 0 ? health.problems.map(inCommands) : undefined],
          [
            'hostname',
            box.hostname
              ? shownWithALabels(box.hostname)
              : 'not set: signpost box set --hostname box.example.com --ipv4 192.0.2.1',
          ],
          ['addresses', [...box.ipv4, ...box.ipv6]],
          ['answers still', box.formerHostnames.length > 0 ? box.formerHostnames.map(formerText) : undefined],
          ['zones', health.zones],
          ['dns', health.dns],
          ['version', health.version],
          ['started', withRelative(health.startedAt)],
          ['fingerprint', `${health.certificateFingerprint} (SHA-256 of the HTTPS certificate)`],
        ]),
      );
      if (!health.ready) process.exitCode = exitCodes.refused;
    });
}
