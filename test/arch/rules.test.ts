import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

const files = globSync('docs/rfcs/*.md', { cwd: root }).sort();

/** A rule of docs/rfcs: `- §4.1: what it says. \`file\`: \`title\`, \`file\`: \`title\``. */
interface Rule {
  rfc: string;
  section: string;
  line: string;
  tests: { file: string; title: string }[];
}

/** The rules of a file of docs/rfcs, under the headings `## RFC 5936`. */
function rulesOf(text: string): Rule[] {
  return text.split(/^## RFC /m).flatMap((part, index) => {
    if (index === 0) return [];
    const rfc = /^\d+/.exec(part)![0];
    return part
      .split('\n')
      .filter((line) => line.startsWith('- '))
      .map((line) => ({
        rfc,
        section: /^- §([\w.]+):/.exec(line)?.[1] ?? '',
        line,
        tests: [...line.matchAll(/`([\w/.-]+\.ts)`: `([^`]+)`/g)].map(([, file, title]) => ({
          file: file!,
          title: title!,
        })),
      }));
  });
}

const texts = new Map<string, string>();
function textOf(file: string): string {
  if (!texts.has(file)) texts.set(file, readFileSync(join(root, file), 'utf8'));
  return texts.get(file)!;
}

/** Whether a line names the RFC and the section, and not one that only begins as it does. */
function quotes(text: string, { rfc, section }: Rule): boolean {
  const named = new RegExp(`${rfc}\\b.*§${section.replaceAll('.', '\\.')}(?!\\.?\\w)`, 'i');
  return text.split('\n').some((line) => named.test(line));
}

function wrongWith(rule: Rule): string[] {
  if (rule.section === '') return ['has no section'];
  if (rule.tests.length === 0) return ['names no test'];
  return rule.tests.flatMap(({ file, title }) => {
    if (!existsSync(join(root, file))) return [`there is no ${file}`];
    if (!textOf(file).includes(title)) return [`${file} has no "${title}"`];
    return quotes(textOf(file), rule) ? [] : [`${file} does not quote §${rule.section} of RFC ${rule.rfc}`];
  });
}

test('each RFC of the README has rules here', () => {
  const [, section] = /^## RFCs\n(.*?)^## /ms.exec(textOf('README.md'))!;
  const listed = new Set(section!.match(/\b\d{4}\b/g));
  expect(listed.size).toBeGreaterThan(90);
  const here = new Set(files.flatMap((file) => rulesOf(textOf(file)).map(({ rfc }) => rfc)));
  expect([...listed.difference(here)]).toEqual([]);
});

describe('each rule has a test that quotes its section', () => {
  test.each(files)('%s', (file) => {
    const rules = rulesOf(textOf(file));
    expect(rules).not.toEqual([]);
    expect(
      rules.flatMap((rule) => wrongWith(rule).map((wrong) => `${rule.line.slice(0, 80)}: ${wrong}`)),
    ).toEqual([]);
  });
});
