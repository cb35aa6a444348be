import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest, by what its path begins with: minutes each, most of them spent waiting for daemons. */
const longest = [
  'test/box/crash.test.ts',
  'test/box/internet.test.ts',
  'test/mail/mailbox.test.ts',
  'test/mail/agent.test.ts',
  'test/mail/',
  'test/box/package.test.ts',
  'test/box/start-errors.test.ts',
  'test/interop/acme',
  'test/panel/',
  'test/box/',
  'test/interop/compose.test.ts',
  'test/zones/purge-kill.test.ts',
  'test/certs/',
  'test/cli/',
];

/** Starts the longest files first, so that none is left to run alone at the end. A fresh clone has no durations to go by. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const { root } = this.ctx.config;
    const place = ({ moduleId }: TestSpecification): number => {
      const path = relative(root, moduleId);
      const found = longest.findIndex((start) => path.startsWith(start));
      return found === -1 ? longest.length : found;
    };
    const group = ({ project }: TestSpecification): number => project.config.sequence.groupOrder;
    return sorted.sort((a, b) => group(a) - group(b) || place(a) - place(b));
  }
}
