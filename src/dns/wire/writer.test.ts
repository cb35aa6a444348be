import { describe, expect, test } from 'vitest';
import { Name } from './name.ts';
import { WireReader } from './reader.ts';
import { WireWriter } from './writer.ts';

const hex = (writer: WireWriter): string => Buffer.from(writer.finish()).toString('hex');

describe('compression (RFC 1035 §4.1.4)', () => {
  test('shares suffixes with names before', () => {
    const writer = new WireWriter({ compress: true });
    for (const text of ['F.ISI.ARPA', 'FOO.F.ISI.ARPA', 'ARPA', '.']) writer.name(Name.parse(text));
    expect(hex(writer)).toBe('0146034953490441525041' + '00' + '03464f4fc000' + 'c006' + '00');
  });

  test('keeps the case of every name', () => {
    const writer = new WireWriter({ compress: true });
    const names = ['www.Example.com', 'www.example.com', 'mail.example.COM', 'www.Example.com'];
    for (const text of names) writer.name(Name.parse(text));
    const reader = new WireReader(writer.finish());
    expect(names.map(() => reader.name().toText())).toEqual(names);
    expect(writer.finish().subarray(-2)).toEqual(Uint8Array.of(0xc0, 0));
  });

  test('leaves names out that may not be compressed, and never points at them', () => {
    const writer = new WireWriter({ compress: true });
    writer.name(Name.parse('a.example'), false);
    writer.name(Name.parse('a.example'));
    expect(hex(writer)).toBe('0161076578616d706c65000161076578616d706c6500');
  });

  test('points at nothing beyond 14 bits', () => {
    const writer = new WireWriter({ compress: true });
    writer.bytes(new Uint8Array(0x3fff));
    writer.name(Name.parse('a.b'));
    writer.name(Name.parse('a.b'));
    writer.name(Name.parse('b'));
    const tail = Buffer.from(writer.finish().subarray(0x3fff)).toString('hex');
    expect(tail).toBe('0161016200' + 'ffff' + '016200');
  });

  test('forgets what was taken back', () => {
    const writer = new WireWriter({ compress: true });
    writer.name(Name.parse('example'));
    const mark = writer.length;
    writer.name(Name.parse('a.example'));
    writer.rewind(mark);
    writer.name(Name.parse('a.example'));
    expect(hex(writer)).toBe('076578616d706c65000161c000');
  });
});

test('grows as needed and writes numbers unsigned', () => {
  const writer = new WireWriter({ size: 1 });
  writer.u8(0xff);
  writer.u16(0xfffe);
  writer.u32(0xfffffffd);
  writer.lengthPrefixed(() => writer.string(Uint8Array.of(1, 2)));
  expect(hex(writer)).toBe('ff' + 'fffe' + 'fffffffd' + '0003' + '020102');
});
