import {
  lstatSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { missing } from '../../../test/kit/requires.ts';
import { readLive, writeWhole } from './files.ts';
import { agentState } from './state.ts';

const reason = missing({ root: true });
const folder = mkdtempSync(join(tmpdir(), 'signpost-state-'));
afterAll(() => rmSync(folder, { recursive: true }));

it.skipIf(reason)(`replaces a link, not what it leads to, and puts it back ${reason ?? ''}`, () => {
  const [target, link] = [join(folder, 'target'), join(folder, 'link')];
  writeFileSync(target, 'of somebody else');
  symlinkSync('target', link);
  expect(readLive(link)).toMatchObject({ link: 'target', content: Buffer.from('target') });
  const state = agentState(join(folder, 'state'));
  state.beginSwap('unbound', [link]);
  writeWhole(link, { content: Buffer.from('ours'), mode: 0o644, uid: 0, gid: 0 });
  expect(lstatSync(link).isFile()).toBe(true);
  expect(readFileSync(target, 'utf8')).toBe('of somebody else');
  expect(state.undoSwap('unbound')).toBe(true);
  expect(readlinkSync(link)).toBe('target');
});
