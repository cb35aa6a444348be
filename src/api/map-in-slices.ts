import { inSlices, type Steps } from '../core/slices.ts';

/** What a list becomes in an answer, when it may be long enough to keep others waiting. */
export function mapInSlices<T, J>(items: readonly T[], toJson: (item: T) => J): Promise<J[]> {
  return inSlices(mapEach(items, toJson));
}

function* mapEach<T, J>(items: readonly T[], toJson: (item: T) => J): Steps<J[]> {
  const made: J[] = [];
  for (const item of items) {
    made.push(toJson(item));
    yield;
  }
  return made;
}
