import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { en, type Texts } from './en.ts';
import { createFormat } from './format.ts';
import { type Language, languages, TextsContext } from './use-texts.ts';

const KEY = 'signpost-language';

const catalogues: Record<Exclude<Language, 'en'>, () => Promise<Texts>> = {
  de: async () => (await import('./de.ts')).de,
};

function firstLanguage(): Language {
  const wanted = [localStorage.getItem(KEY), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return languages.find((one) => one === wanted.find((tag) => languages.some((l) => l === tag))) ?? 'en';
}

/** Gives all below it the texts of the language that the person chose, or that the browser asks for. English is there at once. */
export function TextsProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  const [loaded, setLoaded] = useState<{ language: Language; texts: Texts }>();
  useEffect(() => {
    document.documentElement.lang = language;
    if (language === 'en') return;
    let wanted = true;
    void catalogues[language]().then((texts) => wanted && setLoaded({ language, texts }));
    return () => {
      wanted = false;
    };
  }, [language]);
  const texts = language === 'en' ? en : loaded?.language === language ? loaded.texts : undefined;
  const value = useMemo(() => {
    if (!texts) return undefined;
    return {
      texts,
      language,
      format: createFormat(language, texts),
      choose(chosen: Language) {
        localStorage.setItem(KEY, chosen);
        setLanguage(chosen);
      },
    };
  }, [texts, language]);
  return value && <TextsContext value={value}>{children}</TextsContext>;
}
