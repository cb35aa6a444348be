import { MantineProvider, MantineThemeProvider } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { ConfirmDialog } from './parts/confirm-dialog.tsx';
import { nonce } from './nonce.ts';
import { client } from './query-client.ts';
import { router } from './router.tsx';
import { TextsProvider } from './texts/provider.tsx';
import { useTexts } from './texts/use-texts.ts';
import { theme, variables } from './theme.ts';

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={nonce}
    >
      <TextsProvider>
        <NamedButtons>
          <Notifications position="bottom-right" />
        </NamedButtons>
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
          <ConfirmDialog />
        </QueryClientProvider>
      </TextsProvider>
    </MantineProvider>
  );
}

/** What is told at the edge of the page has a button that takes it away: screen readers are told what it is. */
function NamedButtons({ children }: { children: ReactNode }) {
  const { t } = useTexts();
  const named = useMemo(
    () => ({
      components: {
        Notification: { defaultProps: { closeButtonProps: { 'aria-label': t.common.close } } },
      },
    }),
    [t],
  );
  return <MantineThemeProvider theme={named}>{children}</MantineThemeProvider>;
}
