import type { RenderedFile } from './driver.ts';

/** Everybody may read it. */
export const publicFile = (path: string, content: string): RenderedFile => {
  return { path, owner: 'root', group: 'root', mode: 0o644, content };
};

/** Only root, which hands it to the daemon. */
export const rootFile = (path: string, content: string): RenderedFile => {
  return { path, owner: 'root', group: 'root', mode: 0o600, content, secret: true };
};

/** Only root and the daemon's group. */
export const groupFile = (path: string, group: string, content: string): RenderedFile => {
  return { path, owner: 'root', group, mode: 0o640, content };
};

export const folder = (path: string, mode: number, owner = 'root', group = owner): RenderedFile => {
  return { path, owner, group, mode, content: undefined };
};

/** The first lines of a file, as comments. */
export const header = (local: string): string =>
  [
    '# Written by Signpost; a change made here is noticed, and never replaced unasked.',
    `# Additions of your own: ${local}.`,
    '',
  ].join('\n');
