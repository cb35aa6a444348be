import { expect, test } from 'vitest';
import { warningText } from './warnings.ts';

test('names the record and the reason, and says nothing when all is served', () => {
  const reason = 'The addresses of mx.example.com are the box’s own.';
  expect(warningText([])).toBe('');
  expect(warningText([{ owner: 'mx.example.com', type: 'A', value: '203.0.113.1', reason }])).toBe(
    `\n\nNot served:\nOWNER           TYPE  VALUE        REASON\nmx.example.com  A     203.0.113.1  ${reason}`,
  );
});
