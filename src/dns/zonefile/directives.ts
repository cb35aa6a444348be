import { unescapeText } from '../rdata/tokens.ts';
import type { Name } from '../wire/name.ts';
import { EntryError, type ZoneToken } from './entries.ts';
import { parseName, readTtl, type Scope } from './record.ts';

/** A directive that needs more than the scope. */
export type Directive = { kind: 'include'; file: string; origin: Name | undefined } | { kind: 'generate' };

/** Carries out $ORIGIN and $TTL; hands the others back. @throws EntryError */
export function readDirective(tokens: readonly ZoneToken[], scope: Scope): Directive | undefined {
  const directive = tokens[0]!;
  switch (directive.text.toUpperCase()) {
    case '$ORIGIN':
      scope.origin = parseName(operand(tokens, 'the new origin', 2), scope.origin);
      return undefined;
    case '$TTL':
      scope.defaultTtl = readTtl(operand(tokens, 'a TTL', 2));
      return undefined;
    case '$INCLUDE':
      return readInclude(tokens, scope);
    case '$GENERATE':
      return { kind: 'generate' };
    default:
      throw new EntryError(
        `"${directive.text}" is no directive; there are $ORIGIN, $TTL, $INCLUDE and $GENERATE`,
        directive,
      );
  }
}

function readInclude(tokens: readonly ZoneToken[], scope: Scope): Directive {
  const file = operand(tokens, 'a file name', 3);
  const octets = unescapeText(file.text);
  if (!octets) throw new EntryError('the file name holds an escape that is not \\DDD or \\X', file);
  return {
    kind: 'include',
    file: Buffer.from(octets).toString('utf8'),
    origin: tokens[2] && parseName(tokens[2], scope.origin),
  };
}

/** The first operand. @throws EntryError when it is missing, or when there are `limit` tokens and more. */
function operand(tokens: readonly ZoneToken[], what: string, limit: number): ZoneToken {
  const [directive, value] = tokens;
  if (!value) throw new EntryError(`${directive!.text} takes ${what}`, directive!);
  if (tokens.length > limit)
    throw new EntryError(
      `nothing more is expected here, but there is "${tokens[limit]!.text}"`,
      tokens[limit]!,
    );
  return value;
}
