import stringWidth from 'string-width';

let segmenter: Intl.Segmenter | undefined;

/** What a reader sees as one character each. */
function characters(text: string): string[] {
  if (isPlain(text)) return text.split('');
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Columns of a terminal that a text takes. */
export function width(text: string): number {
  return isPlain(text) ? text.length : stringWidth(text);
}

/** The beginning of the text that takes no more columns than these. */
export function beginning(text: string, room: number): string {
  let left = room;
  let end = '';
  for (const character of characters(text)) {
    left -= width(character);
    if (left < 0) break;
    end += character;
  }
  return end;
}

function isPlain(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}
