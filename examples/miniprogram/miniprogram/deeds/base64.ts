const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Takes numbers of `from` bits apart and puts them together as numbers of `to` bits. */
function regroup(numbers: number[], from: number, to: number): { whole: number[]; rest: number[] } {
  const whole: number[] = [];
  let held = 0;
  let bits = 0;
  for (const number of numbers) {
    held = ((held << from) | number) & 0xffff;
    bits += from;
    while (bits >= to) {
      bits -= to;
      whole.push((held >> bits) & ((1 << to) - 1));
    }
  }
  return { whole, rest: bits > 0 ? [(held << (to - bits)) & ((1 << to) - 1)] : [] };
}

/** base64url without padding, which the mini-program's engine lacks. */
export const base64 = {
  read: (text: string): number[] =>
    regroup([...text].map((letter) => ALPHABET.indexOf(letter)), 6, 8).whole,
  write: (bytes: number[]): string => {
    const { whole, rest } = regroup(bytes, 8, 6);
    return [...whole, ...rest].map((number) => ALPHABET[number]).join('');
  },
};
