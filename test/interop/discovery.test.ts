import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { discoveryDocuments } from '../kit/discovery-documents.ts';
import { missing } from '../kit/requires.ts';

const schemas = join(import.meta.dirname, '../vectors/discovery');
const reason = missing({ commands: ['xmllint'] });

/** What xmllint has against the document; empty when nothing. */
function complaints(text: string, schema: string): string {
  const path = join(schemas, schema);
  const kind = schema.endsWith('.dtd') ? '--dtdvalid' : '--relaxng';
  const result = spawnSync('xmllint', ['--nonet', '--noout', kind, path, '-'], {
    input: text,
    encoding: 'utf8',
  });
  return result.status === 0 ? '' : result.stderr;
}

describe.skipIf(reason)(`discovery documents are valid (xmllint)${reason ? `: ${reason}` : ''}`, () => {
  const documents = Object.entries(discoveryDocuments).filter(([, { schema }]) => schema !== undefined);

  test.each(documents)('%s', (_, { text, schema }) => {
    expect(complaints(text, schema!)).toBe('');
  });

  test.each(documents)('%s would not be with an element that is unknown', (_, { text, schema }) => {
    const wrong = text.replace(/<(Port|port|integer|ErrorCode)>(\d+)<\/\1>/, '<unknown>$2</unknown>');
    expect(wrong).not.toBe(text);
    expect(complaints(wrong, schema!)).toContain('unknown');
  });
});
