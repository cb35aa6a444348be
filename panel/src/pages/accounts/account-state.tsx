import type { AccountEntry } from '../../api/queries.ts';
import { State } from '../../parts/state.tsx';
import { useTexts } from '../../texts/use-texts.ts';

/** Whether somebody gets in with it. */
export function AccountState({ account }: { account: AccountEntry }) {
  const { t } = useTexts();
  const { disabled, hasPassword, passkeys } = account;
  if (disabled) {
    return (
      <State tone="bad" size="xs">
        {t.accounts.disabled}
      </State>
    );
  }
  const waits = !hasPassword && passkeys === 0;
  return (
    <State tone={waits ? 'wait' : 'good'} size="xs">
      {waits ? t.accounts.waiting : t.accounts.active}
    </State>
  );
}
