import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Type } from '../dns/type-codes.ts';
import { customType } from '../zones/custom/types.ts';
import { inCommands } from './api-words.ts';
import { nameIn, ownerIn } from './input.ts';
import { commonTypes, rareTypes, typeIn } from './types.ts';
import { days, seconds, ttlOrDefault } from './values.ts';

const root = join(import.meta.dirname, '..');

/** String literals of the sources that tell to make a call; what describes the API to programs is not meant. */
function sentencesWithCalls(): string[] {
  return globSync('**/*.ts', { cwd: root })
    .filter((path) => !/^(cli|api\/docs)\/|\.test\.ts$/.test(path))
    .flatMap((path) =>
      readFileSync(join(root, path), 'utf8')
        .split('\n')
        .filter((line) => /['`"].*\b(?:GET|PUT|POST|PATCH|DELETE) \/api\//.test(line))
        .filter((line) => !/curl|describe\(|description:|new Set\(/.test(line))
        // Nor are lists of calls.
        .filter((line) => !/^\s*(?:\.\.\.\[)?'[A-Z]+ \S+'[,\]]/.test(line))
        .map((line) => line.trim()),
    );
}

describe('sentences of the box', () => {
  it('tell calls that the command line has a word for', () => {
    const found = sentencesWithCalls();
    expect(found.length).toBeGreaterThan(5);
    for (const sentence of found)
      expect(inCommands(sentence.replace(/\$\{.*?\}/g, 'x')), sentence).not.toContain('/api/v1');
  });
});

describe('owners', () => {
  it.each([
    ['@', 'example.com'],
    ['www', 'www.example.com'],
    ['*', '*.example.com'],
    ['*.dev', '*.dev.example.com'],
    ['_acme-challenge.www', '_acme-challenge.www.example.com'],
    ['sel._domainkey', 'sel._domainkey.example.com'],
    ['www.Example.com', 'www.Example.com'],
    ['example.com', 'example.com'],
    ['www.example.com.', 'www.example.com.'],
    ['straße', 'straße.example.com'],
  ])('%s is %s in example.com', async (typed, whole) => {
    expect(await ownerIn(typed, 'example.com')).toBe(whole);
  });

  it('are known in the zone by their U-labels and A-labels', async () => {
    expect(await ownerIn('www.xn--bcher-kva.example', 'bücher.example')).toBe('www.xn--bcher-kva.example');
    expect(await ownerIn('www.bücher.example', 'xn--bcher-kva.example')).toBe('www.bücher.example');
  });

  it.each(['www.example.org', '*.example.org', 'a.b.co.uk'])('%s is no name to guess at', async (typed) => {
    await expect(ownerIn(typed, 'example.com')).rejects.toThrow(`Write ${typed}.example.com if`);
  });
});

describe('names', () => {
  it.each([
    ['https://example.com/x', 'example.com'],
    ['HTTP://user@example.com:8080/', 'example.com'],
    ['me@example.com', 'example.com'],
    ['example.com/', 'example.com'],
    ['example.com:443', 'example.com'],
  ])('%s is told to be more than %s', (typed, name) => {
    expect(() => nameIn(typed, 'zone')).toThrow(`write ${name}.`);
  });

  it.each(['example.com', 'example.com.', '2001:db8::1', 'bücher.example', '@'])(
    '%s is left to the box',
    (typed) => {
      expect(nameIn(typed, 'zone')).toBe(typed);
    },
  );
});

describe('times', () => {
  it.each([
    ['0', 0],
    ['300', 300],
    ['5m', 300],
    ['1h30m', 5400],
    ['1D', 86_400],
    ['1w2d', 777_600],
  ])('%s is %i seconds', (text, count) => {
    expect(seconds(text, 'The TTL')).toBe(count);
  });

  it.each(['', '-5', '5 m', '5x', 'm', '1.5h'])('%j is none', (text) => {
    expect(() => seconds(text, 'The TTL')).toThrow(`not "${text}"`);
  });

  it('are days where days are asked for', () => {
    expect([days('90', 'x'), days('36h', 'x'), ttlOrDefault('default')]).toEqual([7_776_000, 129_600, null]);
  });
});

describe('record types', () => {
  it('are all that have a name, and what is offered may be written', () => {
    expect([...commonTypes, ...rareTypes].sort()).toEqual(Object.keys(Type).sort());
    for (const type of commonTypes) expect(customType(type), type).toHaveProperty('type');
  });

  it('may be written in small letters, and by number', () => {
    expect([typeIn('mx'), typeIn('type65280'), typeIn('soa'), typeIn('ALIAS')]).toEqual([
      'MX',
      'TYPE65280',
      'SOA',
      'ALIAS',
    ]);
  });

  it.each([
    ['MXX', 'Did you mean MX?'],
    ['AAA', 'Did you mean AAAA or CAA?'],
    ['CANME', 'Did you mean CNAME?'],
    ['TLAS', 'Did you mean TLSA?'],
  ])('%s is told to be a slip', (typed, words) => {
    expect(() => typeIn(typed)).toThrow(words);
  });
});
