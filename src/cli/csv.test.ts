import { expect, test } from 'vitest';
import { readTable } from './csv.ts';

const columns = { address: ['email'], name: [] };
const read = (text: string): unknown =>
  readTable(text, columns).map(({ line, cells }) => [line, Object.fromEntries(cells)]);

test('cells as RFC 4180 has them, with the line in which each row begins', () => {
  expect(
    read(
      '\ufeffEmail,name\r\na@example.com,"Anna ""A"", of\r\nExample"\r\n\r\nb@example.com, Otto \n c@example.com ,\n',
    ),
  ).toEqual([
    [2, { address: 'a@example.com', name: 'Anna "A", of\r\nExample' }],
    [5, { address: 'b@example.com', name: 'Otto' }],
    [6, { address: 'c@example.com' }],
  ]);
  expect(read('address,name\n"a@example.com",x')).toEqual([[2, { address: 'a@example.com', name: 'x' }]]);
  expect(read('address,name\na@example.com,')).toEqual([[2, { address: 'a@example.com' }]]);
  expect(read('')).toEqual([]);
});

test.each([
  ['address,phone\n', 'The first line must name the columns (address,name); there is no column "phone".'],
  [
    'a@example.com\n',
    'The first line must name the columns (address,name); there is no column "a@example.com".',
  ],
  ['address\na,b\n', 'Line 2 has more columns than the first line.'],
  ['address,name\na,"b" c\n', 'Line 2: a quotation mark is in a cell that has none around it.'],
])('%j is refused', (text, message) => {
  expect(() => read(text)).toThrow(message);
});
