/** What tokens may be allowed, as the API has it. */
export const scopeNames = [
  'admin',
  'domains:write',
  'mail:write',
  'dns:write',
  'read',
  'certificates:export-key',
] as const;
