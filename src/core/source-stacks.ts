import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/*
 * In the bundle the first import of each program: stack traces name the files of the source. Node could do that by itself
 * (--enable-source-maps), but keeps every map in memory from the start on; here one is read when the first stack leads through its file.
 */

const maps = new Map<string, SourceMap | undefined>();

function mapOf(url: string): SourceMap | undefined {
  if (!maps.has(url)) maps.set(url, readMap(url));
  return maps.get(url);
}

function readMap(url: string): SourceMap | undefined {
  try {
    const text = readFileSync(fileURLToPath(`${url}.map`), 'utf8');
    return new SourceMap(JSON.parse(text) as ConstructorParameters<typeof SourceMap>[0]);
  } catch {
    // Whoever left the maps out reads where in the bundle it was.
    return undefined;
  }
}

/** Of a frame such as `at name (file:///…/build/x.js:12:3)`, with the place in the source. */
function inSource(frame: NodeJS.CallSite): string {
  const text = (frame as { toString(): string }).toString();
  const [url, line, column] = [frame.getFileName(), frame.getLineNumber(), frame.getColumnNumber()];
  if (!url?.startsWith('file:') || line === null || column === null) return text;
  const origin = mapOf(url)?.findOrigin(line, column);
  if (!origin || !('fileName' in origin)) return text;
  const { fileName, lineNumber, columnNumber } = origin;
  const source = new URL(fileName, url).href;
  return text.replace(`${url}:${line}:${column}`, `${source}:${lineNumber}:${columnNumber}`);
}

/** What V8 begins a stack with, and Node with the code of an error of its own. */
function title(error: Error): string {
  const { code } = error as { code?: unknown };
  const text = Error.prototype.toString.call(error);
  const named = typeof code === 'string' && code.startsWith('ERR_') && text.startsWith(`${error.name}:`);
  return named ? text.replace(':', ` [${code}]:`) : text;
}

Error.prepareStackTrace = (error, frames) =>
  [title(error), ...frames.map((frame) => `    at ${inSource(frame)}`)].join('\n');
