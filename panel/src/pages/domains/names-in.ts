/** Words that head the first column of tables. */
const heads = new Set(['name', 'domain', 'domains', 'domainname', 'domain name']);

/** The names in what somebody pasted: the first column of a CSV, or one on each line, or with commas between. Each once, in their order. */
export function namesIn(text: string): string[] {
  const lines = text.split(/\r?\n/);
  const isTable = lines.length > 1;
  const cells = isTable ? lines.map((line) => line.split(/[,;\t]/, 1)[0] ?? '') : text.split(/[\s,;]+/);
  const names = cells.map((cell) =>
    cell
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .trim(),
  );
  return [...new Set(names.filter((name) => name !== '' && !heads.has(name.toLowerCase())))];
}
