/** The style sheet of the first-run page, inside the page. */
export const style = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1c2430, #dde3ec); --soft: light-dark(#566173, #98a3b5);
  --back: light-dark(#f5f7fa, #12161d); --panel: light-dark(#ffffff, #1a2029); --line: light-dark(#dfe4eb, #2c3542);
  --accent: light-dark(#0b62c4, #78b4ff); --on-accent: light-dark(#ffffff, #0d1420); --bad: light-dark(#b3261e, #ff8d85);
}
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem; min-height: 100vh; display: grid; grid-template-columns: minmax(0, 1fr); align-items: center; font: 16px/1.55 system-ui, sans-serif; color: var(--text); background: var(--back); }
main { width: 100%; max-width: 38rem; margin: 0 auto; padding: 1.5rem; background: var(--panel); border: 1px solid var(--line); border-radius: .75rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; }
p { margin: 0 0 1rem; }
label { display: block; font-weight: 600; margin-bottom: .35rem; }
.soft { color: var(--soft); font-size: .9rem; }
.bad { color: var(--bad); margin: 1rem 0 0; }
section > :last-child { margin-bottom: 0; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; margin-bottom: .5rem; }
textarea { flex: 1 1 14rem; min-width: 0; height: 4.1rem; resize: none; word-break: break-all; padding: .6rem .7rem; color: inherit; background: var(--back); border: 1px solid var(--line); border-radius: .4rem; font: .9rem/1.4 ui-monospace, 'DejaVu Sans Mono', monospace; }
button { padding: .6rem 1.1rem; font: inherit; font-weight: 600; color: var(--on-accent); background: var(--accent); border: 0; border-radius: .4rem; cursor: pointer; }
button:disabled { opacity: .6; cursor: default; }
pre { margin: .25rem 0 1rem; padding: .75rem; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--back); border: 1px solid var(--line); border-radius: .4rem; font: .85rem/1.5 ui-monospace, 'DejaVu Sans Mono', monospace; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
[hidden] { display: none !important; }
`;
