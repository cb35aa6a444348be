import { describeCases } from '../../../test/kit/case-table.ts';

/* The scenario of RFC 1034 §6, in which C.ISI.EDU has the root and EDU. What it leaves to MINIMUM is written out: RFC 2308 §4 has changed that. */
const root = `$ORIGIN .
$TTL 86400
.                       SOA   SRI-NIC.ARPA. HOSTMASTER.SRI-NIC.ARPA. 870611 1800 300 604800 86400
                        NS    A.ISI.EDU.
                        NS    C.ISI.EDU.
                        NS    SRI-NIC.ARPA.
MIL.                    NS    SRI-NIC.ARPA.
                        NS    A.ISI.EDU.
EDU.                    NS    SRI-NIC.ARPA.
                        NS    C.ISI.EDU.
SRI-NIC.ARPA.           A     26.0.0.73
                        A     10.0.0.51
                        MX    0 SRI-NIC.ARPA.
                        HINFO DEC-2060 TOPS20
ACC.ARPA.               A     26.6.0.65
                        HINFO PDP-11/70 UNIX
                        MX    10 ACC.ARPA.
USC-ISIC.ARPA.          CNAME C.ISI.EDU.
73.0.0.26.IN-ADDR.ARPA. PTR   SRI-NIC.ARPA.
A.ISI.EDU.              A     26.3.0.103
C.ISI.EDU.              A     10.0.0.52
`;
const edu = `$ORIGIN EDU.
$TTL 172800
EDU.            86400 SOA SRI-NIC.ARPA. HOSTMASTER.SRI-NIC.ARPA. 870729 1800 300 604800 86400
                86400 NS  SRI-NIC.ARPA.
                86400 NS  C.ISI.EDU.
UCI             NS  ICS.UCI
ICS.UCI         A   192.5.19.1
ISI             NS  VAXA.ISI
                NS  A.ISI
                NS  VENERA.ISI.EDU.
VAXA.ISI        A   10.2.0.27
                A   128.9.0.33
VENERA.ISI.EDU. A   10.1.0.52
                A   128.9.0.32
A.ISI           A   26.3.0.103
`;
const nic = ['SRI-NIC.ARPA. 86400 A 26.0.0.73', 'SRI-NIC.ARPA. 86400 A 10.0.0.51'];
const soa = '. 86400 SOA SRI-NIC.ARPA. HOSTMASTER.SRI-NIC.ARPA. 870611 1800 300 604800 86400';
const alias = 'USC-ISIC.ARPA. 86400 CNAME C.ISI.EDU.';

describeCases(
  'RFC 1034 §6.2',
  'unsigned',
  [root, edu],
  [
    {
      why: 'RFC 1034 §6.2.1: an answer is marked as one, with authority, and has all records of the name and type',
      qname: 'SRI-NIC.ARPA.',
      qtype: 'A',
      answer: nic,
    },
    {
      why: 'RFC 1034 §6.2.3: the address of a mail exchange comes along',
      qname: 'SRI-NIC.ARPA.',
      qtype: 'MX',
      answer: ['SRI-NIC.ARPA. 86400 MX 0 SRI-NIC.ARPA.'],
      additional: nic,
    },
    {
      why: 'RFC 1034 §6.2.4: a name without the type has an empty answer, without an error and with authority',
      qname: 'SRI-NIC.ARPA.',
      qtype: 'NS',
      authority: [soa],
    },
    {
      why: 'RFC 1034 §6.2.5: a mistyped name is a name error, with the SOA',
      qname: 'SIR-NIC.ARPA.',
      qtype: 'A',
      rcode: 'NXDOMAIN',
      authority: [soa],
    },
    {
      why: 'RFC 1034 §6.2.6: a name of a zone of others is a referral, without authority',
      qname: 'BRL.MIL.',
      qtype: 'A',
      flags: '',
      authority: ['MIL. 86400 NS SRI-NIC.ARPA.', 'MIL. 86400 NS A.ISI.EDU.'],
      additional: [...nic, 'A.ISI.EDU. 86400 A 26.3.0.103'],
    },
    {
      // RFC 1035 §4.1.1: AA is of the first owner name.
      why: 'RFC 1034 §6.2.7: an alias is answered with authority, and its end referred to who has it',
      qname: 'USC-ISIC.ARPA.',
      qtype: 'A',
      answer: [alias],
      authority: ['VAXA', 'A', 'VENERA'].map((host) => `ISI.EDU. 172800 NS ${host}.ISI.EDU.`),
      additional: [
        'VAXA.ISI.EDU. 172800 A 10.2.0.27',
        'VAXA.ISI.EDU. 172800 A 128.9.0.33',
        'A.ISI.EDU. 172800 A 26.3.0.103',
        'VENERA.ISI.EDU. 172800 A 10.1.0.52',
        'VENERA.ISI.EDU. 172800 A 128.9.0.32',
      ],
    },
    {
      why: 'RFC 1034 §6.2.8: an alias that is asked for is not followed',
      qname: 'USC-ISIC.ARPA.',
      qtype: 'CNAME',
      answer: [alias],
    },
  ],
);
