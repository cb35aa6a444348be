import { styleText } from 'node:util';

type Colour = Parameters<typeof styleText>[0];

/** States, by what they mean for a person: all is well, something is under way or to be done, something is wrong. */
const colours: readonly [words: RegExp, colour: Colour][] = [
  [/\bfailed\b/, 'red'],
  [/^(yes|done|valid|secure|good)$/, 'green'],
  [/^(running|ordering|renewing|self-signed|insecure|unknown|attention)$/, 'yellow'],
  [/^(no|bad|expired|revoked|bogus|not-delegated|glue-wrong)\b/, 'red'],
];

/**
 * A state in its colour. `styleText` gives none where standard output is no terminal, or NO_COLOR is set (no-color.org);
 * FORCE_COLOR has them in a pipe, too.
 */
export function colouredState(state: string): string {
  const found = colours.find(([words]) => words.test(state));
  return found ? styleText(found[1], state) : state;
}

/** A line of a difference: green what was added, red what was removed. */
export function colouredChange(line: string): string {
  if (line.startsWith('+')) return styleText('green', line);
  return line.startsWith('-') ? styleText('red', line) : line;
}
