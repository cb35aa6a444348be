import { useTexts } from '../texts/use-texts.ts';

/** What the box says, in the person's language; the words of others (a mail server's, an authority's) stay as they are. */
export function Said({ children }: { children: string }) {
  const { t, language } = useTexts();
  const text = t.said(children);
  return language !== 'en' && text === children ? <span lang="en">{text}</span> : text;
}
