import { extname } from 'node:path';

/** URL of a program beside the file whose `import.meta.url` is given: TypeScript in the checkout, JavaScript in the package. */
export function programBeside(url: string, name: string): URL {
  return new URL(`./${name}${extname(url)}`, url);
}
