import { z } from '@hono/zod-openapi';
import { inSlices, type Steps } from '../core/slices.ts';
import { MAX_ERRORS } from './problem.ts';

interface ListLimits {
  /** Name of the element's schema in the OpenAPI document. */
  name: string;
  max: number;
  /** Sentences for none and for more than `max`. */
  none: string;
  many: string;
}

/**
 * An array of so many elements that checking them takes longer than anybody else may have to wait: after its length its elements are
 * looked at in slices, and only until enough of them were wrong. Thousands of elements cost zod tens of milliseconds.
 */
export function longList<T extends z.ZodType>(element: T, { name, max, none, many }: ListLimits) {
  return z
    .custom<z.input<T>[]>(Array.isArray, 'This must be an array.')
    .refine(({ length }) => length > 0, { error: none, abort: true })
    .refine(({ length }) => length <= max, { error: many, abort: true })
    .transform(async (items, context): Promise<z.output<T>[]> => {
      const { values, issues } = await inSlices(checkEach(element, items));
      for (const issue of issues) context.issues.push({ ...issue, input: undefined });
      return values;
    })
    .openapi({
      type: 'array',
      items: { $ref: `#/components/schemas/${name}` },
      minItems: 1,
      maxItems: max,
    });
}

function* checkEach<T extends z.ZodType>(
  element: T,
  items: readonly unknown[],
): Steps<{ values: z.output<T>[]; issues: z.core.$ZodIssue[] }> {
  const values: z.output<T>[] = [];
  const issues: z.core.$ZodIssue[] = [];
  for (const [index, item] of items.entries()) {
    const result = element.safeParse(item);
    if (result.success) values.push(result.data);
    else issues.push(...result.error.issues.map((issue) => ({ ...issue, path: [index, ...issue.path] })));
    if (issues.length >= MAX_ERRORS) break;
    yield;
  }
  return { values, issues };
}
