/** An owner as people of the domain say it: `www` of `www.example.com`, and `apex` of the domain itself. */
export function shortOwner(owner: string, domain: string, apex: string): string {
  if (owner === domain) return apex;
  return owner.endsWith(`.${domain}`) ? owner.slice(0, -domain.length - 1) : owner;
}

/** The full name of what somebody typed: `@` and nothing are the domain, `www` is below it, and what ends with a dot or the domain is a whole name. */
export function fullOwner(typed: string, domain: string): string {
  const text = typed.trim().toLowerCase();
  if (text === '' || text === '@') return domain;
  if (text.endsWith('.')) return text.slice(0, -1);
  return text === domain || text.endsWith(`.${domain}`) ? text : `${text}.${domain}`;
}
