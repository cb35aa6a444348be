import { describeCases } from '../../../test/kit/case-table.ts';

const digest = `${'00'.repeat(47)}01`.toUpperCase();

describeCases(
  'RFC 8976 §6.5: a digest is not made for a query',
  'unsigned',
  [
    `$ORIGIN example.\n$TTL 3600\n@ SOA ns1 admin 7 1 1 1 60\n@ NS ns1\nns1 A 192.0.2.1\n@ ZONEMD 7 1 1 ${digest}\n`,
  ],
  [
    {
      why: 'what is stored is the answer, right or wrong',
      qname: 'example.',
      qtype: 'ZONEMD',
      answer: [`example. 3600 ZONEMD 7 1 1 ${digest}`],
    },
  ],
);
