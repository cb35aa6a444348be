/**
 * What the first-run page does, inside the page. The secret stands behind the #, which browsers send to nobody; it is traded only
 * when the person says so, as programs that look at links in advance would use it up.
 */
export const script = `
const at = (id) => document.getElementById(id);
const show = (...ids) => { for (const id of ['start', 'done']) at(id).hidden = !ids.includes(id); };
const complain = (text) => { at('problem').textContent = text; at('problem').hidden = text === ''; };
const secretOf = () => decodeURIComponent(location.hash.slice(1));
const incomplete = 'This address is not the whole link: what stands behind the # is missing. Open the link exactly as the box printed it when it started.';

function begin() {
  show('start');
  complain(secretOf() === '' ? incomplete : '');
  at('make').disabled = secretOf() === '';
}

async function trade() {
  at('make').disabled = true;
  complain('');
  try {
    const response = await fetch('/api/v1/setup', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ secret: secretOf() }),
    });
    const answer = await response.json();
    if (response.ok) finish(answer.secret);
    else complain(answer.detail);
  } catch {
    complain('The box does not answer. See that it runs and that this address still leads to it, then try again.');
  }
  at('make').disabled = false;
}

function finish(token) {
  history.replaceState(null, '', location.pathname);
  at('token').value = token;
  at('next').textContent = 'read -rs TOKEN\\ncurl -H "Authorization: Bearer $TOKEN" ' + location.origin + '/api/v1/box';
  show('done');
  at('token').focus();
  at('token').select();
}

async function copy() {
  at('token').select();
  try {
    await navigator.clipboard.writeText(at('token').value);
    at('copied').textContent = 'Copied.';
  } catch {
    at('copied').textContent = 'The browser does not let this page copy. The token is selected: press Ctrl+C, or hold it to copy.';
  }
}

at('make').addEventListener('click', trade);
at('copy').addEventListener('click', copy);
addEventListener('hashchange', () => { if (location.hash !== '') begin(); });
begin();
`;
