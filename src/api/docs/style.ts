import { createHash } from 'node:crypto';

/** The one style sheet of the documentation, inside the page: the policy of the browser allows it by its hash and nothing else. */
export const style = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1c2430, #dde3ec); --soft: light-dark(#566173, #98a3b5);
  --back: light-dark(#ffffff, #12161d); --panel: light-dark(#f5f7fa, #1a2029); --line: light-dark(#dfe4eb, #2c3542);
  --accent: light-dark(#0b62c4, #78b4ff); --get: light-dark(#0b62c4, #78b4ff); --post: light-dark(#18733a, #6fd394);
  --put: light-dark(#8a5300, #efb45c); --patch: light-dark(#6d41b8, #c1a2ff); --delete: light-dark(#b3261e, #ff8d85);
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; color: var(--text); background: var(--back); }
a { color: var(--accent); text-underline-offset: .15em; }
code, pre { font: .875em/1.5 ui-monospace, 'SF Mono', 'DejaVu Sans Mono', monospace; }
.layout { display: grid; grid-template-columns: minmax(0, 1fr); max-width: 78rem; margin: 0 auto; padding: 0 1rem 4rem; }
nav { border-bottom: 1px solid var(--line); padding: .6rem 0; display: flex; flex-wrap: wrap; gap: 0 1.1rem; }
nav ul { display: none; list-style: none; margin: .2rem 0 .9rem; padding: 0; }
nav h2 { font-size: .9rem; margin: .3rem 0; border: 0; padding: 0; }
nav a { display: block; padding: .15rem 0; text-decoration: none; color: var(--text); font-size: .9rem; }
nav a:hover { color: var(--accent); }
h3 a { color: inherit; text-decoration: none; }
main { padding-top: 1.5rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.4rem; margin: 3rem 0 1rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.1rem; margin: 0; }
h4 { font-size: .9rem; margin: 1.2rem 0 .4rem; color: var(--soft); }
article { border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; margin: 0 0 1.25rem; }
article:target { border-color: var(--accent); }
article > :last-child { margin-bottom: 0; }
.call { margin: .5rem 0 .75rem; overflow-wrap: anywhere; }
.method { font-weight: 700; margin-right: .5rem; }
.get { color: var(--get); } .post { color: var(--post); } .put { color: var(--put); } .patch { color: var(--patch); } .delete { color: var(--delete); }
.soft { color: var(--soft); font-size: .9rem; }
.fields { margin: 0; border-top: 1px solid var(--line); }
.fields > div { display: grid; grid-template-columns: minmax(0, 1fr); padding: .45rem 0; border-bottom: 1px solid var(--line); }
.fields dt { overflow-wrap: anywhere; } .fields dd { margin: 0; font-size: .92rem; }
.type { color: var(--soft); font-size: .82rem; margin-left: .5rem; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: .4rem; padding: .75rem; margin: .4rem 0; overflow-x: auto; }
p code, li code, dd code { background: var(--panel); border-radius: .25rem; padding: .1em .3em; overflow-wrap: anywhere; }
details > summary { cursor: pointer; }
article details { margin-top: .8rem; } article summary { font-size: .9rem; color: var(--soft); font-weight: 600; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media (min-width: 60rem) {
  .layout { grid-template-columns: 15rem minmax(0, 1fr); gap: 3rem; padding: 0 2rem 4rem; }
  nav { position: sticky; top: 0; max-height: 100vh; overflow-y: auto; border: 0; padding: 1.75rem 0; display: block; }
  nav ul { display: block; } nav h2 { margin: .6rem 0 0; }
  main { padding-top: 1.75rem; } article { padding: 1.25rem 1.5rem; }
  .fields > div { grid-template-columns: 17rem minmax(0, 1fr); gap: 1rem; }
}
`;

export const styleHash = createHash('sha256').update(style).digest('base64');
