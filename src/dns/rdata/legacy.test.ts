import { checkRdata, type RdataCases } from '../../../test/kit/rdata-cases.ts';
import { legacyTypes } from './legacy.ts';

const mail: RdataCases['good'][number] = ['Mail.example.com.', '044d61696c076578616d706c6503636f6d00'];

const cases: Record<string, RdataCases['good'][number]> = {
  MD: mail,
  MF: mail,
  MB: mail,
  MG: mail,
  MR: mail,
  MINFO: ['a.example.com. b.example.com.', '0161076578616d706c6503636f6d000162076578616d706c6503636f6d00'],
  AFSDB: ['1 afsdb.example.com.', '0001056166736462076578616d706c6503636f6d00'],
  RT: ['2 Relay.Example.com.', '00020552656c6179074578616d706c6503636f6d00'],
  PX: [
    '10 ab.net2.it. O-ab.PRMD-net2.ADMDb.C-it.',
    '000a026162046e65743202697400044f2d61620950524d442d6e6574320541444d446204432d697400',
  ],
  KX: ['10 kx.example.com.', '000a026b78076578616d706c6503636f6d00'],
};

const sources: Record<string, string> = {
  MD: 'RFC 1035 §3.3.4',
  MF: 'RFC 1035 §3.3.5',
  MB: 'RFC 1035 §3.3.3',
  MG: 'RFC 1035 §3.3.6',
  MR: 'RFC 1035 §3.3.8',
  MINFO: 'RFC 1035 §3.3.7',
  AFSDB: 'RFC 1183 §1',
  RT: 'RFC 1183 §3.3',
  PX: 'RFC 2163 §4',
  KX: 'RFC 2230 §3.1',
};

for (const entry of legacyTypes) {
  const good = cases[entry.name]!;
  checkRdata(entry, sources[entry.name]!, {
    good: [good],
    bad: [
      ['', 'is missing'],
      [`${good[0]} x`, 'nothing more is expected'],
    ],
    malformed: [['', 'past the end']],
    canonical: [[good[0], good[0].toLowerCase()]],
  });
}
