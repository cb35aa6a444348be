import { Link } from '@tanstack/react-router';
import { useTexts } from '../texts/use-texts.ts';
import mark from '../signpost.svg';

export function Brand() {
  const { t } = useTexts();
  return (
    <Link to="/" className="brand">
      <img src={mark} width={26} height={26} alt="" />
      {t.name}
    </Link>
  );
}
