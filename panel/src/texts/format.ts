import type { Language } from './use-texts.ts';
import type { Texts } from './en.ts';

/** How numbers, sizes and times are written in a language. */
export interface Format {
  number(value: number): string;
  /** Such as `5 GB`; powers of 1024, as mail programs count. */
  octets(value: number): string;
  date(value: Date): string;
  /** Without its year, where there is little room. */
  day(value: Date): string;
  dateTime(value: Date): string;
  /** Of the day, to the second. */
  time(value: Date): string;
  /** `in 3 days`, `2 minutes ago`. */
  relative(value: Date, now: Date): string;
  /** Such as `1 hour`. */
  duration(seconds: number): string;
}

const units = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

const sizes = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** Made when it is first needed: the rules of a language take a browser longer to find than it takes to draw a page that writes no date. */
function later<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

export function createFormat(language: Language, { time }: Texts): Format {
  const relative = later(() => new Intl.RelativeTimeFormat(language, { numeric: 'auto' }));
  const date = later(() => new Intl.DateTimeFormat(language, { dateStyle: 'medium' }));
  const day = later(() => new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' }));
  const dateTime = later(
    () => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }),
  );
  const timeOfDay = later(() => new Intl.DateTimeFormat(language, { timeStyle: 'medium' }));
  const number = later(() => new Intl.NumberFormat(language));
  return {
    // Up to three digits are the same everywhere.
    number: (value) =>
      Number.isInteger(value) && value >= 0 && value < 1000 ? `${value}` : number().format(value),
    octets(value) {
      const step = value < 1 ? 0 : Math.min(Math.floor(Math.log2(value) / 10), sizes.length - 1);
      const options = { style: 'unit', unit: sizes[step], maximumFractionDigits: 1 } as const;
      return new Intl.NumberFormat(language, options).format(value / 1024 ** step);
    },
    date: (value) => date().format(value),
    day: (value) => day().format(value),
    dateTime: (value) => dateTime().format(value),
    time: (value) => timeOfDay().format(value),
    relative(value, now) {
      const seconds = (value.getTime() - now.getTime()) / 1000;
      const [unit, length] = units.find(([, length]) => Math.abs(seconds) >= length) ?? [];
      return unit === undefined ? time.justNow : relative().format(Math.trunc(seconds / length), unit);
    },
    duration(seconds) {
      const [unit, length] = units.find(([, length]) => seconds >= length && seconds % length === 0) ?? [
        'second',
        1,
      ];
      const options = { style: 'unit', unit, unitDisplay: 'long' } as const;
      return new Intl.NumberFormat(language, options).format(seconds / length);
    },
  };
}
