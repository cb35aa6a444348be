import { describe, expect, it, test } from 'vitest';
import { de } from '../../panel/src/texts/de.ts';
import { en } from '../../panel/src/texts/en.ts';
import { foundSentences } from '../../panel/src/texts/found-sentences.ts';
import { saidInGerman } from '../../panel/src/texts/said-de.ts';
import { literalsOfTheBox } from './sentences-of-the-box.ts';

const literals = literalsOfTheBox();

/** Made of pieces of the source, and so nowhere in it as a whole. */
const composed = new Set([
  '{0} leads',
  '{0} lead',
  'a good {0} value is {1}',
  'remove the DS record {0} first, and a day later {1}',
  'remove that record and add it again, or {0}',
]);

test('whatever the box may say to somebody at the panel has German words', () => {
  const said = { ...foundSentences(de), ...saidInGerman.sentences };
  const wanted = literals.filter(({ isSaid }) => isSaid);
  expect(wanted.length).toBeGreaterThan(450);
  expect(wanted.filter(({ text }) => !(text in said))).toEqual([]);
});

test('nothing is kept in German that the box does not say any more', () => {
  const known = new Set(literals.map(({ text }) => text));
  const old = Object.keys(saidInGerman.sentences).filter((text) => !known.has(text) && !composed.has(text));
  expect(old).toEqual([]);
});

test('German sentences have all that stands in the English ones, and the quotation marks of the language', () => {
  const placesIn = (text: string): string[] =>
    [...new Set(text.match(/\{\d+[*-]?\}/g) ?? [])].map((place) => place.replace(/[*-]/, '')).sort();
  for (const [template, said] of Object.entries(saidInGerman.sentences)) {
    expect([...new Set(placesIn(said))], said).toEqual([...new Set(placesIn(template))]);
    expect(said.replaceAll(/\{"mail": true\}/g, ''), said).not.toMatch(/['"]/);
  }
});

describe('the box speaks German', () => {
  it.each([
    ['There is no domain example.com on this box.', 'Auf dieser Box gibt es keine Domain example.com.'],
    // Halves of a sentence, in the order in which they were joined.
    [
      'Remove the DS record "4711 8 2 ABABABAB…", which matches no key of the zone; set the DS record "1 13 2 00".',
      'Entferne den DS-Eintrag "4711 8 2 ABABABAB…", der zu keinem Schlüssel der Zone passt; trage den DS-Eintrag „1 13 2 00“ ein.',
    ],
    [
      'The nameservers are a.example.org and b.example.org: set the nameservers ns1.box.example.com (192.0.2.1, 2001:db8::1) and ns2.box.example.com (192.0.2.2) instead.',
      'Die Nameserver sind a.example.org und b.example.org: trage als Nameserver ns1.box.example.com (192.0.2.1, 2001:db8::1) und ns2.box.example.com (192.0.2.2) ein, statt dieser.',
    ],
    [
      'The value is not a valid MX record: preference must be a number from 0 to 65535, not "x"; a good MX value is 10 mail.example.net.',
      'Der Wert ist kein gültiger MX-Eintrag: der Vorrang muss eine Zahl von 0 bis 65535 sein, nicht „x“; ein guter MX-Wert ist 10 mail.example.net.',
    ],
    // After the field that it is about.
    ['/ttl: A TTL is not negative.', '/ttl: Eine TTL ist nicht negativ.'],
    [
      'The zone example.com cannot be published (what was stored of it was damaged): its last version is served on, and it is tried again at 2027-01-31T12:00:00Z.',
      'Die Zone example.com kann nicht veröffentlicht werden (was von ihr gespeichert war, war beschädigt): ihre letzte Version wird weiter ausgeliefert, und es wird um 2027-01-31T12:00:00Z wieder versucht.',
    ],
    [
      'a@example.com and b@example.com lead to c@example.com: change them before you remove it.',
      'a@example.com und b@example.com führen zu c@example.com: Ändere das, bevor du es entfernst.',
    ],
    // Of a check, without its code.
    ['Worker 3 does not run.', 'Worker 3 läuft nicht.'],
    // The words of somebody else.
    ['450 4.2.0 Greylisted, please try again', '450 4.2.0 Greylisted, please try again'],
  ])('%s', (sentence, said) => {
    expect(de.said(sentence)).toBe(said);
    expect(en.said(sentence)).toBe(sentence);
  });
});
