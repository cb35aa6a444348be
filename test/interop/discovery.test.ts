import { describe, expect, test } from 'vitest';
import { discoveryDocuments } from '../kit/discovery-documents.ts';
import { profileComplaints, xmlComplaints } from '../kit/document-complaints.ts';
import { missing } from '../kit/requires.ts';

const documents = Object.entries(discoveryDocuments);
const noXmllint = missing({ commands: ['xmllint'] });
const noPython = missing({ commands: ['xmllint', '/usr/bin/python3'], pythonModules: ['jsonschema'] });

describe.skipIf(noXmllint)(`discovery documents are valid (xmllint) ${noXmllint ?? ''}`, () => {
  const xml = documents.filter(([, { schema }]) => schema !== undefined);

  test.each(xml)('%s', (_, { text, schema }) => {
    expect(xmlComplaints(text, schema!)).toBe('');
  });

  test.each(xml)('%s would not be with an element that is unknown', (_, { text, schema }) => {
    const wrong = text.replace(/<(Port|port|integer|ErrorCode)>(\d+)<\/\1>/, '<unknown>$2</unknown>');
    expect(wrong).not.toBe(text);
    expect(xmlComplaints(wrong, schema!)).toMatch(/validity error/);
  });

  test.each([
    ['config-v1.1.xml', '<port>993</port>', '<port>0</port>'],
    ['config-v1.1.xml', '<hostname>box.example.net</hostname>', ''],
    ['config-v1.1.xml', '%EMAILADDRESS%', '%EMAIL%'],
    ['config-v1.1-long.xml', '…</displayShortName>', 'aa</displayShortName>'],
    ['autodiscover.xml', '<Type>SMTP</Type>', '<Type>POP3</Type>'],
    ['autodiscover.xml', 'responseschema/2006a', 'responseschema/2006'],
    ['autodiscover-error.xml', '<ErrorCode>500</ErrorCode>', '<ErrorCode>404</ErrorCode>'],
  ])('%s would not be with %s turned into %j', (name, from, to) => {
    const { text, schema } = discoveryDocuments[name]!;
    expect(text).toContain(from);
    expect(xmlComplaints(text.replace(from, to), schema!)).toMatch(/validity error/);
  });
});

describe.skipIf(noPython)(`profiles have the keys that Apple publishes ${noPython ?? ''}`, () => {
  const profiles = documents.filter(([name]) => name.endsWith('.mobileconfig'));

  test.each(profiles)('%s', (_, { text }) => {
    expect(profileComplaints(text)).toBe('');
  });

  test.each([
    ['<key>IncomingMailServerHostName</key>', '<key>IncomingMailServerHostname</key>'],
    ['<string>EmailTypeIMAP</string>', '<string>IMAP</string>'],
    ['<integer>993</integer>', '<string>993</string>'],
    ['<string>Configuration</string>', '<string>Profile</string>'],
    ['<key>PayloadUUID</key>', '<key>PayloadUuid</key>'],
  ])('a profile would not be valid with %s turned into %s', (from, to) => {
    const { text } = discoveryDocuments['alice.mobileconfig']!;
    expect(text).toContain(from);
    // Not by the DTD: by the path of what is wrong.
    expect(profileComplaints(text.replace(from, to))).toMatch(/^\$/);
  });
});
