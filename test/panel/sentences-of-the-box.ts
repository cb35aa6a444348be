import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

const SRC = join(import.meta.dirname, '../../src');

/**
 * Who speaks to programs, to logs or to whoever is at the terminal, and never to the panel; `dns` speaks to people by what it says of zone
 * files and records alone.
 */
const ELSEWHERE = new RegExp(
  `^(?:${[
    'agent|cli/|native/|parts/|https|main|restore|serve-dns|start|storage|welcome',
    'api/(?:discovery|docs|health|home|https|metrics|page-style|request-line|setup)',
    // What checks say has a code, and is in the catalogues.
    'checks/(?:box-checks|sentences)',
    'core/(?!errors)|db/(?!copies|damage|private-files|quick-check|sent-messages|unwritable)',
    // Of messages, servers and images; what is said of records and zone files comes to whoever writes them.
    'dns/(?!rdata/|zonefile/|client/)',
    'mail/(?:agent/compare|discovery|drivers/\\w+/(?:config|directory|folders|maps|services|sieve)|srs|sending/(?:limits|policy))',
    'zones/(?:secondaries/configuration|updates)',
  ].join('|')})`,
);

/** Files of the API that say what they say to people: others have descriptions of fields and answers beside the words of checks. */
const OF_THE_API = /^api\/(?:access|app|authenticate|body|configured|found|idempotency|validation)\.ts$/;

/** Checks of zod, whose word follows what is checked. */
const CHECKS = new Set(['min', 'max', 'regex', 'refine', 'int', 'length', 'nonempty', 'email', 'time']);

/** A sentence of the source with its places numbered: `There is no account {0}.` */
function templateOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return (
    node.head.text + node.templateSpans.map(({ literal }, index) => `{${index}}${literal.text}`).join('')
  );
}

function* sourceFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(path);
    else if (/(?<!\.test)\.ts$/.test(path)) yield path;
  }
}

/** What a call says to nobody who reads the panel: to the log, to whoever reads a description of the API, to SQLite. */
const APART_CALLS = /^\.?(?:describe|openapi|prepare|exec)$/;

/** The nodes below one that may be said at the panel. */
function childrenOf(node: ts.Node, source: ts.SourceFile): readonly ts.Node[] {
  if (ts.isImportDeclaration(node) || ts.isTaggedTemplateExpression(node)) return [];
  if (ts.isNewExpression(node) && /^(?:Error|TypeError|StartError)$/.test(node.expression.getText(source)))
    return [];
  if (
    ts.isPropertyAssignment(node) &&
    /^(?:description|summary|example|cause|config|pattern)$/.test(node.name.getText(source))
  )
    return [];
  if (ts.isCallExpression(node)) {
    const { expression } = node;
    const name = ts.isPropertyAccessExpression(expression)
      ? `.${expression.name.text}`
      : expression.getText(source);
    const isLog =
      ts.isPropertyAccessExpression(expression) && /(?:^|\.)log$/.test(expression.expression.getText(source));
    if (isLog || APART_CALLS.test(name)) return [expression];
  }
  return node.getChildren(source);
}

/** Whether a literal of the API's own files is the word of a check: descriptions stand beside those. */
function isOfCheck(node: ts.Node, source: ts.SourceFile): boolean {
  const { parent } = node;
  if (ts.isPropertyAssignment(parent)) return /^(?:message|error)$/.test(parent.name.getText(source));
  if (ts.isNewExpression(parent)) return parent.expression.getText(source) === 'AppError';
  if (ts.isCallExpression(parent) && ts.isPropertyAccessExpression(parent.expression))
    return CHECKS.has(parent.expression.name.text);
  return ts.isConditionalExpression(parent) || ts.isBinaryExpression(parent)
    ? isOfCheck(parent, source)
    : false;
}

/** A whole sentence, and no pattern, page or example of a value (which ends in a name: `10 mail.example.net.`). */
function isSentence(text: string): boolean {
  return / .*[.)]$|; .* /s.test(text) && !/[\n<=]|\.(?:net|com)\.$|^none; |^# | \(and \{/.test(text);
}

export interface Literal {
  text: string;
  file: string;
  /** Whether it must have other words in each language: it is a whole sentence that the panel may show. */
  isSaid: boolean;
}

/** All text of the source that is not apart. */
export function literalsOfTheBox(): Literal[] {
  const found: Literal[] = [];
  for (const path of sourceFiles(SRC)) {
    const file = relative(SRC, path);
    const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
    const isElsewhere = ELSEWHERE.test(file);
    const walk = (node: ts.Node): void => {
      const text = templateOf(node);
      if (text !== undefined && /[a-z]/i.test(text)) {
        const mayBeSaid = !file.startsWith('api/') || OF_THE_API.test(file) || isOfCheck(node, source);
        const isSaid = !isElsewhere && mayBeSaid && isSentence(text);
        found.push({ text, file, isSaid });
      }
      childrenOf(node, source).forEach(walk);
    };
    walk(source);
  }
  return found;
}
