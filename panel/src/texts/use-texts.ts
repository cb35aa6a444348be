import { createContext, use } from 'react';
import type { Texts } from './en.ts';
import type { Format } from './format.ts';

export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

interface TextsValue {
  texts: Texts;
  language: Language;
  format: Format;
  choose: (language: Language) => void;
}

export const TextsContext = createContext<TextsValue | undefined>(undefined);

/** The texts in the person's language, and how numbers and times are written in it. */
export function useTexts(): TextsValue & { t: Texts } {
  const value = use(TextsContext);
  if (!value) throw new Error('there are no texts outside of the provider');
  return { ...value, t: value.texts };
}
