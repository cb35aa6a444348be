import type { Route } from '../../src/api/docs/operation.ts';
import type { ApiUnderTest, Ask, TestAnswer } from './api.ts';

/** The cookie of a first owner, made by the secret of the first start: some routes are for people, and for no token. */
export async function ownerCookie(box: ApiUnderTest): Promise<string> {
  const secret = box.services.tokens.createSetupSecret();
  const body = { secret, name: 'owner', password: 'four words of nobody' };
  const { headers } = await box.ask('POST', '/api/v1/setup/owner', { token: null, body });
  return headers.get('set-cookie')!.split(';', 1)[0]!;
}

/** Asks as whoever may call the route: that owner, or the admin's token. */
export function askAs(
  box: ApiUnderTest,
  cookie: string,
  { method, operation }: Route,
  path: string,
  ask: Ask = {},
): Promise<TestAnswer> {
  const verb = method.toUpperCase();
  if (operation['x-need'] !== 'session') return box.ask(verb, path, ask);
  const headers = { 'Sec-Fetch-Site': 'same-origin', Cookie: cookie, ...ask.headers };
  return box.ask(verb, path, { ...ask, token: null, headers });
}
