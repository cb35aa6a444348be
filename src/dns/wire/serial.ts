/** Whether a serial comes after another one (RFC 1982 §3.2). Of two that are half of all numbers apart none does. */
export function isLaterSerial(serial: number, than: number): boolean {
  const ahead = (serial - than) >>> 0;
  return ahead > 0 && ahead < 0x8000_0000;
}
