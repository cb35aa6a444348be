const NAME = String.raw`([^\s;()"@]+)\.`;

/** The zone that a zone file is of, as far as it says so itself: by `$ORIGIN`, or by the owner of its SOA. */
export function zoneNameIn(text: string): string | undefined {
  const origin = new RegExp(String.raw`^\$ORIGIN[ \t]+${NAME}`, 'im').exec(text);
  const soa = new RegExp(
    String.raw`^${NAME}[ \t]+(?:\d\w*[ \t]+)?(?:IN[ \t]+)?(?:\d\w*[ \t]+)?SOA[ \t]`,
    'im',
  ).exec(text);
  return (origin ?? soa)?.[1]?.toLowerCase();
}
