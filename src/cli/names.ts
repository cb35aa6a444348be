import { domainToASCII, domainToUnicode } from 'node:url';

/** A name for people: with U-labels where the A-labels are valid ones (RFC 5891 §5). JSON keeps A-labels. */
export function shown(name: string): string {
  return name.split('.').map(shownLabel).join('.');
}

function shownLabel(label: string): string {
  if (!label.startsWith('xn--')) return label;
  const unicode = domainToUnicode(label);
  return unicode !== '' && domainToASCII(unicode) === label ? unicode : label;
}

/** Both forms, where there are two: what looks like a known name may be another. */
export function shownWithALabels(name: string): string {
  const unicode = shown(name);
  return unicode === name ? name : `${unicode} (${name})`;
}
