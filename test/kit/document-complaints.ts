import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const schemas = join(import.meta.dirname, '../vectors/discovery');
const checkProfile = join(import.meta.dirname, 'check-profile.py');

/** What `xmllint` has against a document by a schema (DTD or RELAX NG) of the vectors; empty when nothing. */
export function xmlComplaints(text: string, schema: string): string {
  const kind = schema.endsWith('.dtd') ? '--dtdvalid' : '--relaxng';
  const args = ['--nonet', '--noout', kind, join(schemas, schema), '-'];
  const { status, stderr } = spawnSync('xmllint', args, { input: text, encoding: 'utf8' });
  return status === 0 ? '' : stderr;
}

/** What Apple's DTD and keys have against a configuration profile, read by Python's `plistlib`; empty when nothing. */
export function profileComplaints(text: string): string {
  const schema = join(schemas, 'apple-mail-profile.schema.json');
  // Debian's own: its packages are not in others.
  const args = [checkProfile, schema];
  const { stdout, stderr } = spawnSync('/usr/bin/python3', args, { input: text, encoding: 'utf8' });
  return xmlComplaints(text, 'PropertyList-1.0.dtd') + stdout + stderr;
}
