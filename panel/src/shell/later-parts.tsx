import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { Palette } from './palette.tsx';
import { Told } from './told.tsx';

export function LaterParts() {
  return (
    <>
      <Palette />
      <ConfirmDialog />
      <Told />
    </>
  );
}
