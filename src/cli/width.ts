/** Scripts and forms that terminals give two columns (UAX #11, wide and full-width). */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u;
const EMOJI = /^\p{Emoji_Presentation}|^\p{Emoji}\ufe0f/u;
/** What is drawn over the character before it, or not at all. */
const NOTHING = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

let segmenter: Intl.Segmenter | undefined;

/** What a reader sees as one character each. */
export function characters(text: string): string[] {
  if (/^[\x20-\x7e]*$/.test(text)) return text.split('');
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Columns of a terminal that a text takes. */
export function width(text: string): number {
  return characters(text).reduce((sum, character) => sum + columns(character), 0);
}

function columns(character: string): number {
  if (NOTHING.test(character)) return 0;
  return WIDE.test(character) || EMOJI.test(character) ? 2 : 1;
}

/** The beginning of the text that takes no more columns than these. */
export function beginning(text: string, room: number): string {
  let left = room;
  let end = '';
  for (const character of characters(text)) {
    left -= columns(character);
    if (left < 0) break;
    end += character;
  }
  return end;
}
