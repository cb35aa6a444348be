/** Names of browsers, by what they call themselves; many also say that they are others, so the order matters. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|HeadlessChrome|Chromium|CriOS)\//, 'Chrome'],
  [/\bVersion\/.*\bSafari\//, 'Safari'],
];

const systems: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

export interface Device {
  /** The browser, or the first word of another program. */
  program: string | undefined;
  system: string | undefined;
}

/** What a person recognises of a `User-Agent` (RFC 9110 §10.1.5). */
export function deviceOf(agent: string): Device {
  const named = (list: typeof browsers): string | undefined => list.find(([sign]) => sign.test(agent))?.[1];
  return { program: named(browsers) ?? /^[^\s/]+/.exec(agent)?.[0], system: named(systems) };
}
