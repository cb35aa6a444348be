/** How much a domain needs a record. */
export const recordLevels = ['required', 'recommended', 'optional'] as const;

/** Which records are shown, as the address of the page says; all of them without it. */
export interface RecordSearch {
  search?: string | undefined;
  level?: (typeof recordLevels)[number] | undefined;
}
