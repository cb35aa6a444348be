import { MantineThemeProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { useMemo } from 'react';
import { useTexts } from '../texts/use-texts.ts';

/** What is told at the edge of the page. It has a button that takes it away: screen readers are told what it is. */
export function Told() {
  const { t } = useTexts();
  const named = useMemo(
    () => ({
      components: {
        Notification: { defaultProps: { closeButtonProps: { 'aria-label': t.common.close } } },
      },
    }),
    [t],
  );
  return (
    <MantineThemeProvider theme={named}>
      <Notifications position="bottom-right" />
    </MantineThemeProvider>
  );
}
